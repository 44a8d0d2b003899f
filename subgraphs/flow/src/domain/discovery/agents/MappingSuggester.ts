import { checkSourceMappings } from '../mapping/checkSourceMappings.js';
import { couldNameAssets, reasonsToAsk, type ReasonToAsk } from '../mapping/reasonsToAsk.js';
import { suggestSourceMappings } from '../mapping/suggestSourceMappings.js';
import { withNotes } from '../profile/withNotes.js';
import type { SourceNote } from '../source/SourceNotes.js';
import { SourceError } from '../sourceErrors.js';
import { Agent } from '../../engine/Agent.js';
import type { AgentResult } from '../../engine/Agent.js';
import type { PhaseRun } from '../../engine/PhaseRun.js';
import type { DiscoveryTools, NewMapping } from '../tools/DiscoveryTools.js';

export interface SuggestionReport {
  readonly columns: number;
  readonly mapped: number;
  /** Of these, from what people of the workspace approved before. */
  readonly remembered: number;
  /** Whether a person has to look before anything is done with them: one asked to, or the evidence is thin. */
  readonly requiresApproval: boolean;
  /** What the evidence is too thin for. */
  readonly asks: readonly ReasonToAsk[];
}

/** Suggests for each column what it becomes, from its name, its values, and what was approved before. */
@Agent<DiscoveryTools>('mapping-suggester', { version: '1', tools: ['discoveries', 'notes', 'mappingMemory'] })
export class MappingSuggester {
  constructor(private readonly tools: Pick<DiscoveryTools, 'discoveries' | 'notes' | 'mappingMemory'>) {}

  async run(run: PhaseRun): Promise<AgentResult<SuggestionReport>> {
    const [discovery, profile] = await Promise.all([
      this.tools.discoveries.read(run.flowId),
      this.tools.discoveries.profile(run.flowId),
    ]);
    const columns = profile.columns.map((column) => column.name);
    const remembered = await this.tools.mappingMemory.recall(columns);
    const known = new Set(remembered.map((decision) => decision.sourceField));
    const { mappings: suggestions, leftOut } = suggestSourceMappings(profile, remembered);
    const problem = checkSourceMappings(profile, suggestions)[0];
    const asks = reasonsToAsk(profile, suggestions, leftOut);
    const requiresApproval = discovery.requireApproval || asks.length > 0;
    const mappings = suggestions.map((suggestion): NewMapping => {
      const decided =
        !requiresApproval && known.has(suggestion.sourceField.toLowerCase()) && suggestion.confidence === 1;
      return { ...suggestion, status: decided ? 'APPROVED' : 'SUGGESTED' };
    });
    const { notes } = this.tools;
    const noted = leftOut.length === 0 ? [] : [notes.profile(run.flowId, withNotes(profile, [noteOf(leftOut)]))];
    await run.save({ progress: 1, writes: [notes.mappings(run.flowId, mappings), ...noted] });
    // A person can mend it, unless there is nothing to mend it with. What was understood is kept to look at either way.
    if (problem && !discovery.requireApproval && !couldNameAssets(profile))
      throw new SourceError('NO_NAME_COLUMN', problem.message);
    const mapped = mappings.filter((mapping) => mapping.targetField !== null).length;
    return {
      rows: columns.length,
      output: { columns: columns.length, mapped, remembered: known.size, requiresApproval, asks },
    };
  }
}

function noteOf(leftOut: readonly string[]): SourceNote {
  return { code: 'SHEET_LEFT_OUT', count: leftOut.length, samples: leftOut.slice(0, 20) };
}
