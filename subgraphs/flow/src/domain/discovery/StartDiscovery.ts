import iconv from 'iconv-lite';
import type { DiscoveryCoverage, SourceFormat } from '@tributary/contracts/values';
import { CodedError } from '@tributary/contracts/errors';
import { uuidOf } from '@tributary/contracts/ids';
import type { RequestContext } from '@tributary/kernel';
import { mutate } from '@tributary/data';
import type { Database, MutationInput, WorkspaceTransaction } from '@tributary/data';
import { DiscoveryFlowRow } from '../../storage/DiscoveryFlowRow.js';
import { insertSource } from '../../storage/discoveryStatements.js';
import type { FlowRow } from '../../storage/FlowRow.js';
import { enqueue } from '@tributary/jobs';
import { phaseJob } from '../flow/phaseJob.js';
import { useUpload } from '../../storage/uploadStatements.js';
import { auditFlow, by } from '../flow/auditFlow.js';
import { checkText } from '../flow/checkText.js';
import { createFlowRow } from '../flow/createFlowRow.js';
import type { FlowDefinition } from '../engine/FlowRegistry.js';
import { recordFlowEvents } from '../flow/flowEvents.js';
import type { InspectUpload } from './uploads/InspectUpload.js';
import { uploadKeptMs } from './uploads/uploadLimits.js';

export interface StartDiscoveryInput extends MutationInput {
  readonly name: string;
  readonly source: {
    readonly name: string;
    readonly format: SourceFormat;
    readonly content?: string | null;
    /** Public id. */
    readonly uploadId?: string | null;
    readonly encoding?: string | null;
    readonly sheet?: string | null;
    /** Whether it shows all that it knows; only then does it count what it does not show. */
    readonly coverage: DiscoveryCoverage;
  };
  readonly requireApproval: boolean;
}

/** Starts a discovery: flow, child row, event, audit row and the first job, in one transaction. */
export class StartDiscovery {
  constructor(
    private readonly database: Database,
    private readonly definition: FlowDefinition,
    private readonly inspectUpload: InspectUpload,
  ) {}

  async start(context: RequestContext, input: StartDiscoveryInput): Promise<FlowRow> {
    const name = checkText(input.name, 'name', 200);
    const sourceName = checkText(input.source.name, 'source.name', 255);
    const { content, uploadUuid } = checkSource(input.source);
    const sourceSheet = checkSheet(input.source.sheet ?? null, content !== null);
    const sourceEncoding = checkEncoding(input.source.encoding ?? null, content !== null);
    if (uploadUuid !== null) await this.inspectUpload.inspect(context, uploadUuid, input.source.format, sourceSheet);
    const [first] = this.definition.phases;
    return mutate(this.database, context, { field: 'startDiscovery', input }, async (transaction) => {
      const sourceBytes =
        uploadUuid === null ? Buffer.byteLength(content) : await bytesOfUpload(transaction, uploadUuid);
      const flow = await createFlowRow(transaction, context, {
        kind: this.definition.kind,
        name,
        driver: 'ENGINE',
        reportDueAt: null,
        phases: this.definition.phases.map((phase) => ({ name: phase.name, title: phase.title, weight: phase.weight })),
      });
      await transaction.repository(DiscoveryFlowRow).insert('discovery.insert', [
        {
          flowId: flow.id,
          sourceName,
          sourceFormat: input.source.format,
          sourceEncoding,
          sourceSheet,
          sourceBytes,
          coverage: input.source.coverage,
          requireApproval: input.requireApproval,
          ...(uploadUuid === null ? {} : { uploadId: uploadUuid }),
        },
      ]);
      if (uploadUuid === null) await insertSource(transaction, flow.id, content);
      await enqueue(transaction, phaseJob, { flowId: flow.id, phase: first!.name, run: flow.run });
      recordFlowEvents(transaction, flow, [
        { type: 'flow.created', data: { sourceName, sourceFormat: input.source.format } },
      ]);
      auditFlow(transaction, by(context), 'flow.start', null, flow, { sourceName, coverage: input.source.coverage });
      return flow;
    });
  }
}

type CheckedSource =
  { readonly content: string; readonly uploadUuid: null } | { readonly content: null; readonly uploadUuid: string };

function checkSource(source: StartDiscoveryInput['source']): CheckedSource {
  const content = source.content ?? null;
  const uploadId = source.uploadId ?? null;
  if (content === null && uploadId === null) {
    throw new CodedError(
      'MISSING_REQUIRED_FIELD',
      'Give the source as `content`, or upload it with POST /uploads and give its `uploadId`.',
      { field: 'source.content' },
    );
  }
  if (content !== null && uploadId !== null) {
    throw new CodedError('INVALID_INPUT', 'Give the source as `content` or as `uploadId`, not both.', {
      field: 'source.uploadId',
    });
  }
  if (uploadId !== null) {
    const uploadUuid = uuidOf('upload', uploadId);
    if (uploadUuid === null) throw noUpload();
    return { content: null, uploadUuid };
  }
  if (source.format === 'XLSX' || content!.startsWith('PK\u0003\u0004')) {
    throw new CodedError(
      'INVALID_INPUT',
      'A workbook is no text. Upload it with POST /uploads and give its `uploadId`.',
      {
        field: 'source.content',
        reason: 'WORKBOOK_INLINE',
      },
    );
  }
  if (content!.trim() === '')
    throw new CodedError('MISSING_REQUIRED_FIELD', 'The source is empty. Send a header line and at least one row.', {
      field: 'source.content',
    });
  if (content!.includes('\0'))
    throw new CodedError('INVALID_FORMAT', 'The source holds NUL characters, so it is no text. Send CSV or JSON.', {
      field: 'source.content',
    });
  return { content: content!.toWellFormed(), uploadUuid: null };
}

function checkSheet(sheet: string | null, isInline: boolean): string | null {
  if (sheet === null || !isInline) return sheet === null ? null : checkText(sheet, 'source.sheet', 255);
  throw new CodedError('INVALID_INPUT', 'The content of a request has no sheets. Leave `sheet` out.', {
    field: 'source.sheet',
    reason: 'NO_SUCH_SHEET',
  });
}

function checkEncoding(encoding: string | null, isInline: boolean): string | null {
  if (encoding === null) return null;
  if (isInline) {
    throw new CodedError('INVALID_INPUT', 'The content of a request is decoded already. Leave `encoding` out.', {
      field: 'source.encoding',
    });
  }
  if (encoding.length <= 40 && iconv.encodingExists(encoding)) return encoding;
  throw new CodedError(
    'INVALID_INPUT',
    'There is no such encoding. Give a name such as utf-8, windows-1252, gb18030 or shift_jis.',
    { field: 'source.encoding' },
  );
}

async function bytesOfUpload(transaction: WorkspaceTransaction, uploadUuid: string): Promise<number> {
  const upload = await useUpload(transaction, uploadUuid, uploadKeptMs);
  if (!upload) throw noUpload();
  return upload.bytes;
}

function noUpload(): CodedError {
  return new CodedError(
    'RESOURCE_NOT_FOUND',
    'There is no such upload in this workspace. Uploads are deleted when they have been unused for 24 hours.',
    {
      field: 'source.uploadId',
    },
  );
}
