import type { CommandClient } from '@tributary/commands';
import { deliverableCommand } from '@tributary/contracts/commands';
import type { DeliverableDocument, WebhookToDeliver } from '@tributary/contracts/commands';
import { CodedError } from '@tributary/contracts/errors';
import { flowStream, logOfStreamField } from '@tributary/contracts/events';
import type { StreamId } from '@tributary/contracts/events';
import { encodeId, uuidOf } from '@tributary/contracts/ids';
import type { WebhookFormat, WebhookOrdering, WebhookSigning } from '@tributary/contracts/values';
import { newUuid } from '@tributary/kernel';
import type { RequestContext } from '@tributary/kernel';
import { batchLoader, checkedFirst, checkVersion, mutate, positionAfter, scopeOf, toPage } from '@tributary/data';
import type { Database, MutationInput, Page, PageRequest, WorkspaceTransaction } from '@tributary/data';
import { placeAtEnd, sequenceOfCursor } from '@tributary/events';
import type { StreamPlace } from '@tributary/events';
import { liveId, putPosition, setActive, testId } from '../storage/positionStatements.js';
import {
  countWebhooks,
  deleteWebhook,
  existingWebhooks,
  listWebhooks,
  webhooksById,
} from '../storage/webhookStatements.js';
import { WebhookRow } from '../storage/WebhookRow.js';
import { checkedUrl } from './outgoing/checkedUrl.js';
import type { OutgoingRules } from './outgoing/OutgoingSettings.js';
import { checkedHeaders, sealHeaders } from './ownHeaders.js';
import type { OwnHeader } from './ownHeaders.js';
import { recordChange } from './recordChange.js';
import { addKeys } from './addKeys.js';
import { tellOfWebhook } from './tellOfWebhook.js';

export interface NewWebhook {
  readonly name: string;
  readonly url: string;
  readonly document?: string | null;
  readonly documentId?: string | null;
  readonly variables?: Readonly<Record<string, unknown>> | null;
  readonly format: WebhookFormat;
  readonly signing: WebhookSigning;
  readonly ordering: WebhookOrdering;
  readonly maxBatch: number;
  readonly maxPerSecond: number;
  readonly headers?: readonly OwnHeader[] | null;
  readonly startAfter?: string | null;
}

/** What a new webhook is made of. */
export interface CheckedWebhook {
  readonly name: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly limits: ReturnType<typeof checkedLimits>;
  readonly document: DeliverableDocument;
  readonly log: StreamId;
}

export type WebhookChange = { readonly [Name in keyof Omit<NewWebhook, 'startAfter'>]?: NewWebhook[Name] | null };

export interface WebhookPage extends Page<WebhookRow> {
  count(): Promise<number>;
}

/** A webhook with the secret that is shown once; null in a replay, and where there is none to show. */
export interface WebhookWithSecret {
  readonly webhook: WebhookRow;
  readonly secret: string | null;
}

const listName = 'webhook';
const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const mostWebhooks = 50;

/** The webhooks of a workspace, for people and keys. */
export class Webhooks {
  constructor(
    private readonly database: Database,
    private readonly commands: CommandClient,
    private readonly settings: OutgoingRules,
  ) {}

  /** The webhook with this public id; null when this workspace has none. Throws INVALID_INPUT when it is no id at all. */
  find(context: RequestContext, id: string): Promise<WebhookRow | null> {
    const wanted = uuidOf('hook', id);
    return wanted === null ? Promise.resolve(null) : this.load(context, wanted);
  }

  /** By its bare uuid. */
  load(context: RequestContext, uuid: string): Promise<WebhookRow | null> {
    return batchLoader<string, WebhookRow>(context, 'delivery.webhook', async (ids) => {
      const rows = await this.database.read(scopeOf(context), webhooksById(this.database, ids));
      return new Map(rows.map((row) => [row.id, row]));
    }).load(uuid);
  }

  existing(context: RequestContext, uuids: readonly string[]): Promise<string[]> {
    return this.database.read(scopeOf(context), existingWebhooks(uuids));
  }

