import type pg from 'pg';

/**
 * Until when the plans that a connection keeps are good. PostgreSQL itself keeps a plan until somebody counts the table's rows anew, which an
 * import of many rows has to wait a minute for: until then what was planned for empty tables reads full ones.
 */
export class PlanAges {
  private readonly goodUntil = new WeakMap<pg.PoolClient, number>();

  constructor(private readonly lifeMs: number) {}

  /** Whether the connection's plans are to be made anew before it is used, which counts as done then. */
  areOver(client: pg.PoolClient): boolean {
    const now = performance.now();
    const until = this.goodUntil.get(client);
    if (until !== undefined && now < until) return false;
    this.goodUntil.set(client, now + this.lifeMs);
    // A new connection has none yet.
    return until !== undefined;
  }
}
