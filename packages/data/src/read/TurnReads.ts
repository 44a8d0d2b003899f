import { isCodedError } from '@tributary/contracts/errors';
import type { Statement } from '../statement.js';
import type { TenantScope } from '../TenantScope.js';

/** Statements of one trip. */
const maxStatements = 16;

type Trip = (scope: TenantScope, statements: readonly Statement<unknown>[]) => Promise<unknown[][]>;

interface Ask {
  readonly scope: TenantScope;
  readonly statements: readonly Statement<unknown>[];
  readonly resolve: (results: Promise<unknown[][]> | unknown[][]) => void;
  readonly reject: (error: unknown) => void;
}

interface Departure {
  readonly workspaceId: string;
  readonly asks: Ask[];
  count: number;
}

/**
 * What one client's operation reads in one turn of the event loop makes one trip: a page of five subgraphs asks a dozen things at once.
 * Only reads of the same operation, and so of one principal, travel together.
 */
export class TurnReads {
  private readonly departures = new WeakMap<object, Departure>();

  constructor(private readonly trip: Trip) {}

  read(operation: object, scope: TenantScope, statements: readonly Statement<unknown>[]): Promise<unknown[][]> {
    if (statements.length >= maxStatements || statements.some((statement) => statement.isHeavy))
      return this.trip(scope, statements);
    return new Promise((resolve, reject) => {
      const departure = this.departureOf(operation, scope.workspaceId, statements.length);
      departure.count += statements.length;
      departure.asks.push({ scope, statements, resolve, reject });
    });
  }

  private departureOf(operation: object, workspaceId: string, places: number): Departure {
    const next = this.departures.get(operation);
    if (next?.workspaceId === workspaceId && next.count + places <= maxStatements) return next;
    const departure: Departure = { workspaceId, asks: [], count: 0 };
    this.departures.set(operation, departure);
    setImmediate(() => {
      if (this.departures.get(operation) === departure) this.departures.delete(operation);
      void this.leave(departure.asks);
    });
    return departure;
  }

  private async leave(asks: readonly Ask[]): Promise<void> {
    const [first, ...others] = asks;
    if (others.length === 0) return this.alone(first!);
    try {
      const results = await this.trip(
        first!.scope,
        asks.flatMap(({ statements }) => statements),
      );
      for (const { statements, resolve } of asks) resolve(results.splice(0, statements.length));
    } catch (error) {
      // Whose statement it was is not known; each learns by itself. What the connection or time has ended ends for all.
      for (const ask of asks) {
        if (isOver(error)) ask.reject(error);
        else this.alone(ask);
      }
    }
  }

  private alone({ scope, statements, resolve }: Ask): void {
    resolve(this.trip(scope, statements));
  }
}

function isOver(error: unknown): boolean {
  return isCodedError(error) && error.code === 'SERVICE_UNAVAILABLE';
}
