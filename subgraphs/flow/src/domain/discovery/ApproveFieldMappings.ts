import { CodedError } from '@tributary/contracts/errors';
import type { RequestContext } from '@tributary/kernel';
import { mutate } from '@tributary/data';
import type { Database, MutationInput } from '@tributary/data';
import { readMappings, readProfile, replaceMappings } from '../../storage/discoveryStatements.js';
import type { NewMapping } from '../../storage/discoveryStatements.js';
import type { FieldMappingRow } from '../../storage/FieldMappingRow.js';
import { readPhases, updatePhase } from '../../storage/phaseStatements.js';
import type { FlowRow } from '../../storage/FlowRow.js';
import { rememberDecisions } from '../../storage/mappingStatements.js';
import { auditFlow, by } from '../flow/auditFlow.js';
import { checkSourceMappings } from './mapping/checkSourceMappings.js';
import type { SourceProfile } from './profile/SourceProfile.js';
import { fieldOf, tablesOf } from './profile/tablesOf.js';
import { endPhase } from '../engine/endPhase.js';
import { lockFlow } from '../flow/findFlow.js';
import { assertPossible } from '../flow/flowStates.js';

export interface ApproveFieldMappingsInput extends MutationInput {
  readonly flowId: string;
  readonly mappings: readonly { readonly sourceField: string; readonly targetField?: string | null }[];
}

/** Most mappings in one approval. */
export const maxMappings = 10_000;

/**
 * Ends the wait of a discovery for a person. Columns that the input names get its target (null: left out of the fields); all others are
 * approved as they were suggested. The workspace remembers what was decided.
 */
export class ApproveFieldMappings {
  constructor(private readonly database: Database) {}

  async approve(context: RequestContext, input: ApproveFieldMappingsInput): Promise<FlowRow> {
    if (input.mappings.length > maxMappings) {
      throw new CodedError('INVALID_INPUT', `At most ${maxMappings} mappings can be approved at once.`, {
        field: 'mappings',
      });
    }
    return mutate(this.database, context, { field: 'approveFieldMappings', input }, async (transaction) => {
      const flow = await lockFlow(transaction, input.flowId);
      assertPossible('approve', flow);
      const phases = await readPhases(transaction, flow.id);
      const phase = phases.find((waiting) => waiting.status === 'AWAITING_APPROVAL');
      if (flow.driver !== 'ENGINE' || !phase) {
        throw new CodedError('RESOURCE_CONFLICT', 'This flow waits for something that its own runner decides.', {
          reason: 'NOT_RUN_HERE',
          status: flow.status,
        });
      }
      const suggested = await readMappings(transaction, flow.id);
      const [profile] = await transaction.query(readProfile(flow.id));
      const decided = decide(suggested, input.mappings, profile as SourceProfile);
      await replaceMappings(transaction, flow.id, decided);
      const said = new Set(input.mappings.map((mapping) => mapping.sourceField));
      // A column that had no suggestion and that nobody spoke of is no decision: a later suggestion for it stays possible.
      await rememberDecisions(
        transaction,
        decided.filter((mapping) => mapping.targetField !== null || said.has(mapping.sourceField)),
      );
      const now = new Date();
      const ended = { status: 'SUCCEEDED' as const, progress: 1, finishedAt: now };
      await updatePhase(transaction, flow.id, phase.name, ended);
      const changed = decided.filter((mapping, index) => mapping.targetField !== suggested[index]?.targetField).length;
      const data = { approved: decided.length, changed };
      const after = phases.map((known) => (known === phase ? { ...known, ...ended } : known));
      const approved = await endPhase(
        transaction,
        flow,
        after,
        { phase: phase.name, message: null, data },
        by(context),
        [{ type: 'flow.approved', phase: phase.name, data }],
      );
      auditFlow(transaction, by(context), 'flow.approve', flow, approved, data);
      return approved;
    });
  }
}

function decide(
  suggested: readonly FieldMappingRow[],
  given: ApproveFieldMappingsInput['mappings'],
  profile: SourceProfile,
): NewMapping[] {
  const sheets = sheetsOfFields(profile);
  const wanted = given.map((mapping) => ({
    sourceField: mapping.sourceField,
    targetField: mapping.targetField ?? null,
  }));
  const chosen = new Map(wanted.map((mapping) => [mapping.sourceField, mapping.targetField]));
  const taken = new Set(wanted.map(({ sourceField, targetField }) => place(sheets, sourceField, targetField)));
  const decided = suggested.map((mapping): NewMapping => {
    const { sourceField } = mapping;
    const target = chosen.get(sourceField);
    const { targetField } = mapping;
    if (target === undefined) return asSuggested(mapping, taken.has(place(sheets, sourceField, targetField)));
    if (target === targetField) return asSuggested(mapping, false);
    if (target === null)
      return { ...facts(mapping), targetField: null, status: 'REJECTED', reason: 'Left out by a person.' };
    return { ...facts(mapping), targetField: target, confidence: 1, status: 'APPROVED', reason: 'Chosen by a person.' };
  });
  // What the person said is checked as it was said, so that unknown and doubled columns are found.
  const unsaid = decided.filter((mapping) => !chosen.has(mapping.sourceField));
  const [problem] = checkSourceMappings(profile, [...wanted, ...unsaid]);
  if (problem)
    throw new CodedError('INVALID_INPUT', problem.message, { field: 'mappings', sourceField: problem.sourceField });
  return decided;
}

function sheetsOfFields(profile: SourceProfile): ReadonlyMap<string, string> {
  return new Map(
    tablesOf(profile).flatMap(({ sheet, profile: { columns } }) =>
      sheet === null ? [] : columns.map(({ name }) => [fieldOf(sheet, name), sheet] as const),
    ),
  );
}

/** A target takes one column of each sheet. */
function place(sheets: ReadonlyMap<string, string>, sourceField: string, targetField: string | null): string {
  return JSON.stringify([sheets.get(sourceField) ?? null, targetField]);
}

/** A column that nobody spoke of keeps its suggestion, unless the person gave that target to another column of its table. */
function asSuggested(mapping: FieldMappingRow, isTaken: boolean): NewMapping {
  const gone =
    mapping.targetField !== null &&
    isTaken &&
    mapping.targetField !== 'tags' &&
    !mapping.targetField.startsWith('dependency.');
  if (gone)
    return {
      ...facts(mapping),
      targetField: null,
      status: 'REJECTED',
      reason: 'Its target was given to another column.',
    };
  return { ...facts(mapping), status: 'APPROVED' };
}

function facts(mapping: FieldMappingRow): NewMapping {
  const { sourceField, targetField, confidence, status, reason } = mapping;
  return { sourceField, targetField, confidence, status, reason };
}
