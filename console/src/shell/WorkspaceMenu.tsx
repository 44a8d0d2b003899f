'use client';
import { useGo } from '../host/navigation';
import { useSignedIn } from '../session/SessionProvider';
import { Icon } from '../ui/Icon';
import { Menu, MenuCheck, MenuLabel } from '../ui/Menu';
import { Mark } from './Mark';
import { say } from '../words/say';

/** Which workspace this tab is in, and the others that it may go to; other tabs stay where they are. */
export function WorkspaceMenu() {
  const { workspaceId, workspaces } = useSignedIn();
  const go = useGo();
  const current = workspaces.find(({ id }) => id === workspaceId);
  return (
    <div className="flex h-12 items-center border-b border-line px-2">
      <Menu
        align="start"
        trigger={
          <button
            type="button"
            className="flex w-full items-center gap-1.5 rounded-md px-1.5 py-1.5 text-left hover:bg-sunken"
          >
            <Mark className="size-5" />
            <span
              className="line-clamp-2 min-w-0 flex-1 text-[13px] leading-tight font-semibold break-words"
              title={current?.name}
            >
              {current?.name ?? 'Tributary'}
            </span>
            <Icon name="chevronDown" className="size-3.5 text-faint" label={say('Choose a workspace')} />
          </button>
        }
      >
        <MenuLabel>{say('Workspaces')}</MenuLabel>
        {workspaces.map(({ id, slug, name }) => (
          <MenuCheck key={id} checked={id === workspaceId} onChange={() => go('home', { ws: slug })}>
            {name}
          </MenuCheck>
        ))}
      </Menu>
    </div>
  );
}