  /** Newest first. */
  async list(context: RequestContext, request: PageRequest): Promise<WebhookPage> {
    const first = checkedFirst(request.first);
    const rows = await this.database.read(
      scopeOf(context),
      listWebhooks(this.database, readPosition(request.after), first + 1),
    );
    return {
      ...toPage(listName, request, rows, ({ id }) => [id]),
      count: async () => (await this.database.read(scopeOf(context), countWebhooks()))[0] ?? 0,
    };
  }

  /** What the gateway needs to read a page of a webhook. */
  async toDeliver(context: RequestContext, webhookId: string): Promise<WebhookToDeliver | null> {
    const [row] = await this.database.read(scopeOf(context), webhooksById(this.database, [webhookId]));
    return row
      ? { document: row.document, variables: row.variables, owner: { kind: row.ownerKind, id: row.ownerId } }
      : null;
  }

  /** What is asked for, looked at. Throws INVALID_INPUT (reason URL_REFUSED, PLAIN_HTTP, NOT_A_STREAM) and OPERATION_NOT_STORED. */
  async check(context: RequestContext, given: NewWebhook): Promise<CheckedWebhook> {
    const name = checkedName(given.name);
    const url = checkedUrl(given.url, this.settings);
    const headers = checkedHeaders(given.headers ?? []);
    const limits = checkedLimits(given);
    const document = await this.read(context, given.document, given.documentId, given.variables ?? {});
    const log = logOf(document);
    checkFormat(given.format, log, limits.maxBatch);
    return { name, url, headers, limits, document, log };
  }

  /**
   * It is PENDING until its receiver has answered a test. Throws INVALID_INPUT (reason URL_REFUSED, PLAIN_HTTP, NOT_A_STREAM),
   * OPERATION_NOT_STORED, QUOTA_EXCEEDED at 50 webhooks.
   */
  async create(context: RequestContext, given: NewWebhook, input: MutationInput): Promise<WebhookWithSecret> {
    const { actor } = context.principal;
    if (actor.kind === 'system')
      throw new CodedError('INSUFFICIENT_PERMISSIONS', 'A webhook belongs to a person or a key.');
    const { name, url, headers, limits, document, log } = await this.check(context, given);
    const start = await this.startOf(context, log, given.startAfter ?? null);
    return mutate<WebhookWithSecret>(
      this.database,
      context,
      { field: 'createWebhook', input },
      async (transaction) => {
        if (((await transaction.queryOne(countWebhooks())) ?? 0) >= mostWebhooks)
          throw new CodedError(
            'QUOTA_EXCEEDED',
            `A workspace has ${mostWebhooks} webhooks at most. Delete one first.`,
            {
              limit: mostWebhooks,
            },
          );
        const id = newUuid();
        const [row] = await transaction.repository(WebhookRow).insert('delivery.insertWebhook', [
          {
            id,
            name,
            url,
            document: document.document,
            variables: given.variables ?? {},
            stream: document.stream,
            log,
            costPerEvent: document.costPerEvent,
            format: given.format,
            signing: given.signing,
            ...limits,
            headers: sealHeaders(transaction.cipher, id, headers),
            headerNames: Object.keys(headers),
            ownerKind: actor.kind,
            ownerId: actor.id,
            status: 'PENDING',
            statusReason: 'NOT_VERIFIED',
          },
        ]);
        const secret = await addKeys(transaction, id, given.signing);
        const place = { webhookId: id, log, seq: start.sequence, cursor: start.cursor };
        await transaction.query(putPosition({ ...place, replayId: liveId, active: false }));
        await transaction.query(putPosition({ ...place, replayId: testId, active: true }));
        recordChange(transaction, context, 'webhook.create', row!, null, said(row!));
        return { webhook: row!, secret };
      },
      (result) => ({ ...result, secret: null }),
    );
  }

