import { Agent } from '../../engine/Agent.js';
import type { AgentResult } from '../../engine/Agent.js';
import type { PhaseRun, PhaseWrite } from '../../engine/PhaseRun.js';
import type { SourceProfile } from '../profile/SourceProfile.js';
import type { DiscoveryTools } from '../tools/DiscoveryTools.js';
import { firstSettleChunk } from '../tools/chunkBorders.js';

export interface SettlementReport {
  /** Dependencies that the source said before, and says no longer. */
  readonly dependenciesEnded: number;
  /** Assets that no source shows any more, by a complete import, and those that were retired by it. */
  readonly assetsMissing: number;
  readonly assetsRetired: number;
}

interface Standing extends SettlementReport {
  /** The first slice whose outcome is not in the counts. */
  readonly slice: number;
  readonly after: string | null;
  readonly isDone: boolean;
  readonly shown: number;
  readonly notShown: number;
}

const beginning: Standing = {
  slice: 0,
  after: null,
  isDone: false,
  dependenciesEnded: 0,
  assetsMissing: 0,
  assetsRetired: 0,
  shown: 0,
  notShown: 0,
};

/** From this share of what its source has shown on, an import looks like all of it. */
const fullShare = 0.8;

/** Takes back what the source said before and says no longer. After all it says now has been written. */
@Agent<DiscoveryTools>('settler', { version: '1', tools: ['discoveries', 'notes', 'inventory'] })
export class Settler {
  constructor(private readonly tools: Pick<DiscoveryTools, 'discoveries' | 'notes' | 'inventory'>) {}

  async run(run: PhaseRun): Promise<AgentResult<SettlementReport>> {
    const { discoveries, inventory } = this.tools;
    const statements = await discoveries.statements(run.flowId);
    let standing: Standing = { ...beginning, ...(run.checkpoint as Partial<Standing> | null) };
    while (!standing.isDone) {
      const chunk = { flowId: run.flowId, chunk: firstSettleChunk + standing.slice, source: statements.speaker };
      const outcome = await inventory.settle(chunk, statements, standing.after);
      standing = {
        slice: standing.slice + 1,
        after: outcome.next,
        isDone: outcome.next === null,
        dependenciesEnded: standing.dependenciesEnded + outcome.ended,
        assetsMissing: standing.assetsMissing + outcome.missing,
        assetsRetired: standing.assetsRetired + outcome.retired,
        shown: outcome.shown,
        notShown: outcome.notShown,
      };
      const writes = standing.isDone ? await this.offer(run.flowId, standing) : [];
      await run.save({ checkpoint: { ...standing }, writes });
    }
    const { dependenciesEnded, assetsMissing, assetsRetired } = standing;
    const rows = dependenciesEnded + assetsMissing;
    return { rows, output: { dependenciesEnded, assetsMissing, assetsRetired } };
  }

  /** A known source of which nearly all is shown may be complete: that is for a person to say. */
  private async offer(flowId: string, { shown, notShown }: Standing): Promise<PhaseWrite[]> {
    if (notShown === 0 || shown < (shown + notShown) * fullShare) return [];
    const profile = await this.tools.discoveries.profile(flowId);
    if (profile.recognised === null) return [];
    return [this.tools.notes.profile(flowId, withNotShown(profile, notShown))];
  }
}

function withNotShown(profile: SourceProfile, count: number): SourceProfile {
  const others = profile.notes.filter(({ code }) => code !== 'NOT_SHOWN');
  return { ...profile, notes: [...others, { code: 'NOT_SHOWN', count, samples: [] }] };
}
