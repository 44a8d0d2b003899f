import { encodeId } from '@tributary/contracts/ids';
import type { Database, WorkspaceTransaction } from '@tributary/data';
import { AlertRow } from '../storage/AlertRow.js';
import { SilenceRow } from '../storage/SilenceRow.js';
import { activeSilences, openAlertsToMatch, suppressAlerts } from '../storage/silenceStatements.js';
import type { MatchedAlert, Suppression } from '../storage/silenceStatements.js';
import { isMatched } from './alertMatchers.js';

/** Which silence quietens an alert, and until when; nulls: none. */
export interface Quietened {
  readonly suppressed: readonly AlertRow[];
  readonly unsuppressed: readonly AlertRow[];
  readonly silences: ReadonlyMap<string, SilenceRow>;
}

/** Says of open alerts which silence quietens them. A silenced alert is still an alert: only its notification is held. */
export class Silencing {
  constructor(
    private readonly database: Database,
    /** Moves PostgreSQL's clock. */
    private readonly aheadMs: () => number = () => 0,
  ) {}

  /** Looks at these alerts, or at all open ones of the workspace, and notes what is new. */
  async apply(transaction: WorkspaceTransaction, alerts: readonly MatchedAlert[] | null): Promise<Quietened> {
    const active = await transaction.query(activeSilences(this.database.table(SilenceRow), this.aheadMs()));
    const silences = new Map(active.map((silence) => [silence.id, silence]));
    const looked = alerts ?? (await transaction.query(openAlertsToMatch()));
    const news = looked.flatMap((alert): Suppression[] => {
      const { by, until } = suppressionOf(active, alert);
      const isKnown = alert.suppressedBy === by && alert.suppressedUntil?.getTime() === until?.getTime();
      return isKnown ? [] : [{ id: alert.id, by, until }];
    });
    if (news.length === 0) return { suppressed: [], unsuppressed: [], silences };
    const changed = await transaction.query(suppressAlerts(this.database.table(AlertRow), news));
    return {
      suppressed: changed.filter(({ suppressedBy }) => suppressedBy !== null),
      unsuppressed: changed.filter(({ suppressedBy }) => suppressedBy === null),
      silences,
    };
  }
}

/** What watchers are told of a silence. */
export function factsOfSilence({ id, kind, activeUntil }: SilenceRow): Readonly<Record<string, unknown>> {
  return { silenceId: encodeId('silence', id), kind, until: activeUntil?.toISOString() ?? null };
}

/** Of several, the one that ends last: they come in that order. */
function suppressionOf(active: readonly SilenceRow[], alert: MatchedAlert): Omit<Suppression, 'id'> {
  const silence = active.find(({ matchers }) => isMatched(matchers, alert));
  return { by: silence?.id ?? null, until: silence?.activeUntil ?? null };
}
