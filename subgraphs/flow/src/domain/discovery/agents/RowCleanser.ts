import type { PersonalDataFinding } from '../cleanse/personalData.js';
import { SourceError } from '../sourceErrors.js';
import type { RejectedRow } from '../sourceRecord.js';
import { Agent } from '../../engine/Agent.js';
import type { AgentResult } from '../../engine/Agent.js';
import { Pace } from '../../engine/Pace.js';
import type { PhaseRun } from '../../engine/PhaseRun.js';
import type { DiscoveryTools } from '../tools/DiscoveryTools.js';

export interface CleansingReport {
  readonly valid: number;
  readonly rejected: number;
  readonly personalData: readonly PersonalDataFinding[];
}

const rejectedAtOnce = 1_000;

/** Tries every row against the mappings: keeps the rejected ones with their reasons, and finds personal data. */
@Agent<DiscoveryTools>('row-cleanser', { version: '1', tools: ['sources', 'notes'] })
export class RowCleanser {
  constructor(private readonly tools: Pick<DiscoveryTools, 'sources' | 'notes'>) {}

  async run(run: PhaseRun): Promise<AgentResult<CleansingReport>> {
    const { sources, notes } = this.tools;
    const { discovery, source, cleanser } = await sources.openCleansed(run.flowId, { findPersonalData: true });
    const pace = new Pace();
    let valid = 0;
    let rejected = 0;
    let bytesRead = 0;
    let unsaved: RejectedRow[] = [];
    let firstRejected: RejectedRow | null = null;
    const save = async () => {
      const rows = unsaved;
      unsaved = [];
      const counts = { rowsTotal: valid + rejected, rowsValid: valid, rowsRejected: rejected };
      await run.save({
        progress: bytesRead / Math.max(1, discovery.sourceBytes),
        message: `${valid.toLocaleString('en')} rows accepted, ${rejected.toLocaleString('en')} rejected`,
        writes: [notes.rejectedRows(run.flowId, rows), notes.counts(run.flowId, counts)],
      });
    };
    for await (const batch of source.batches()) {
      const clean = cleanser.cleanse(batch);
      valid += batch.records.length + batch.rejected.length - clean.rejected.length - clean.leftOut;
      rejected += clean.rejected.length;
      bytesRead = batch.bytesRead;
      firstRejected ??= clean.rejected[0] ?? null;
      unsaved.push(...clean.rejected);
      if (unsaved.length >= rejectedAtOnce || pace.isDue()) await save();
      else run.assertGoingOn();
    }
    await save();
    // What reads the source after this tells those names apart from the first row on.
    const learned = cleanser.learned();
    if (learned !== null) await run.save({ writes: [notes.profile(run.flowId, learned)] });
    if (valid === 0) {
      throw new SourceError(
        'NO_USABLE_ROWS',
        `All ${rejected} rows were rejected. The first, on line ${firstRejected?.line ?? 0}: ${firstRejected?.message ?? ''}`,
      );
    }
    return { rows: valid + rejected, output: { valid, rejected, personalData: cleanser.personalData() } };
  }
}
