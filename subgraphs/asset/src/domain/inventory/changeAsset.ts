import type { AssetContent } from '../../storage/assetContent.js';
import type { AssetToChange, AssetToWrite } from '../../storage/inventoryStatements.js';
import { nameKeyOf } from '../searchTerms.js';
import { isSameContent, mergeContent } from './mergeContent.js';
import type { SeenOtherwise } from './planInventory.js';
import { toWrite } from './toWrite.js';

export interface ChangedAsset {
  /** Finds that changed something which can be seen, and those that did not. */
  readonly updated: number;
  readonly unchanged: number;
  /** The row to write; null when nothing that can be seen changed. */
  readonly row: AssetToWrite | null;
  readonly fingerprint: string;
}

/** What becomes of a known asset after a chunk's finds of it, one after the other. */
export function changeAsset(current: AssetToChange, { finds }: Pick<SeenOtherwise, 'finds'>): ChangedAsset {
  let content = contentOnly(current);
  let { sourceShape, fingerprint } = current;
  let updated = 0;
  for (const { found, fingerprint: said } of finds) {
    const owns = sourceShape === '' || sourceShape === found.sourceShape;
    const merged = mergeContent(content, found, { owns, editedFields: current.editedFields });
    if (!isSameContent(content, merged) || sourceShape === '') updated += 1;
    content = merged;
    if (owns) ({ sourceShape, fingerprint } = { sourceShape: found.sourceShape, fingerprint: said });
  }
  const known = {
    id: current.id,
    sourceKey: current.sourceKey,
    sourceShape,
    nameKey: nameKeyOf(content.name),
    fingerprint,
  };
  return {
    updated,
    unchanged: finds.length - updated,
    row: updated > 0 ? toWrite(known, content) : null,
    fingerprint,
  };
}

/** Of a row, what a source or a person can say of it. */
export function contentOnly(asset: AssetContent): AssetContent {
  return {
    kind: asset.kind,
    name: asset.name,
    externalId: asset.externalId,
    scope: asset.scope,
    status: asset.status,
    environment: asset.environment,
    department: asset.department,
    criticality: asset.criticality,
    hostname: asset.hostname,
    ipAddress: asset.ipAddress,
    operatingSystem: asset.operatingSystem,
    ownerEmail: asset.ownerEmail,
    tags: asset.tags,
    attributes: asset.attributes,
  };
}
