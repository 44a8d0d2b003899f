import { z } from 'zod';
import { assetMeasures } from '../values/alert.js';
import { assetKinds, assetStatuses, criticalities, dependencyKinds } from '../values/asset.js';
import { discoveryCoverages } from '../values/flow.js';
import { defineCommand } from './Command.js';
import type { WindowFigure } from './metrics.js';

/** An asset as a discovery found it: normalised, with the keys that recognise it. */
const foundAsset = z.object({
  /** Recognises the asset; see docs/decisions on identity. */
  key: z.string().min(1).max(600),
  /** Taken instead of `key` when that key belongs to an asset with another name that came from a source of another shape. */
  fallbackKey: z.string().min(1).max(600).nullable(),
  /** Keys of its serial numbers and UUIDs: where nothing has `key`, the asset of another source that has one of them. Absent: none. */
  otherKeys: z.array(z.string().min(1).max(600)).max(8).optional(),
  /** Short hash of the source's column names. */
  sourceShape: z.string().max(64),
  kind: z.enum(assetKinds),
  name: z.string().min(1).max(255),
  externalId: z.string().max(512).nullable(),
  /** Site, namespace or account within which its name is unique; null: in the workspace. */
  scope: z.string().max(255).nullable(),
  status: z.enum(assetStatuses),
  environment: z.string().nullable(),
  department: z.string().nullable(),
  criticality: z.enum(criticalities),
  hostname: z.string().nullable(),
  ipAddress: z.string().nullable(),
  operatingSystem: z.string().nullable(),
  ownerEmail: z.string().nullable(),
  tags: z.array(z.string()),
  attributes: z.record(z.string(), z.unknown()),
});
export type FoundAsset = z.infer<typeof foundAsset>;

/** A dependency by names, as a source says it: each side is a name, hostname or external id of an asset of the workspace. */
const foundDependency = z.object({
  /**
   * Keys of the asset whose row says this: the edge starts at it, whatever else is called the same. The second is its `fallbackKey`.
   * Absent: it starts at what `from` names.
   */
  fromKeys: z.array(z.string().min(1).max(600)).max(2).optional(),
  from: z.string().min(1).max(512),
  to: z.string().min(1).max(512),
  kind: z.enum(dependencyKinds),
  /** The source's own word where the kind is related_to; null: it has none. */
  relation: z.string().min(1).max(255).nullable(),
  confidence: z.number().min(0).max(1),
  /** Kind that an asset for `to` (or `from`) gets when none of that name is known; null: such a dependency is left out. */
  createAs: z.enum(assetKinds).nullable(),
});
export type FoundDependency = z.infer<typeof foundDependency>;

/** Who speaks: exports of one kind, from one place, under one name are one source. */
const speaker = z.object({
  /** The same for each import of the source. */
  key: z.string().min(1).max(900),
  /** What people know it by. */
  name: z.string().min(1).max(600),
});
export type Speaker = z.infer<typeof speaker>;

const chunk = z.object({
  /** Bare uuid. */
  flowId: z.uuid(),
  source: speaker,
  /** A chunk that comes again (a worker died) does nothing and answers what it answered the first time. */
  chunk: z.number().int().min(0),
});

export interface InventoryOutcome {
  readonly created: number;
  readonly updated: number;
  /** Seen again without a change. */
  readonly unchanged: number;
  /** Of those that are new: they have the name of another asset, and are none. Absent: none. */
  readonly keptApart?: number;
}

/** Writes a chunk of found assets: new ones are created, known ones updated, none doubled. */
export const inventoryCommand = defineCommand<InventoryOutcome>()({
  subgraph: 'asset',
  name: 'inventory',
  action: 'asset.inventory',
  input: chunk.extend({ assets: z.array(foundAsset).max(5_000) }),
});

export interface ConnectOutcome {
  /** Dependencies that are new or were seen again. */
  readonly found: number;
  /** Of these, new ones. */
  readonly created: number;
  /** Left out, because one side is not known. */
  readonly unresolved: number;
}

/** Writes a chunk of dependencies between assets of the workspace. */
export const connectCommand = defineCommand<ConnectOutcome>()({
  subgraph: 'asset',
  name: 'connect',
  action: 'asset.inventory',
  input: chunk.extend({ dependencies: z.array(foundDependency).max(5_000) }),
});

export interface SettleOutcome {
  /** Dependencies that the source no longer says, and nobody else does. */
  readonly ended: number;
  /** Of a complete import: assets that the source showed before and nobody shows any more, and those of them that are retired by that. */
  readonly missing: number;
  readonly retired: number;
  /** Of a partial import: assets that it shows, and those of the source's that it does not; up to a million each. */
  readonly shown: number;
  readonly notShown: number;
  /** Where the next call goes on; null: all is done. */
  readonly next: string | null;
}

/**
 * Takes back what the source said before and its rows, seen again by this flow, say no longer; of a complete import also marks what it no
 * longer shows. In slices: to be called until `next` is null. What other sources say stays.
 */
export const settleCommand = defineCommand<SettleOutcome>()({
  subgraph: 'asset',
  name: 'settle',
  action: 'asset.inventory',
  input: chunk.extend({
    /** What the outcome of the call before this one said; null for the first. */
    after: z.string().max(1_000).nullable(),
    /** Kinds of dependencies that the source's columns can name: of others its rows say nothing. */
    kinds: z.array(z.enum(dependencyKinds)).max(20),
    /** Whether the source has rows that are dependencies themselves: such a row speaks of its pair, and of all of its kind that start where it does. */
    rowsAreDependencies: z.boolean().optional(),
    coverage: z.enum(discoveryCoverages),
    /** Complete imports after which what they do not show is retired. */
    retireAfter: z.number().int().min(1),
  }),
});

/**
 * One measure of assets at moments that are a step apart, for alert rules: over all assets, or for each asset (by public id), kind or source
 * that has one; the source of an asset is the one that saw it last. What is known of assets now is what is answered. Throws INVALID_INPUT
 * for more than 100,000 figures.
 */
export const assetFiguresCommand = defineCommand<WindowFigure[]>()({
  subgraph: 'asset',
  name: 'assetFigures',
  action: 'asset.read',
  input: z.object({
    measure: z.enum(assetMeasures),
    groupBy: z.enum(['ASSET', 'ASSET_KIND', 'SOURCE']).nullable(),
    firstEnd: z.coerce.date(),
    count: z.number().int().min(1).max(10_000),
    stepMs: z.number().int().min(1_000),
    windowMs: z.number().int().min(1_000),
  }),
});
