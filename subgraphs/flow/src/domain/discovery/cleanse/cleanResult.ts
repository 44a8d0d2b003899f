import type { AssetKind, AssetStatus, Criticality, DependencyKind } from '@tributary/contracts/values';
import type { RejectedRow } from '../sourceRecord.js';

export type AttributeValue = string | number | boolean | readonly (string | number | boolean)[];

/** How the asset is found again when a source is imported again. Both are unique in a workspace. */
export interface MatchKeys {
  /** `id:<globally unique id>`, `ext:<id column>:<id>` or `name:<name>`, the last of them in lower case. */
  readonly primary: string;
  /**
   * Only for ids such as 17, which every system counts for itself: the primary key with the shape of the source added. To
   * be used when the primary key is held by an asset of another name that came from a source of another shape.
   */
  readonly fallback: string | null;
  /** Keys of serial numbers and UUIDs in other columns, by which another source may know the asset. Absent: none. */
  readonly others?: readonly string[];
}

export interface CleanAsset {
  /** Line or record number in the source. */
  readonly line: number;
  readonly matchKeys: MatchKeys;
  /** 1 to 255 characters. */
  readonly name: string;
  readonly kind: AssetKind;
  /** At most 512 characters, as the source writes it. */
  readonly externalId: string | null;
  readonly status: AssetStatus;
  readonly environment: string | null;
  readonly department: string | null;
  readonly criticality: Criticality;
  /** Lower case, without the final dot. */
  readonly hostname: string | null;
  /** IPv4, or IPv6 as RFC 5952 writes it. */
  readonly ipAddress: string | null;
  readonly operatingSystem: string | null;
  /** Lower case. Personal data. */
  readonly ownerEmail: string | null;
  /** Unique, at most 50 of at most 128 characters. */
  readonly tags: readonly string[];
  /** All that the source said and no field holds, by column name; sizes as `memoryMiB` and `diskMiB`. */
  readonly attributes: Readonly<Record<string, AttributeValue>>;
  /** Within what its name is unique; null: in the workspace. */
  readonly scope: string | null;
  /** ISO 8601, UTC, milliseconds. */
  readonly firstSeenAt: string | null;
  readonly lastSeenAt: string | null;
  /** Hash of the source's columns: equal for exports of one kind from one system. */
  readonly sourceShape: string;
}

/** An asset that a row speaks of. */
export interface AssetReference {
  /** Those of the asset that the row is itself; null when it is only named. */
  readonly matchKeys: MatchKeys | null;
  /** Name, host name or external id as the source writes it, 1 to 512 characters. To be matched without case. */
  readonly text: string;
}

export interface CleanDependency {
  readonly line: number;
  readonly from: AssetReference;
  readonly to: AssetReference;
  readonly kind: DependencyKind;
  /** The source's own word, where the kind is related_to and it has one. */
  readonly relation: string | null;
  /** 0 to 1: 1 from a connections file, 0.9 from a column of the asset. */
  readonly confidence: number;
  /** What the other end must be, when the column says so: a host is a SERVER. Null otherwise. */
  readonly toKind: AssetKind | null;
  /** The other cells of a connections row, such as ports and cable types. */
  readonly attributes: Readonly<Record<string, AttributeValue>>;
}

export type CleanResult =
  | { readonly type: 'asset'; readonly asset: CleanAsset; readonly dependencies: readonly CleanDependency[] }
  | { readonly type: 'dependency'; readonly dependency: CleanDependency }
  | { readonly type: 'rejected'; readonly rejected: RejectedRow };
