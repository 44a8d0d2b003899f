'use client';
import { useEffect, type ReactNode } from 'react';
import { useParameter } from '../host/navigation';
import { LiveProvider } from '../live/LiveProvider';
import { usePreferences } from '../preferences/preferences';
import { useSession, useSessionState } from '../session/SessionProvider';
import { Button } from '../ui/Button';
import { Shell } from './Shell';
import { SignIn } from './SignIn';
import { say } from '../words/say';

/** Lets whoever is signed in to the workspace of the address pass, and offers the others the way there. */
export function Gate({ children }: { readonly children: ReactNode }) {
  const session = useSession();
  const state = useSessionState();
  const wanted = useParameter('ws');
  const here =
    state.kind === 'in' ? state.session.workspaces.find(({ id }) => id === state.session.workspaceId)?.slug : undefined;

  useEffect(() => {
    if (state.kind !== 'in' || !here) return;
    const reach = state.session.workspaces.some(({ slug }) => slug === wanted);
    if (wanted === null || wanted === '') {
      // Every address names its workspace, so that it opens there wherever it is sent.
      const url = new URL(window.location.href);
      url.searchParams.set('ws', here);
      window.history.replaceState(window.history.state, '', url);
      usePreferences.getState().set({ workspace: here });
    } else if (wanted !== here && reach) void session.switchTo(wanted);
  }, [state, wanted, here, session]);

  if (state.kind === 'unknown') return <Waiting />;
  if (state.kind === 'out') return <SignIn reason={state.reason} />;
  if (state.kind === 'stranger')
    return <Stranger wanted={state.wanted} own={state.session.workspaces.map(({ slug }) => slug)} />;
  if (wanted && here && wanted !== here) {
    if (state.session.workspaces.some(({ slug }) => slug === wanted)) return <Waiting />;
    return <Stranger wanted={wanted} own={state.session.workspaces.map(({ slug }) => slug)} />;
  }
  return (
    <LiveProvider key={state.session.workspaceId}>
      <Shell>{children}</Shell>
    </LiveProvider>
  );
}

function Waiting() {
  return (
    <main className="grid min-h-screen place-items-center" aria-busy="true">
      <p role="status" className="text-sm text-faint">
        {say('Signing in …')}
      </p>
    </main>
  );
}

function Stranger({ wanted, own }: { readonly wanted: string; readonly own: readonly string[] }) {
  const session = useSession();
  return (
    <main className="mx-auto grid min-h-screen max-w-md place-content-center gap-4 px-6">
      <h1 className="text-xl font-semibold">{say('You do not belong to “{wanted}”', { wanted })}</h1>
      <p className="text-soft">
        {say(
          'The link is of a workspace that your account is no member of. Ask its owner for an invitation, or go on in your own.',
        )}
      </p>
      <div className="flex flex-wrap gap-2">
        {own.map((slug) => (
          <a
            key={slug}
            href={`/console?ws=${slug}`}
            className="rounded-md bg-accent px-3 py-1.5 text-sm font-medium text-accent-ink"
          >
            {say('Open {slug}', { slug })}
          </a>
        ))}
        <Button onClick={() => void session.signOut()}>{say('Sign out')}</Button>
      </div>
    </main>
  );
}
