import type { FlowStatus } from '@tributary/contracts/values';
import { mayDo } from '@tributary/contracts/actions';
import { CodedError } from '@tributary/contracts/errors';
import { decodeId } from '@tributary/contracts/ids';
import { searchedWords } from '@tributary/kernel';
import type { RequestContext } from '@tributary/kernel';
import type { FlowListFilter } from '../../storage/flowListStatements.js';

/** Which flows a caller wants. Absent and null parts do not matter. */
interface WantedFlows {
  readonly status?: readonly FlowStatus[] | null;
  readonly kind?: readonly string[] | null;
  readonly createdAfter?: Date | null;
  readonly createdBefore?: Date | null;
  /** Parts of the name; all of them, in any letter case. */
  readonly search?: string | null;
  /** Public ids of users and API keys. */
  readonly createdBy?: readonly string[] | null;
}

const maxCreators = 100;

/** Throws INVALID_INPUT for what no list can answer, and INSUFFICIENT_PERMISSIONS where who created a flow may not be known. */
export function flowFilterOf(
  { principal }: Pick<RequestContext, 'principal'>,
  filter: WantedFlows | null,
): FlowListFilter {
  return {
    statuses: filter?.status ?? null,
    kinds: filter?.kind ?? null,
    createdAfter: filter?.createdAfter ?? null,
    createdBefore: filter?.createdBefore ?? null,
    words: searchedWords(filter?.search ?? ''),
    creatorIds: readCreators(principal, filter?.createdBy ?? null),
  };
}

function readCreators(principal: RequestContext['principal'], ids: readonly string[] | null): string[] | null {
  if (ids === null) return null;
  if (!mayDo(principal, 'member.read')) {
    throw new CodedError(
      'INSUFFICIENT_PERMISSIONS',
      '`createdBy` needs the action member.read, which your role or key does not have.',
      { action: 'member.read' },
    );
  }
  if (ids.length > maxCreators) {
    throw new CodedError('INVALID_INPUT', `At most ${maxCreators} creators can be asked for at once.`, {
      field: 'filter.createdBy',
    });
  }
  return ids
    .map(decodeId)
    .filter(({ tag }) => tag === 'user' || tag === 'key')
    .map(({ uuid }) => uuid);
}
