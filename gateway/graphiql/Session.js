const storageKey = 'tributary:session';
const refreshEarlyMs = 60_000;

/**
 * Who is signed in on this page. The access token is kept for this tab only; the refresh token is in a cookie that no
 * script can read.
 */
export class Session {
  #listeners = new Set();
  #state = readStored();
  #refreshing = null;
  /** The console’s pages, and other tabs: one sign-in serves all, and so does one end of it. */
  #channel = new BroadcastChannel('tributary');

  constructor() {
    this.#channel.onmessage = ({ data }) => {
      if (data === 'signed-out') this.#set(null);
      else if (data === 'signed-in' && this.#state === null) void this.restore();
    };
  }

  /** `{ email, accessToken, expiresAt, workspaceId, workspaces }`, or null. */
  get current() {
    return this.#state;
  }

  subscribe = (listener) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  snapshot = () => this.#state;

  /**
   * On load: whoever has a session in this browser need not sign in again, and what this tab remembers is over when it was ended in
   * another. Answers whether there is one.
   */
  async restore() {
    await this.refresh().catch(() => undefined);
    return this.#state !== null;
  }

  async signIn(email, password) {
    this.#set({ email, ...(await post('/auth/login', { email, password })) });
    this.#channel.postMessage('signed-in');
  }

  async switchTo(workspace) {
    this.#set({ email: this.#state.email, ...(await post('/auth/switch', { workspace })) });
  }

  async signOut() {
    this.#set(null);
    await post('/auth/logout', {}).catch(() => undefined);
    this.#channel.postMessage('signed-out');
  }

  /** A token that is good for a while yet; null when nobody is signed in. */
  async token() {
    if (!this.#state) return null;
    if (this.#state.expiresAt - Date.now() < refreshEarlyMs) await this.refresh();
    return this.#state?.accessToken ?? null;
  }

  /** Many callers at once refresh once. */
  refresh() {
    this.#refreshing ??= this.#refresh().finally(() => {
      this.#refreshing = null;
    });
    return this.#refreshing;
  }

  async #refresh() {
    const known = this.#state;
    try {
      // For the workspace of this tab, whatever another one has switched to meanwhile.
      const session = await post('/auth/refresh', known ? { workspace: known.workspaceId } : {});
      // Another tab may have signed another person in.
      const isSame = known && session && personOf(known) === personOf(session);
      this.#set(session && { email: isSame ? known.email : await emailOf(session), ...session });
    } catch (error) {
      if (error.status !== undefined && error.status < 500 && error.status !== 429) this.#set(null);
      else throw error;
    }
  }

  #set(state) {
    this.#state = state;
    if (state) sessionStorage.setItem(storageKey, JSON.stringify(state));
    else sessionStorage.removeItem(storageKey);
    for (const listener of this.#listeners) listener();
  }
}

function readStored() {
  try {
    return JSON.parse(sessionStorage.getItem(storageKey));
  } catch {
    return null;
  }
}

/** Whose an access token is. */
function personOf({ accessToken }) {
  const claims = accessToken.split('.')[1] ?? '';
  try {
    return JSON.parse(atob(claims.replaceAll('-', '+').replaceAll('_', '/'))).sub;
  } catch {
    return accessToken;
  }
}

/** A session that was there before this page does not say whose it is. */
async function emailOf({ accessToken }) {
  const response = await fetch('/graphql', {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${accessToken}` },
    body: JSON.stringify({ query: '{ viewer { user { email } } }' }),
  });
  const answer = await response.json().catch(() => null);
  return answer?.data?.viewer?.user?.email ?? '';
}

async function post(path, body) {
  const response = await fetch(path, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  if (response.status === 204) return null;
  const answer = await response.json().catch(() => ({}));
  if (!response.ok)
    throw Object.assign(new Error(answer.errors?.[0]?.message ?? `The gateway answered ${response.status}.`), {
      status: response.status,
    });
  const { accessToken, expiresInSeconds, workspaceId, workspaces } = answer;
  return { accessToken, workspaceId, workspaces, expiresAt: Date.now() + expiresInSeconds * 1000 };
}
