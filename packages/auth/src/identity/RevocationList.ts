import type { Revocation } from '@tributary/contracts/commands';
import type { SuspendedWorkspaces } from '@tributary/contracts/commands';

/** How long a revocation matters: no access token lives longer. */
const memoryMs = 75 * 60_000;

/** What access tokens and cached keys must no longer be worth, as far as this process has heard. */
export class RevocationList {
  private readonly sessions = new Map<string, number>();
  private readonly users = new Map<string, number>();
  private readonly keys = new Map<string, number>();
  private readonly rolls = new Map<string, { readonly at: number; readonly heardAt: number }>();
  private suspended: ReadonlySet<string> = new Set();
  private digest: string | null = null;
  private heard = 0;

  /** Another number whenever something was heard: as long as it stays, whatever was not objected to is not now. */
  get version(): number {
    return this.heard;
  }

  /** Adds what was revoked. The same one may come again. */
  add(revocations: readonly Revocation[]): void {
    this.heard += revocations.length;
    for (const { kind, workspaceId, subject, at } of revocations) {
      const key = `${workspaceId}/${subject}`;
      if (kind === 'apiKeySecret') {
        if (Date.parse(at) > (this.rolls.get(key)?.at ?? 0))
          this.rolls.set(key, { at: Date.parse(at), heardAt: performance.now() });
        continue;
      }
      const list = kind === 'session' ? this.sessions : kind === 'user' ? this.users : this.keys;
      const place = kind === 'session' ? subject : key;
      list.set(place, Math.max(Date.parse(at), list.get(place) ?? 0));
    }
  }

  /** Which list of suspended workspaces this is; null before the first. */
  get suspendedDigest(): string | null {
    return this.digest;
  }

  /** Takes the place of the list before. */
  setSuspended(suspended: SuspendedWorkspaces): void {
    this.heard += 1;
    this.digest = suspended.digest;
    this.suspended = new Set(suspended.workspaceIds);
  }

  isSuspended(workspaceId: string): boolean {
    return this.suspended.has(workspaceId);
  }

  /** Forgets what every token has outlived. */
  prune(now = Date.now()): void {
    for (const list of [this.sessions, this.users]) {
      for (const [key, at] of list) if (at < now - memoryMs) list.delete(key);
    }
  }

  /** Whichever workspace the token is for: a session of one may have tokens for others of the same person. */
  hasSession(sessionId: string): boolean {
    return this.sessions.has(sessionId);
  }

  /** Whether the person's role changed after a token was issued. */
  isOutdated(workspaceId: string, userId: string, issuedAt: Date): boolean {
    const at = this.users.get(`${workspaceId}/${userId}`);
    return at !== undefined && at >= issuedAt.getTime();
  }

  hasKey(workspaceId: string, keyId: string): boolean {
    return this.keys.has(`${workspaceId}/${keyId}`);
  }

  /**
   * Whether this process has heard since that the key's secret was rolled. `since` is `performance.now()` of when the key was asked for:
   * no other clock takes part, and who was asked before the roll cannot have been asked after it was heard of.
   */
  isRolled(workspaceId: string, keyId: string, since: number): boolean {
    const roll = this.rolls.get(`${workspaceId}/${keyId}`);
    return roll !== undefined && roll.heardAt >= since;
  }
}
