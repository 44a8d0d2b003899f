'use client';
import { useMemo, useState, type KeyboardEvent } from 'react';
import { Assets, Flows } from '../graph/generated/operations';
import { useGraph } from '../graph/useGraph';
import { useGo } from '../host/navigation';
import type { Route, Search } from '../host/routes';
import { useViewerPermissions } from './useViewerPermissions';
import { classes } from '../ui/classes';
import { Dialog } from '../ui/Dialog';
import { Icon, type IconName } from '../ui/Icon';
import { label } from '../words/format';
import { say } from '../words/say';
import { placeGroups } from './places';

interface Choice {
  readonly key: string;
  readonly icon: IconName;
  readonly text: string;
  readonly aside?: string;
  readonly to: Route;
  readonly search?: Search;
}

/** Ctrl K: any page, asset or flow by a few letters of its name. */
export function CommandMenu({ onClose }: { readonly onClose: () => void }) {
  const [text, setText] = useState('');
  const [chosen, setChosen] = useState(0);
  const go = useGo();
  const permissions = useViewerPermissions();
  const wanted = text.trim().toLowerCase();
  const assets = useGraph(
    Assets,
    { filter: { search: wanted }, orderBy: 'NAME_ASC' },
    { enabled: wanted.length > 1 && permissions.has('asset.read') },
  );
  const flows = useGraph(Flows, { first: 50 }, { enabled: permissions.has('flow.read') });

  const choices = useMemo<readonly Choice[]>(() => {
    const pages = placeGroups
      .flatMap(({ places }) => places)
      .filter(
        ({ needs, word }) => (needs === null || permissions.has(needs)) && say(word).toLowerCase().includes(wanted),
      )
      .map(({ route, icon, word }): Choice => ({ key: route, icon, text: say(word), to: route }));
    const found = wanted.length > 1 ? (assets.data?.assets?.nodes ?? []).slice(0, 8) : [];
    const named =
      wanted.length > 1
        ? (flows.data?.flows?.nodes ?? []).filter(({ name }) => name.toLowerCase().includes(wanted)).slice(0, 6)
        : [];
    return [
      ...pages,
      ...named.map(({ id, name, status }): Choice => ({
        key: id,
        icon: 'workflow',
        text: name,
        aside: label(status),
        to: 'flow',
        search: { id },
      })),
      ...found.map(({ id, name, kind }): Choice => ({
        key: id,
        icon: 'boxes',
        text: name,
        aside: label(kind),
        to: 'asset',
        search: { id },
      })),
    ];
  }, [assets.data, flows.data, permissions, wanted]);

  const open = (choice: Choice | undefined) => {
    if (!choice) return;
    onClose();
    go(choice.to, choice.search);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
      event.preventDefault();
      const step = event.key === 'ArrowDown' ? 1 : -1;
      setChosen((was) => (was + step + choices.length) % Math.max(1, choices.length));
    } else if (event.key === 'Enter') {
      event.preventDefault();
      open(choices[chosen]);
    }
  };
  return (
    <Dialog open onClose={onClose} title={say('Go to …')}>
      <input
        role="combobox"
        aria-expanded="true"
        aria-controls="choices"
        aria-activedescendant={choices[chosen] ? `choice-${choices[chosen].key}` : undefined}
        aria-label={say('Page, flow or asset')}
        autoFocus
        value={text}
        placeholder={say('A page, a flow, an asset')}
        onChange={(event) => {
          setText(event.target.value);
          setChosen(0);
        }}
        onKeyDown={onKeyDown}
        className="h-10 w-full rounded-md border border-line-strong bg-surface px-3"
      />
      <ul id="choices" role="listbox" aria-label={say('Found')} className="mt-2 max-h-80 overflow-y-auto">
        {choices.map((choice, index) => (
          <li
            key={choice.key}
            id={`choice-${choice.key}`}
            role="option"
            aria-selected={index === chosen}
            onClick={() => open(choice)}
            onMouseMove={() => setChosen(index)}
            className={classes(
              'flex cursor-pointer items-center gap-2.5 rounded-md px-2.5 py-2 text-sm',
              index === chosen && 'bg-sunken',
            )}
          >
            <Icon name={choice.icon} className="text-faint" />
            <span className="min-w-0 flex-1 truncate">{choice.text}</span>
            {choice.aside && <span className="text-xs text-faint">{choice.aside}</span>}
          </li>
        ))}
      </ul>
      <p className="mt-3 border-t border-line pt-3 text-xs text-faint">
        {say(
          'Ctrl K opens this · n: new discovery · in lists ↑ ↓ walk, Enter opens · in alerts a acknowledges, r resolves · ? shows this',
        )}
      </p>
    </Dialog>
  );
}
