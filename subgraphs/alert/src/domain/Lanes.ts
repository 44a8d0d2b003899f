/** A rule that is due. */
export interface DueRule {
  readonly workspaceId: string;
  readonly ruleId: string;
}

/**
 * Shares a process's lanes between workspaces: each has a quarter of them at most while others wait, and leaves a quarter free at any
 * time, so that whoever comes next need not wait for what takes long.
 */
export class Lanes {
  private readonly waiting: DueRule[] = [];
  private readonly known = new Set<string>();
  private readonly busy = new Map<string, number>();
  private readonly share: number;

  constructor(private readonly lanes: number) {
    this.share = Math.max(1, Math.floor(lanes / 4));
  }

  /** Puts rules behind those that wait; one that waits or is worked on is passed over. */
  add(due: readonly DueRule[]): void {
    for (const rule of due) {
      if (this.known.has(rule.ruleId)) continue;
      this.known.add(rule.ruleId);
      this.waiting.push(rule);
    }
  }

  /** The next rule that may be worked on; null when none may, now. Say `done` behind it. */
  next(): DueRule | null {
    const isAlone = this.waiting.every(({ workspaceId }) => workspaceId === this.waiting[0]!.workspaceId);
    const most = isAlone ? Math.max(1, this.lanes - this.share) : this.share;
    const index = this.waiting.findIndex(({ workspaceId }) => (this.busy.get(workspaceId) ?? 0) < most);
    if (index < 0) return null;
    const [rule] = this.waiting.splice(index, 1);
    this.busy.set(rule!.workspaceId, (this.busy.get(rule!.workspaceId) ?? 0) + 1);
    return rule!;
  }

  done({ workspaceId, ruleId }: DueRule): void {
    this.known.delete(ruleId);
    const left = (this.busy.get(workspaceId) ?? 1) - 1;
    if (left === 0) this.busy.delete(workspaceId);
    else this.busy.set(workspaceId, left);
  }
}
