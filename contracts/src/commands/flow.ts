import { z } from 'zod';
import { discoveryMeasures, flowMeasures } from '../values/alert.js';
import { defineCommand, defineStreamingCommand } from './Command.js';
import type { WindowFigure } from './metrics.js';

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

/**
 * One measure of flows at moments that are a step apart, for alert rules: over all flows, or for each kind, flow or source that has one.
 * What is known of flows now is what is answered: of one that was started again nobody sees that it had failed. Throws INVALID_INPUT for
 * more than 100,000 figures.
 */
export const flowFiguresCommand = defineCommand<WindowFigure[]>()({
  subgraph: 'flow',
  name: 'flowFigures',
  action: 'flow.read',
  input: z.object({
    measure: z.enum([...flowMeasures, ...discoveryMeasures]),
    /** Measures of flows by FLOW or FLOW_KIND, of discoveries by SOURCE. */
    groupBy: z.enum(['FLOW', 'FLOW_KIND', 'SOURCE']).nullable(),
    firstEnd: z.coerce.date(),
    count: z.number().int().min(1).max(10_000),
    stepMs: z.number().int().min(1_000),
    windowMs: z.number().int().min(1_000),
  }),
});

/** When discoveries ended, well or not, in a time (from < t ≤ to): milliseconds since 1970, ascending, the last 1,000. */
export const discoveryEndsCommand = defineCommand<number[]>()({
  subgraph: 'flow',
  name: 'discoveryEnds',
  action: 'flow.read',
  input: z.object({ from: z.coerce.date(), to: z.coerce.date() }),
});