  /**
   * Another address makes it PENDING again. Whoever changes what is sent, and where to, owns it from now on: nobody may have read with
   * another's rights. Throws as `create`, RESOURCE_NOT_FOUND, and RESOURCE_CONFLICT for another version.
   */
  async update(
    context: RequestContext,
    { id, version, patch }: { readonly id: string; readonly version: number; readonly patch: WebhookChange },
    input: MutationInput,
  ): Promise<WebhookRow> {
    const { actor } = context.principal;
    const known = await this.find(context, id);
    if (!known || actor.kind === 'system') throw notFound();
    const url = isAbsent(patch.url) ? known.url : checkedUrl(patch.url, this.settings);
    const headers = isAbsent(patch.headers) ? null : checkedHeaders(patch.headers);
    const limits = checkedLimits({
      ...known,
      ...withoutNulls({ maxBatch: patch.maxBatch, maxPerSecond: patch.maxPerSecond, ordering: patch.ordering }),
    });
    checkFormat(patch.format ?? known.format, known.log, limits.maxBatch);
    const rewritten = !isAbsent(patch.document) || !isAbsent(patch.documentId) || !isAbsent(patch.variables);
    const variables = patch.variables ?? known.variables;
    const text = isAbsent(patch.documentId) ? (patch.document ?? known.document) : patch.document;
    const document = rewritten ? await this.read(context, text, patch.documentId, variables) : null;
    if (document && logOf(document) !== known.log)
      throw new CodedError('INVALID_INPUT', 'The document reads another stream. Create another webhook for it.', {
        field: 'document',
        reason: 'NOT_A_STREAM',
      });
    return mutate(this.database, context, { field: 'updateWebhook', input }, async (transaction) => {
      const before = await lockWebhook(transaction, known.id);
      checkVersion('webhook', before, version);
      const moved = url !== before.url;
      const signing = patch.signing ?? before.signing;
      const row = (await transaction.repository(WebhookRow).update('delivery.updateWebhook', known.id, {
        name: isAbsent(patch.name) ? before.name : checkedName(patch.name),
        url,
        ...(document ? { document: document.document, costPerEvent: document.costPerEvent, variables } : {}),
        ...limits,
        ...(patch.format ? { format: patch.format } : {}),
        signing,
        ownerKind: actor.kind,
        ownerId: actor.id,
        ...(headers
          ? { headers: sealHeaders(transaction.cipher, known.id, headers), headerNames: Object.keys(headers) }
          : {}),
        ...(moved ? { status: 'PENDING', statusReason: 'NOT_VERIFIED', failingSince: null } : {}),
      }))!;
      if (signing !== before.signing) await addKeys(transaction, known.id, signing);
      // Whoever is sending just now finds that it was overtaken, and begins anew with what stands from here on.
      await transaction.query(setActive(known.id, row.status === 'ACTIVE' || row.status === 'FAILING'));
      if (moved) await transaction.query(putPosition(testOf(row)));
      recordChange(transaction, context, 'webhook.update', row, said(before), said(row));
      return row;
    });
  }

  /** Answers the public id. Throws RESOURCE_NOT_FOUND. */
  delete(context: RequestContext, id: string, input: MutationInput): Promise<{ readonly deletedId: string }> {
    return mutate(this.database, context, { field: 'deleteWebhook', input }, async (transaction) => {
      const wanted = uuidOf('hook', id);
      const table = this.database.table(WebhookRow);
      const row = wanted === null ? null : await transaction.queryOne(deleteWebhook(table, wanted));
      if (!row) throw notFound();
      recordChange(transaction, context, 'webhook.delete', row, said(row), null);
      tellOfWebhook(transaction, 'webhook.deleted', row);
      return { deletedId: encodeId('hook', row.id) };
    });
  }

  /** Throws RESOURCE_NOT_FOUND, and RESOURCE_CONFLICT for one that sends nothing anyway. */
  pause(context: RequestContext, id: string, input: MutationInput): Promise<WebhookRow> {
    return this.change(context, 'pauseWebhook', id, input, async (transaction, before) => {
      if (before.status !== 'ACTIVE' && before.status !== 'FAILING')
        throw wrongStatus(before, 'It sends nothing just now.');
      const row = await setStatus(transaction, before, {
        status: 'PAUSED',
        statusReason: 'BY_PERSON',
        failingSince: null,
      });
      await transaction.query(setActive(row.id, false));
      recordChange(transaction, context, 'webhook.pause', row, { status: before.status }, { status: row.status });
      tellOfWebhook(transaction, 'webhook.paused', row, { reason: row.statusReason });
      return row;
    });
  }

