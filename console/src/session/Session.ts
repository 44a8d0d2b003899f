import { Refusal, refusalOf, unreachable } from './Refusal';
import { say } from '../words/say';

export interface SessionWorkspace {
  readonly id: string;
  readonly slug: string;
  readonly name: string;
}

export interface SignedIn {
  readonly accessToken: string;
  /** In ms since 1970. */
  readonly expiresAt: number;
  readonly workspaceId: string;
  readonly workspaces: readonly SessionWorkspace[];
}

export type SessionState =
  | { readonly kind: 'unknown' }
  | { readonly kind: 'out'; readonly reason: string | null }
  | { readonly kind: 'stranger'; readonly wanted: string; readonly session: SignedIn }
  | { readonly kind: 'in'; readonly session: SignedIn };

const renewBeforeMs = 60_000;

/**
 * Who is signed in, in this tab. The access token is in memory only, and always of the workspace that the tab shows: the cookie belongs to
 * all tabs, so each asks for its own.
 */
export class Session {
  private current: SessionState = { kind: 'unknown' };
  private readonly listeners = new Set<() => void>();
  private renewing: Promise<void> | null = null;
  private readonly channel = typeof BroadcastChannel === 'undefined' ? null : new BroadcastChannel('tributary');

  constructor(
    /** The slug in this tab's address; null: none. */
    private readonly wanted: () => string | null,
  ) {
    if (this.channel) {
      this.channel.onmessage = ({ data }: MessageEvent<unknown>) => {
        if (data === 'signed-out') this.become({ kind: 'out', reason: say('You signed out in another tab.') });
        else if (data === 'signed-in' && this.current.kind === 'out') void this.restore();
      };
    }
  }

  get state(): SessionState {
    return this.current;
  }

  subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  snapshot = (): SessionState => this.current;

  /** On load: whoever has a session in this browser need not sign in again. */
  async restore(): Promise<void> {
    const slug = this.wanted();
    try {
      const session = await post('/auth/refresh', slug ? { workspace: slug } : {});
      this.become(session ? { kind: 'in', session } : { kind: 'out', reason: null });
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      if (error.code === 'RESOURCE_NOT_FOUND' && slug) {
        const session = await post('/auth/refresh', {}).catch(() => null);
        this.become(session ? { kind: 'stranger', wanted: slug, session } : { kind: 'out', reason: null });
      } else if (error.code === 'NETWORK') {
        setTimeout(() => void this.restore(), 2_000);
      } else {
        this.become({ kind: 'out', reason: error.code === 'INVALID_CREDENTIALS' ? null : error.message });
      }
    }
  }

  /** Throws a Refusal. */
  async signIn(email: string, password: string): Promise<void> {
    const slug = this.wanted();
    const signedIn = (workspace: string | null) => post('/auth/login', { email, password, workspace });
    const session = await signedIn(slug).catch((error: unknown) => {
      // The address names a workspace that is not theirs, but they are who they say.
      if (slug && error instanceof Refusal && ['RESOURCE_NOT_FOUND', 'INSUFFICIENT_PERMISSIONS'].includes(error.code))
        return signedIn(null);
      throw error;
    });
    if (!session) throw new Refusal('UNKNOWN', say('The gateway gave no session.'), null);
    const belongs = !slug || session.workspaces.some((workspace) => workspace.slug === slug);
    this.become(belongs ? { kind: 'in', session } : { kind: 'stranger', wanted: slug, session });
    this.channel?.postMessage('signed-in');
  }

  /** For this tab alone. Throws a Refusal. */
  async switchTo(slug: string): Promise<void> {
    const session = await post('/auth/refresh', { workspace: slug });
    this.become(session ? { kind: 'in', session } : { kind: 'out', reason: say('Your session has ended.') });
  }

  async signOut(): Promise<void> {
    await post('/auth/logout', {}).catch(() => null);
    this.channel?.postMessage('signed-out');
    this.become({ kind: 'out', reason: null });
  }

  /** The session is over: somebody ended it elsewhere. */
  ended(reason: string): void {
    if (this.current.kind === 'in') this.become({ kind: 'out', reason });
  }

  /** A token that is good for a while yet; null when nobody is signed in. Many callers at once renew once. */
  async token(): Promise<string | null> {
    if (this.current.kind !== 'in') return null;
    if (this.current.session.expiresAt - Date.now() < renewBeforeMs) await this.renew();
    return this.state.kind === 'in' ? this.state.session.accessToken : null;
  }

  /** Throws a Refusal with NETWORK when the gateway is not there; a session that is over ends here. */
  renew(): Promise<void> {
    this.renewing ??= this.renewOnce().finally(() => (this.renewing = null));
    return this.renewing;
  }

  private async renewOnce(): Promise<void> {
    if (this.current.kind !== 'in') return;
    const { workspaceId } = this.current.session;
    try {
      const session = await post('/auth/refresh', { workspace: workspaceId });
      if (!session) return this.ended(say('Your session has ended.'));
      // A token of another workspace is never put to use.
      if (session.workspaceId !== workspaceId) return this.ended(say('Your session belongs to another workspace now.'));
      this.become({ kind: 'in', session });
    } catch (error) {
      if (error instanceof Refusal && error.code !== 'NETWORK' && error.code !== 'SERVICE_UNAVAILABLE')
        return this.ended(error.message);
      throw error;
    }
  }

  private become(next: SessionState): void {
    this.current = next;
    for (const listener of this.listeners) listener();
  }
}

/** Null: there is no session. */
async function post(path: string, body: unknown): Promise<SignedIn | null> {
  let response: Response;
  try {
    response = await fetch(path, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
  } catch {
    throw unreachable();
  }
  if (response.status === 204) return null;
  const answer = (await response.json().catch(() => ({}))) as {
    errors?: Parameters<typeof refusalOf>[0][];
  } & Omit<SignedIn, 'expiresAt'> & { expiresInSeconds: number };
  if (!response.ok) throw refusalOf(answer.errors?.[0], response.headers.get('x-request-id'));
  const { accessToken, expiresInSeconds, workspaceId, workspaces } = answer;
  return { accessToken, workspaceId, workspaces, expiresAt: Date.now() + expiresInSeconds * 1_000 };
}
