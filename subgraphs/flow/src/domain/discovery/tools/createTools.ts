import { Readable } from 'node:stream';
import { connectCommand, inventoryCommand, settleCommand } from '@tributary/contracts/commands';
import type { CommandClient } from '@tributary/commands';
import type { Database } from '@tributary/data';
import {
  deleteSource,
  insertRejectedRows,
  readProfile,
  readSource,
  replaceMappings,
  writeCounts,
  writeProfile,
} from '../../../storage/discoveryStatements.js';
import { discoveriesOf, mappingsOf, phasesOf } from '../../../storage/flowStatements.js';
import { recallDecisions } from '../../../storage/mappingStatements.js';
import { UploadGone } from '../../../storage/uploads/UploadStore.js';
import type { UploadStore } from '../../../storage/uploads/UploadStore.js';
import { findUpload } from '../../../storage/uploadStatements.js';
import { listDefinitions } from '../../../storage/definitionStatements.js';
import { jobContext } from '../../engine/jobContext.js';
import { PhaseFailure } from '../../engine/PhaseFailure.js';
import type { SourceProfile } from '../profile/SourceProfile.js';
import { definitionsOf, definitionsOfProfile } from '../definitions/ownDefinitions.js';
import { maxDefinitions } from '../definitions/SourceDefinitions.js';
import { openSource } from '../source/openSource.js';
import { retireAfterMissing } from './retireAfterMissing.js';
import { cleansedSource, statementsOf } from './cleansedSource.js';
import type { DiscoveryTools, DiscoveryTool, NotesTool, SourceTool } from './DiscoveryTools.js';

export interface ToolParts {
  readonly database: Database;
  readonly commands: CommandClient;
  readonly uploads: UploadStore;
}

const pieceBytes = 65_536;

/** The tools of one workspace's agents. */
export function createTools(parts: ToolParts, workspaceId: string): DiscoveryTools {
  const { database, commands } = parts;
  const discoveries = discoveryTool(database, workspaceId);
  return {
    discoveries,
    sources: sourceTool(parts, workspaceId, discoveries),
    notes,
    mappingMemory: {
      recall: (columns) => database.read({ workspaceId }, recallDecisions(columns)),
    },
    inventory: {
      put: (chunk, assets) =>
        commands.call(inventoryCommand, { ...chunk, assets }, jobContext(workspaceId, chunk.flowId)),
      connect: (chunk, dependencies) =>
        commands.call(connectCommand, { ...chunk, dependencies }, jobContext(workspaceId, chunk.flowId)),
      settle: async (chunk, { kinds, rowsAreDependencies, coverage }, after) => {
        const context = jobContext(workspaceId, chunk.flowId);
        const retireAfter = coverage === 'COMPLETE' ? await retireAfterMissing(commands, context) : 1;
        const input = { ...chunk, kinds: [...kinds], rowsAreDependencies, coverage, retireAfter, after };
        return commands.call(settleCommand, input, context);
      },
    },
  };
}

const notes: NotesTool = {
  counts: (flowId, counts) => (transaction) => writeCounts(transaction, flowId, counts),
  profile: (flowId, profile) => (transaction) => writeProfile(transaction, flowId, profile),
  mappings: (flowId, mappings) => (transaction) => replaceMappings(transaction, flowId, mappings),
  rejectedRows: (flowId, rows) => (transaction) => insertRejectedRows(transaction, flowId, rows),
  releaseSource: (flowId) => (transaction) => deleteSource(transaction, flowId),
};

function discoveryTool(database: Database, workspaceId: string): DiscoveryTool {
  const scope = { workspaceId };
  return {
    async read(flowId) {
      const [discovery] = await database.read(scope, discoveriesOf(database, [flowId]));
      if (!discovery) throw new Error(`Flow ${flowId} has no discovery row.`);
      return discovery;
    },
    async profile(flowId) {
      const [profile] = await database.read(scope, readProfile(flowId));
      if (!profile) throw new Error(`Flow ${flowId} has no profile: its import has not ended.`);
      return profile as SourceProfile;
    },
    phases: (flowId) => database.read(scope, phasesOf(database, [flowId])),
    async statements(flowId) {
      const [discovery, profile, mappings] = await Promise.all([
        this.read(flowId),
        this.profile(flowId),
        database.read(scope, mappingsOf(database, [flowId])),
      ]);
      return statementsOf(discovery, profile, mappings);
    },
  };
}

function sourceTool({ database, uploads }: ToolParts, workspaceId: string, discoveries: DiscoveryTool): SourceTool {
  const scope = { workspaceId };
  const open: SourceTool['open'] = async ({ uploadId, flowId, sourceFormat, sourceEncoding, sourceSheet }, profile) => {
    const definitions =
      profile === undefined
        ? definitionsOf(await database.read(scope, listDefinitions(database, null, maxDefinitions)))
        : definitionsOfProfile(profile);
    if (uploadId === null) {
      const [content] = await database.read(scope, readSource(flowId));
      if (content === undefined) throw sourceGone();
      return openSource({
        format: sourceFormat,
        sheet: sourceSheet,
        definitions,
        open: () => Readable.from(pieces(Buffer.from(content))),
      });
    }
    const [upload] = await database.read(scope, findUpload(uploadId));
    if (!upload) throw sourceGone();
    return openSource({
      format: sourceFormat,
      encoding: sourceEncoding,
      sheet: sourceSheet,
      definitions,
      open: () => openUpload(uploads, upload.storageKey),
    });
  };
  return {
    open,
    async openCleansed(flowId, options) {
      const [discovery, profile, mappings] = await Promise.all([
        discoveries.read(flowId),
        discoveries.profile(flowId),
        database.read(scope, mappingsOf(database, [flowId])),
      ]);
      return cleansedSource({ discovery, profile, mappings, source: await open(discovery, profile), ...options });
    },
  };
}

async function openUpload(uploads: UploadStore, key: string): Promise<Readable> {
  try {
    return await uploads.open(key);
  } catch (error) {
    throw error instanceof UploadGone ? sourceGone() : error;
  }
}

function sourceGone(): PhaseFailure {
  return new PhaseFailure(
    'SOURCE_GONE',
    'The source is no longer stored: uploads are deleted 24 hours after their last use. Upload it again and start a new flow.',
    false,
  );
}

function* pieces(content: Buffer): Generator<Buffer> {
  for (let start = 0; start < content.length; start += pieceBytes) yield content.subarray(start, start + pieceBytes);
}
