import { Readable } from 'node:stream';
import { connectCommand, inventoryCommand } from '@tributary/commands';
import type { CommandClient } from '@tributary/commands';
import type { Database } from '@tributary/data';
import { readProfile, readSource } from '../../../storage/discoveryStore.js';
import { discoveriesOf, mappingsOf, phasesOf } from '../../../storage/flowReads.js';
import { recallDecisions } from '../../../storage/mappingMemory.js';
import { UploadGone } from '../../../storage/uploads/UploadStore.js';
import type { UploadStore } from '../../../storage/uploads/UploadStore.js';
import { findUpload } from '../../../storage/uploadStatements.js';
import type { SourceProfile } from '../profile/SourceProfile.js';
import { openSource } from '../source/openSource.js';
import { PhaseFailure } from '../../engine/PhaseFailure.js';
import type { AgentTools } from './DiscoveryTools.js';
import { jobContext } from '../../engine/jobContext.js';

export interface ToolParts {
  readonly database: Database;
  readonly commands: CommandClient;
  readonly uploads: UploadStore;
}

const pieceBytes = 65_536;

/** The tools of one workspace's agents. */
export function createTools({ database, commands, uploads }: ToolParts, workspaceId: string): AgentTools {
  const scope = { workspaceId };
  return {
    sources: {
      async open(discovery) {
        const { uploadId, flowId, sourceFormat } = discovery;
        if (uploadId === null) {
          const [content] = await database.read(scope, readSource(workspaceId, flowId));
          if (content === undefined) throw sourceGone();
          return openSource({ format: sourceFormat, open: () => Readable.from(pieces(Buffer.from(content))) });
        }
        const [upload] = await database.read(scope, findUpload(workspaceId, uploadId));
        if (!upload) throw sourceGone();
        return openSource({ format: sourceFormat, open: () => openUpload(uploads, upload.storageKey) });
      },
    },
    discoveries: {
      async read(flowId) {
        const [discovery] = await database.read(scope, discoveriesOf(database, workspaceId, [flowId]));
        if (!discovery) throw new Error(`Flow ${flowId} has no discovery row.`);
        return discovery;
      },
      async profile(flowId) {
        const [profile] = await database.read(scope, readProfile(workspaceId, flowId));
        if (!profile) throw new Error(`Flow ${flowId} has no profile: its import has not ended.`);
        return profile as SourceProfile;
      },
      async mappings(flowId) {
        const mappings = await database.read(scope, mappingsOf(database, workspaceId, [flowId]));
        return mappings.map(({ sourceField, targetField, status }) => ({
          sourceField,
          targetField: status === 'REJECTED' ? null : targetField,
        }));
      },
      phases: (flowId) => database.read(scope, phasesOf(database, workspaceId, [flowId])),
    },
    mappingMemory: {
      recall: (columns) => database.read(scope, recallDecisions(workspaceId, columns)),
    },
    inventory: {
      put: (flowId, chunk, assets) =>
        commands.call(inventoryCommand, { flowId, chunk, assets }, jobContext(workspaceId, flowId)),
      connect: (flowId, chunk, dependencies) =>
        commands.call(connectCommand, { flowId, chunk, dependencies }, jobContext(workspaceId, flowId)),
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
