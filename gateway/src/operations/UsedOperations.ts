import type { CommandClient } from '@tributary/commands';
import { noteOperationsUsedCommand } from '@tributary/contracts/commands';
import { systemPrincipal } from '@tributary/contracts/principal';
import { Deadline, Repeating } from '@tributary/kernel';
import type { Logger } from '@tributary/observability';

interface UsedOperationsOptions {
  readonly commands: CommandClient;
  readonly logger: Logger;
  /** How often the subgraph is told. Default 60,000 ms. */
  readonly everyMs?: number;
}

/** What one telling of a workspace holds, and what is remembered of all workspaces between two: more is not noted. */
const [mostTold, mostNoted] = [500, 50_000];
/** A longer id is a manifest's own idea. */
const longestId = 128;
const tellMs = 5_000;

/**
 * Which stored operations each workspace ran since that was last told. Running one costs a look into a map; the subgraph is told once a
 * minute. What it cannot be told of is lost: that somebody used an operation is worth knowing, and not worth waiting for.
 */
export class UsedOperations implements AsyncDisposable {
  private used = new Map<string, Map<string, number>>();
  private noted = 0;
  private readonly telling: Repeating;

  constructor(private readonly options: UsedOperationsOptions) {
    this.telling = new Repeating({
      everyMs: options.everyMs ?? 60_000,
      work: () => this.tell(),
      onFault: (err) => options.logger.warn({ err }, 'the use of stored operations could not be noted'),
    }).start();
  }

  note(workspaceId: string, documentId: string): void {
    if (documentId.length > longestId) return;
    const ofWorkspace = this.used.get(workspaceId) ?? new Map<string, number>();
    if (!ofWorkspace.has(documentId)) {
      if (this.noted >= mostNoted || ofWorkspace.size >= mostTold) return;
      this.noted += 1;
    }
    this.used.set(workspaceId, ofWorkspace.set(documentId, Date.now()));
  }

  /** Tells of all that was run since the last time. Throws what the subgraph does not take; the workspaces behind it are told of still. */
  async tell(): Promise<void> {
    const told = this.used;
    this.used = new Map();
    this.noted = 0;
    const faults: unknown[] = [];
    for (const [workspaceId, operations] of told) {
      const input = {
        operations: [...operations].map(([documentId, at]) => ({ documentId, at: new Date(at).toISOString() })),
      };
      const context = {
        principal: systemPrincipal(workspaceId, 'gateway'),
        requestId: 'stored-operations',
        deadline: Deadline.in(tellMs),
      };
      await this.options.commands
        .call(noteOperationsUsedCommand, input, context)
        .catch((error: unknown) => faults.push(error));
    }
    if (faults.length > 0) throw faults[0];
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.telling.stop();
    await this.telling.now();
  }
}
