import { z } from 'zod';
import { defineStreamingCommand } from './Command.js';

export interface StoredUpload {
  /** Public id, `upload_…`: good for startDiscovery in this workspace until it has been unused for 24 hours. */
  readonly uploadId: string;
  readonly bytes: number;
  /** Hex. */
  readonly sha256: string;
}

/**
 * Stores a source file for a discovery. Throws INVALID_INPUT for an empty file and QUOTA_EXCEEDED above the limit of 200 MB;
 * nothing is left of a file that was not taken whole.
 */
export const uploadCommand = defineStreamingCommand<StoredUpload>()({
  subgraph: 'flow',
  name: 'upload',
  action: 'upload.create',
  input: z.object({ name: z.string().min(1).max(255) }),
});
