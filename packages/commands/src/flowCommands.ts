import { z } from 'zod';
import { defineStreamingCommand } from './Command.js';

export const flowStatuses = [
  'QUEUED',
  'RUNNING',
  'AWAITING_APPROVAL',
  'PAUSED',
  'SUCCEEDED',
  'FAILED',
  'CANCELLED',
] as const;
export type FlowStatusName = (typeof flowStatuses)[number];

/** Why a flow failed. `code` is one of the source, runner or flow error codes; it may be one that this reader does not know. */
const flowFailure = z.object({
  code: z.string(),
  message: z.string(),
  /** Name of the phase that failed; null when it failed between phases. */
  phase: z.string().nullable(),
  retryable: z.boolean(),
});
export type FlowFailureFacts = z.infer<typeof flowFailure>;

/**
 * An event of stream `flows` (the life of every flow of a workspace) and of `flow:<uuid>`: what stood when it happened. Durable
 * consumers of stream `flows` parse the log's `{ type, payload }` with this; later types are let through as they are.
 *
 * Types on `flows`: flow.created, flow.started, phase.started, phase.finished, phase.failed, flow.awaiting_approval, flow.approved,
 * flow.paused, flow.resumed, flow.retried, flow.cancelled, flow.finished (SUCCEEDED), flow.failed (FAILED, with `failure`).
 * `flow:<uuid>` has these and phase.progressed.
 */
export const flowLifeEvent = z.object({
  type: z.string(),
  payload: z.object({
    /** Bare uuid. */
    flowId: z.uuid(),
    /** "discovery", or what an outside runner gave. */
    kind: z.string(),
    name: z.string(),
    status: z.enum(flowStatuses),
    /** Name of the phase that it is about; null when it is about the whole flow and no phase stands. */
    phase: z.string().nullable(),
    /** Of the whole flow, 0 to 1. */
    progress: z.number().min(0).max(1),
    message: z.string().nullable(),
    data: z.record(z.string(), z.unknown()),
    /** With flow.failed and phase.failed; otherwise absent or null. */
    failure: flowFailure.nullish(),
  }),
});
export type FlowLifeEvent = z.infer<typeof flowLifeEvent>;

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
