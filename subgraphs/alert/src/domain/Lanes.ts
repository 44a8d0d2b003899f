/** A rule that is due. */
export interface DueRule {
  readonly workspaceId: string;
  readonly ruleId: string;
}

/** Rules of one workspace that one lane evaluates together. */
export interface DueBatch {
  readonly workspaceId: string;
  readonly ruleIds: readonly string[];
}

/**
 * Shares a process's lanes between workspaces: each has a quarter of them at most while others wait, and leaves a quarter free at any
 * time, so that whoever comes next need not wait for what takes long. A lane takes up to `most` rules of a workspace, then those of the
 * next one.
 */
export class Lanes {
  /** By workspace, in the order of their turns. */
  private readonly waiting = new Map<string, string[]>();
  private readonly known = new Set<string>();
  private readonly busy = new Map<string, number>();
  private readonly share: number;

  constructor(
    private readonly lanes: number,
    private readonly most: number,
  ) {
    this.share = Math.max(1, Math.floor(lanes / 4));
  }

  /** Puts rules behind those that wait; one that waits or is worked on is passed over. */
  add(due: readonly DueRule[]): void {
    for (const { workspaceId, ruleId } of due) {
      if (this.known.has(ruleId)) continue;
      this.known.add(ruleId);
      const rules = this.waiting.get(workspaceId);
      if (rules) rules.push(ruleId);
      else this.waiting.set(workspaceId, [ruleId]);
    }
  }

  /** The next rules that may be worked on; null when none may, now. Say `done` behind them. */
  next(): DueBatch | null {
    const most = this.waiting.size > 1 ? this.share : Math.max(1, this.lanes - this.share);
    for (const [workspaceId, rules] of this.waiting) {
      const taken = this.busy.get(workspaceId) ?? 0;
      if (taken >= most) continue;
      const ruleIds = rules.splice(0, this.most);
      // What is left has its next turn behind all others.
      this.waiting.delete(workspaceId);
      if (rules.length > 0) this.waiting.set(workspaceId, rules);
      this.busy.set(workspaceId, taken + 1);
      return { workspaceId, ruleIds };
    }
    return null;
  }

  done({ workspaceId, ruleIds }: DueBatch): void {
    for (const ruleId of ruleIds) this.known.delete(ruleId);
    const left = (this.busy.get(workspaceId) ?? 1) - 1;
    if (left === 0) this.busy.delete(workspaceId);
    else this.busy.set(workspaceId, left);
  }
}