  /** Goes on where it stood, or, with a place, from there. Whoever resumes it owns it from now on. Throws RESOURCE_NOT_FOUND, RESOURCE_CONFLICT. */
  async resume(
    context: RequestContext,
    { id, from, cursor }: { readonly id: string; readonly from: 'POSITION' | 'NOW'; readonly cursor: string | null },
    input: MutationInput,
  ): Promise<WebhookRow> {
    const { actor } = context.principal;
    const known = await this.find(context, id);
    if (!known || actor.kind === 'system') throw notFound();
    const start = from === 'NOW' || cursor !== null ? await this.startOf(context, known.log, cursor) : null;
    return this.change(context, 'resumeWebhook', id, input, async (transaction, before) => {
      if (before.status !== 'PAUSED' && before.status !== 'DISABLED')
        throw wrongStatus(before, 'It is neither paused nor disabled.');
      const row = await setStatus(transaction, before, {
        status: 'ACTIVE',
        statusReason: null,
        failingSince: null,
        ownerKind: actor.kind,
        ownerId: actor.id,
      });
      const live = { webhookId: row.id, replayId: liveId, log: row.log, active: true };
      if (start) await transaction.query(putPosition({ ...live, seq: start.sequence, cursor: start.cursor }));
      await transaction.query(setActive(row.id, true));
      recordChange(
        transaction,
        context,
        'webhook.resume',
        row,
        { status: before.status },
        { status: row.status, from },
      );
      tellOfWebhook(transaction, 'webhook.resumed', row);
      return row;
    });
  }

  /** Runs a mutation of one webhook, held meanwhile. */
  change<Result>(
    context: RequestContext,
    field: string,
    id: string,
    input: MutationInput,
    work: (transaction: WorkspaceTransaction, webhook: WebhookRow) => Promise<Result>,
    forget?: (result: Result) => Result,
  ): Promise<Result> {
    const wanted = uuidOf('hook', id);
    return mutate(
      this.database,
      context,
      { field, input },
      async (transaction) => {
        if (wanted === null) throw notFound();
        return work(transaction, await lockWebhook(transaction, wanted));
      },
      forget,
    );
  }

  private read(
    context: RequestContext,
    document: string | null | undefined,
    documentId: string | null | undefined,
    variables: Readonly<Record<string, unknown>>,
  ): Promise<DeliverableDocument> {
    if (isAbsent(document) === isAbsent(documentId))
      throw new CodedError('INVALID_INPUT', 'Give `document` or `documentId`.', { field: 'document' });
    const asked = { document: document ?? null, documentId: documentId ?? null, variables: { ...variables } };
    return this.commands.call(deliverableCommand, asked, context);
  }

  private async startOf(context: RequestContext, log: StreamId, cursor: string | null): Promise<StreamPlace> {
    if (cursor === null) return placeAtEnd(this.database, scopeOf(context), log);
    const sequence = sequenceOfCursor(context.principal.workspaceId, log, cursor);
    if (sequence === null)
      throw new CodedError('INVALID_INPUT', 'This cursor is none of the stream’s.', { field: 'cursor' });
    return { sequence, cursor };
  }
}

/** Sends a test, and has no place in the log. */
export function testOf({ id, log }: WebhookRow) {
  return { webhookId: id, replayId: testId, log, active: true, seq: 0, cursor: '' };
}

export function notFound(): CodedError {
  return new CodedError('RESOURCE_NOT_FOUND', 'This workspace has no such webhook.', { field: 'id' });
}

