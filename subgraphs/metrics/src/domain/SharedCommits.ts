interface Waiting<Call, Outcome> {
  readonly call: Call;
  readonly resolve: (outcome: Outcome) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Lets calls of one workspace share a commit: those that come while another is on its way wait for it, and then go together. Whoever
 * comes alone waits for nobody. Each is answered when what it brought is committed.
 */
export class SharedCommits<Call extends { readonly size: number }, Outcome> {
  /** Workspaces with a commit on its way, with who waits for its end. */
  private readonly busy = new Map<string, Waiting<Call, Outcome>[]>();

  /** `commit` answers the outcome of each call in order; calls of one commit add up to `mostSize`, or are a single one. */
  constructor(
    private readonly mostSize: number,
    private readonly commit: (workspaceId: string, calls: readonly Call[]) => Promise<readonly Outcome[]>,
  ) {}

  run(workspaceId: string, call: Call): Promise<Outcome> {
    return new Promise((resolve, reject) => {
      const waiting = this.busy.get(workspaceId);
      if (waiting) waiting.push({ call, resolve, reject });
      else void this.work(workspaceId, { call, resolve, reject });
    });
  }

  private async work(workspaceId: string, first: Waiting<Call, Outcome>): Promise<void> {
    const waiting = [first];
    this.busy.set(workspaceId, waiting);
    while (waiting.length > 0) await this.settle(workspaceId, waiting.splice(0, this.fitting(waiting)));
    this.busy.delete(workspaceId);
  }

  private fitting(waiting: readonly Waiting<Call, Outcome>[]): number {
    let [number, size] = [0, 0];
    for (const { call } of waiting) {
      size += call.size;
      if (number > 0 && size > this.mostSize) break;
      number += 1;
    }
    return number;
  }

  /** What fails together is tried each by itself, so that nobody fails for another's sake. */
  private async settle(workspaceId: string, together: readonly Waiting<Call, Outcome>[]): Promise<void> {
    const calls = together.map(({ call }) => call);
    try {
      const outcomes = await this.commit(workspaceId, calls);
      together.forEach(({ resolve }, index) => resolve(outcomes[index]!));
    } catch (error) {
      if (together.length === 1) together[0]!.reject(error);
      else await Promise.all(together.map((each) => this.settle(workspaceId, [each])));
    }
  }
}
