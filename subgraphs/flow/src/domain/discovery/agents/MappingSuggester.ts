import { checkMappings } from '../mapping/checkMappings.js';
import { suggestMappings } from '../mapping/suggestMappings.js';
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
  /** Whether a person asked to look before anything is done with them. */
  readonly requiresApproval: boolean;
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
    const suggestions = suggestMappings(profile, remembered);
    const problem = checkMappings(suggestions, columns)[0];
    // A person who is asked anyway can mend it.
    if (problem && !discovery.requireApproval) throw new SourceError('NO_NAME_COLUMN', problem.message);
    const mappings = suggestions.map((suggestion): NewMapping => {
      const decided =
        !discovery.requireApproval && known.has(suggestion.sourceField.toLowerCase()) && suggestion.confidence === 1;
      return { ...suggestion, status: decided ? 'APPROVED' : 'SUGGESTED' };
    });
    await run.save({ progress: 1, writes: [this.tools.notes.mappings(run.flowId, mappings)] });
    const mapped = mappings.filter((mapping) => mapping.targetField !== null).length;
    return {
      rows: columns.length,
      output: { columns: columns.length, mapped, remembered: known.size, requiresApproval: discovery.requireApproval },
    };
  }
}
