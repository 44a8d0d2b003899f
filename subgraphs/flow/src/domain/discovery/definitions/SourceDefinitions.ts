import type { AuditAction } from '@tributary/contracts/audit';
import { CodedError } from '@tributary/contracts/errors';
import { encodeId, uuidOf } from '@tributary/contracts/ids';
import { newUuid } from '@tributary/kernel';
import type { RequestContext } from '@tributary/kernel';
import { batchLoader, checkedFirst, checkVersion, mutate, positionAfter, scopeOf, toPage } from '@tributary/data';
import { audit } from '@tributary/data/audit';
import type { Database, MutationInput, Page, PageRequest, WorkspaceTransaction } from '@tributary/data';
import {
  countDefinitions,
  definitionsById,
  deleteDefinition,
  existingDefinitions,
  listDefinitions,
} from '../../../storage/definitionStatements.js';
import { SourceDefinitionRow } from '../../../storage/SourceDefinitionRow.js';
import { readDefinition } from './readDefinition.js';

const listName = 'sourceDefinition';
const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
/** Of one workspace: every import looks at all of them. */
export const maxDefinitions = 100;

export interface DefinitionPage extends Page<SourceDefinitionRow> {
  count(): Promise<number>;
}

/** A workspace's own definitions of sources, for people. */
export class SourceDefinitions {
  constructor(private readonly database: Database) {}

  /** The definition with this public id; null when this workspace has none. Throws INVALID_INPUT when it is no id at all. */
  async find(context: RequestContext, id: string): Promise<SourceDefinitionRow | null> {
    const wanted = uuidOf('source', id);
    if (wanted === null) return null;
    return batchLoader<string, SourceDefinitionRow>(context, 'flow.sourceDefinition', async (ids) => {
      const rows = await this.database.read(scopeOf(context), definitionsById(this.database, ids));
      return new Map(rows.map((row) => [row.id, row]));
    }).load(wanted);
  }

  existing(context: RequestContext, uuids: readonly string[]): Promise<string[]> {
    return this.database.read(scopeOf(context), existingDefinitions(uuids));
  }

  /** Newest first. */
  async list(context: RequestContext, request: PageRequest): Promise<DefinitionPage> {
    const first = checkedFirst(request.first);
    const after = readPosition(request.after);
    const rows = await this.database.read(scopeOf(context), listDefinitions(this.database, after, first + 1));
    return {
      ...toPage(listName, request, rows, ({ id }) => [id]),
      count: async () => (await this.database.read(scopeOf(context), countDefinitions()))[0] ?? 0,
    };
  }

  /** Throws INVALID_INPUT with what is wrong in it, and QUOTA_EXCEEDED at 100 definitions. */
  create(context: RequestContext, content: string, input: MutationInput): Promise<SourceDefinitionRow> {
    const { name } = readDefinition(content, 'input.definition.content');
    return mutate(this.database, context, { field: 'createSourceDefinition', input }, async (transaction) => {
      if (((await transaction.queryOne(countDefinitions())) ?? 0) >= maxDefinitions) {
        throw new CodedError(
          'QUOTA_EXCEEDED',
          `A workspace has ${maxDefinitions} source definitions at most. Delete one first.`,
          { limit: maxDefinitions },
        );
      }
      const [row] = await transaction
        .repository(SourceDefinitionRow)
        .insert('source.insert', [{ id: newUuid(), name, content }]);
      record(transaction, context, 'sourceDefinition.create', row!, null, said(row!));
      return row!;
    });
  }

  /** Throws RESOURCE_NOT_FOUND, and RESOURCE_CONFLICT when the definition has another version. */
  update(
    context: RequestContext,
    change: { readonly id: string; readonly version: number; readonly content: string },
    input: MutationInput,
  ): Promise<SourceDefinitionRow> {
    const { name } = readDefinition(change.content, 'input.definition.content');
    return mutate(this.database, context, { field: 'updateSourceDefinition', input }, async (transaction) => {
      const repository = transaction.repository(SourceDefinitionRow);
      const id = uuidOf('source', change.id);
      const before = id === null ? null : await repository.findById('source.lock', id, { lock: true });
      if (!before) throw notFound();
      checkVersion('definition', before, change.version);
      const row = (await repository.update('source.update', before.id, { name, content: change.content }))!;
      record(transaction, context, 'sourceDefinition.update', row, said(before), said(row));
      return row;
    });
  }

  /** Answers the public id. Throws RESOURCE_NOT_FOUND. Flows that recognised a source by it end as they began. */
  delete(context: RequestContext, id: string, input: MutationInput): Promise<{ readonly deletedId: string }> {
    return mutate(this.database, context, { field: 'deleteSourceDefinition', input }, async (transaction) => {
      const wanted = uuidOf('source', id);
      const table = this.database.table(SourceDefinitionRow);
      const row = wanted === null ? null : await transaction.queryOne(deleteDefinition(table, wanted));
      if (!row) throw notFound();
      record(transaction, context, 'sourceDefinition.delete', row, said(row), null);
      return { deletedId: encodeId('source', row.id) };
    });
  }
}

function record(
  transaction: WorkspaceTransaction,
  context: RequestContext,
  action: AuditAction,
  row: SourceDefinitionRow,
  before: Readonly<Record<string, unknown>> | null,
  after: Readonly<Record<string, unknown>> | null,
): void {
  audit(transaction, {
    actor: context.principal.actor,
    action,
    entityType: 'SourceDefinition',
    entityId: encodeId('source', row.id),
    before,
    after,
    requestId: context.requestId,
  });
}

/** What it said is long, and stands in the row; the trail shows which it was. */
function said({ name, content }: SourceDefinitionRow): Readonly<Record<string, unknown>> {
  return { name, characters: content.length };
}

function readPosition(after: string | null): string | null {
  const [id] = positionAfter(listName, after, 1) ?? [null];
  if (id === null || (typeof id === 'string' && uuid.test(id))) return id;
  throw new CodedError('INVALID_INPUT', 'This cursor is not one that this list gave out. Start again without it.', {
    field: 'after',
  });
}

function notFound(): CodedError {
  return new CodedError('RESOURCE_NOT_FOUND', 'This workspace has no such source definition.', { field: 'id' });
}
