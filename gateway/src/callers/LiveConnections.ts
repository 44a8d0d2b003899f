import { CodedError } from '@tributary/contracts/errors';
import { type Principal } from '@tributary/contracts/principal';
import { Repeating } from '@tributary/kernel';
import type { Logger } from '@tributary/observability';
import { identifyCaller, type Credentials, type IdentityService } from './identity.js';
import type { Authority } from './Authority.js';

/** What stays open for long on somebody's behalf: a socket, or a stream over HTTP. */
export interface LiveConnection {
  readonly credentials: Credentials;
  readonly principal: Principal;
  readonly authority: Authority;
  /** Called when the credentials have ceased to hold. */
  end(refusal: CodedError): void;
}

export interface LiveConnectionsOptions {
  readonly identity: IdentityService;
  readonly logger: Logger;
  /** At once, of one person or key, and of one workspace; in this process. */
  readonly perPerson: number;
  readonly perWorkspace: number;
}

/** How often it is looked whether what was heard of revocations stands against a connection: it costs two look-ups. */
const lookMs = 500;

/** How often the identity service is asked as if the credentials had come just now. */
const askMs = 1_500;

/** All long-lived connections: how many there are of whom, and whether they may stay, on every protocol alike. */
export class LiveConnections {
  private readonly open = new Set<LiveConnection>();
  private readonly counts = new Map<string, number>();
  private readonly polls: readonly Repeating[];

  constructor(private readonly options: LiveConnectionsOptions) {
    const onFault = (err: unknown) => options.logger.error({ err }, 'looking after open connections failed');
    // Apart from each other: an identity service that is slow to answer must not hold up what is known already.
    this.polls = [
      new Repeating({ everyMs: lookMs, work: () => this.look(), onFault }).start(),
      new Repeating({ everyMs: askMs, work: () => this.askAgain(), onFault }).start(),
    ];
  }

  /** Answers what to call when it has gone. Throws QUOTA_EXCEEDED. */
  enter(connection: LiveConnection): () => void {
    const { principal } = connection;
    const person = `${principal.workspaceId}/${principal.actor.kind}/${actorId(principal)}`;
    this.refuseOver(person, this.options.perPerson, 'socketsPerPerson', 'A person or key');
    this.refuseOver(principal.workspaceId, this.options.perWorkspace, 'socketsPerWorkspace', 'A workspace');
    this.open.add(connection);
    this.count(person, 1);
    this.count(principal.workspaceId, 1);
    return () => {
      if (!this.open.delete(connection)) return;
      this.count(person, -1);
      this.count(principal.workspaceId, -1);
    };
  }

  close(): void {
    for (const poll of this.polls) void poll.stop();
  }

  private refuseOver(whose: string, most: number, limit: string, whoseInWords: string): void {
    if ((this.counts.get(whose) ?? 0) < most) return;
    throw new CodedError(
      'QUOTA_EXCEEDED',
      `${whoseInWords} may have ${most} sockets and event streams at once. Close some, or watch more over one socket.`,
      { limit, most },
    );
  }

  private count(whose: string, change: number): void {
    const now = (this.counts.get(whose) ?? 0) + change;
    if (now === 0) this.counts.delete(whose);
    else this.counts.set(whose, now);
  }

  private look(): Promise<void> {
    for (const connection of [...this.open]) {
      const refusal = connection.authority.refusal();
      if (refusal) connection.end(refusal);
    }
    return Promise.resolve();
  }

  private byCredentials(): Iterable<readonly [Credentials, readonly LiveConnection[]]> {
    const found = new Map<string | undefined, [Credentials, LiveConnection[]]>();
    for (const connection of this.open) {
      const { credentials } = connection;
      // What is there already: thousands of keys made anew at each look would cost more than the events do.
      const key = credentials.authorization ?? credentials.apiKey;
      const same = found.get(key);
      if (same) same[1].push(connection);
      else found.set(key, [credentials, [connection]]);
    }
    return found.values();
  }

  /** Connections with the same credentials are asked for once. */
  private async askAgain(): Promise<void> {
    for (const [shown, connections] of this.byCredentials()) {
      const { refusal } = await identifyCaller(this.options.identity, shown);
      // Whoever cannot be asked just now is not taken for one who said no.
      if (!refusal || refusal.code === 'SERVICE_UNAVAILABLE') continue;
      for (const connection of connections)
        if (this.open.has(connection) && isSame(connection.credentials, shown)) connection.end(refusal);
    }
  }
}

function isSame(one: Credentials, other: Credentials): boolean {
  return one.authorization === other.authorization && one.apiKey === other.apiKey;
}

function actorId({ actor }: Principal): string {
  return actor.kind === 'system' ? actor.part : actor.id;
}