async function lockWebhook(transaction: WorkspaceTransaction, id: string): Promise<WebhookRow> {
  const row = await transaction.repository(WebhookRow).findById('delivery.lockWebhook', id, { lock: true });
  if (!row) throw notFound();
  return row;
}

async function setStatus(
  transaction: WorkspaceTransaction,
  { id }: WebhookRow,
  patch: Partial<Pick<WebhookRow, 'status' | 'statusReason' | 'failingSince' | 'ownerKind' | 'ownerId'>>,
): Promise<WebhookRow> {
  return (await transaction.repository(WebhookRow).update('delivery.setStatus', id, patch))!;
}

function logOf(document: DeliverableDocument): StreamId {
  const kind = logOfStreamField[document.stream];
  if (kind === undefined)
    throw new CodedError('INVALID_INPUT', `Events of ${document.stream} cannot be sent.`, {
      field: 'document',
      reason: 'NOT_A_STREAM',
    });
  if (kind !== 'flow') return kind;
  const id = document.arguments['flowId'];
  const flow = typeof id === 'string' ? uuidOf('flow', id) : null;
  if (flow === null) throw new CodedError('INVALID_INPUT', 'The document names no flow.', { field: 'variables' });
  return flowStream(flow);
}

function checkedName(name: string): string {
  const trimmed = name.trim();
  if (trimmed === '') throw new CodedError('MISSING_REQUIRED_FIELD', 'Give the webhook a name.', { field: 'name' });
  if (trimmed.length > 200 || trimmed.includes('\0'))
    throw new CodedError('INVALID_INPUT', 'A webhook’s name has at most 200 characters.', { field: 'name' });
  return trimmed;
}

/** What Alertmanager says is about alerts, and in a form that has no batches of ours. */
function checkFormat(format: WebhookFormat, log: StreamId, maxBatch: number): void {
  if (format === 'ALERTMANAGER' && (log !== 'alerts' || maxBatch > 1))
    throw new CodedError('INVALID_INPUT', 'ALERTMANAGER is a form for alertUpdates, one event in a request.', {
      field: 'format',
    });
}

function checkedLimits({
  maxBatch,
  maxPerSecond,
  ordering,
}: Pick<NewWebhook, 'maxBatch' | 'maxPerSecond' | 'ordering'>) {
  if (ordering !== 'STREAM' && maxBatch > 1)
    throw new CodedError('INVALID_INPUT', 'Batches are in the order of the stream: leave `maxBatch` at 1.', {
      field: 'maxBatch',
    });
  if (maxBatch < 1 || maxBatch > 100)
    throw new CodedError('INVALID_INPUT', '`maxBatch` must be 1 to 100.', { field: 'maxBatch' });
  if (maxPerSecond < 1 || maxPerSecond > 20)
    throw new CodedError('INVALID_INPUT', '`maxPerSecond` must be 1 to 20.', { field: 'maxPerSecond' });
  return { maxBatch, maxPerSecond, ordering };
}

/** For the audit trail: of the address the host alone. */
function said({ name, url, stream, format, signing, ordering, maxBatch, maxPerSecond, headerNames }: WebhookRow) {
  return { name, host: new URL(url).host, stream, format, signing, ordering, maxBatch, maxPerSecond, headerNames };
}

function wrongStatus({ status }: WebhookRow, message: string): CodedError {
  return new CodedError('RESOURCE_CONFLICT', message, { reason: status });
}

function isAbsent(value: unknown): value is null | undefined {
  return value === null || value === undefined;
}

function withoutNulls<Value extends object>(value: Value): { [Name in keyof Value]?: NonNullable<Value[Name]> } {
  return Object.fromEntries(Object.entries(value).filter(([, each]) => !isAbsent(each))) as {
    [Name in keyof Value]?: NonNullable<Value[Name]>;
  };
}

function readPosition(after: string | null): string | null {
  const [id] = positionAfter(listName, after, 1) ?? [null];
  if (id === null || (typeof id === 'string' && uuid.test(id))) return id;
  throw new CodedError('INVALID_INPUT', 'This cursor is not one that this list gave out. Start again without it.', {
    field: 'after',
  });
}
