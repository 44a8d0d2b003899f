'use client';
import { lazy, Suspense, useEffect, useMemo, useState, type ReactNode } from 'react';
import { Viewer } from '../graph/generated/operations';
import { useGraph } from '../graph/useGraph';
import { useGo, useRoute } from '../host/navigation';
import { Query } from '../parts/Query';
import { ViewerContext } from '../session/Permissions';
import { Button } from '../ui/Button';
import { say } from '../words/say';
import { AccountMenu } from './AccountMenu';
import { LiveDot } from './LiveDot';
import { Navigation } from './Navigation';
import { WorkspaceMenu } from './WorkspaceMenu';

const CommandMenu = lazy(async () => ({ default: (await import('./CommandMenu')).CommandMenu }));

/** What surrounds every page of whoever is signed in. */
export function Shell({ children }: { readonly children: ReactNode }) {
  const query = useGraph(Viewer, {}, { refetchInterval: 60_000 });
  const route = useRoute();
  const go = useGo();
  const [open, setOpen] = useState(false);
  const [commands, setCommands] = useState(false);
  useEffect(() => setOpen(false), [route]);
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      const typing = event.target instanceof HTMLElement && /^(INPUT|TEXTAREA|SELECT)$/.test(event.target.tagName);
      if ((event.metaKey || event.ctrlKey) && event.key === 'k') {
        event.preventDefault();
        setCommands((was) => !was);
      } else if (!typing && event.key === '?') setCommands(true);
      else if (!typing && event.key === 'n' && !event.metaKey && !event.ctrlKey && !event.altKey) go('discover');
    };
    window.addEventListener('keydown', onKey);
    return () => window.removeEventListener('keydown', onKey);
  }, [go]);

  const facts = useMemo(() => {
    const viewer = query.data?.viewer;
    if (!viewer) return null;
    return {
      role: viewer.role,
      permissions: new Set(viewer.permissions),
      displayName: viewer.user?.displayName ?? '',
      email: viewer.user?.email ?? '',
      userId: viewer.user?.id ?? null,
    };
  }, [query.data]);

  return (
    <div className="flex min-h-screen">
      <a
        href="#content"
        className="sr-only focus:not-sr-only focus:fixed focus:top-2 focus:left-2 focus:z-50 focus:rounded-md focus:bg-accent focus:px-3 focus:py-1.5 focus:text-accent-ink"
      >
        {say('Skip to content')}
      </a>
      <aside
        className={`fixed inset-y-0 left-0 z-30 w-60 shrink-0 flex-col border-r border-line bg-surface md:sticky md:top-0 md:flex md:h-screen ${open ? 'flex shadow-xl' : 'hidden'}`}
      >
        <WorkspaceMenu />
        <Navigation permissions={facts?.permissions ?? new Set()} />
        <div className="mt-auto border-t border-line p-2">
          {facts && <AccountMenu name={facts.displayName} email={facts.email} role={facts.role} />}
        </div>
      </aside>
      {open && (
        <button
          type="button"
          aria-label={say('Close the menu')}
          className="fixed inset-0 z-20 bg-black/30 md:hidden"
          onClick={() => setOpen(false)}
        />
      )}
      <div className="flex min-w-0 flex-1 flex-col">
        <div className="sticky top-0 z-10 flex h-12 items-center gap-2 border-b border-line bg-canvas/95 px-4">
          <Button
            variant="ghost"
            size="icon"
            icon="menu"
            aria-label={say('Menu')}
            className="md:hidden"
            onClick={() => setOpen(true)}
          />
          <button
            type="button"
            onClick={() => setCommands(true)}
            className="flex h-8 min-w-0 flex-1 items-center gap-2 rounded-md border border-line-strong bg-surface px-2.5 text-left text-sm text-faint md:max-w-xs"
          >
            <span className="truncate">{say('Search')} …</span>
            <kbd className="ml-auto hidden rounded border border-line px-1 font-sans text-xs md:inline">Ctrl K</kbd>
          </button>
          <div className="ml-auto flex items-center gap-2">
            <LiveDot />
            {facts?.permissions.has('flow.start') && (
              <Button variant="primary" icon="plus" aria-label={say('New discovery')} onClick={() => go('discover')}>
                <span className="hidden sm:inline">{say('New discovery')}</span>
              </Button>
            )}
          </div>
        </div>
        <main
          id="content"
          tabIndex={-1}
          className="mx-auto w-full max-w-[1500px] min-w-0 flex-1 p-4 outline-none md:p-6"
        >
          <Query query={query}>{() => facts && <ViewerContext value={facts}>{children}</ViewerContext>}</Query>
        </main>
      </div>
      {commands && (
        <Suspense>
          <CommandMenu onClose={() => setCommands(false)} />
        </Suspense>
      )}
    </div>
  );
}
