import type { AssetContent } from '../../storage/assetContent.js';
import type { AssetTerm, AssetToWrite, KnownAsset } from '../../storage/inventoryStatements.js';
import { joinTerms, splitTerms } from '../../storage/searchText.js';
import { nameKeyOf, termsOf } from '../searchTerms.js';

/** The row of an asset: its content, and the names that a dependency may call it by where they say more than its name. */
export function toWrite(known: KnownAsset, content: AssetContent): AssetToWrite {
  return {
    id: known.id,
    sourceKey: known.sourceKey,
    sourceShape: known.sourceShape,
    nameKey: known.nameKey,
    fingerprint: known.fingerprint,
    kind: content.kind,
    name: content.name,
    externalId: content.externalId,
    scope: content.scope,
    status: content.status,
    environment: content.environment,
    department: content.department,
    criticality: content.criticality,
    hostname: content.hostname,
    ipAddress: content.ipAddress,
    operatingSystem: content.operatingSystem,
    ownerEmail: content.ownerEmail,
    tags: content.tags,
    attributes: content.attributes,
    searchText: joinTerms(termsOf(content)),
    ...otherNames(known.nameKey, content),
  };
}

export function otherNames(
  nameKey: string,
  content: Pick<AssetContent, 'hostname' | 'externalId'>,
): { hostnameKey: string | null; externalKey: string | null } {
  const hostname = content.hostname === null ? nameKey : nameKeyOf(content.hostname);
  const external = content.externalId === null ? nameKey : nameKeyOf(content.externalId);
  return {
    hostnameKey: hostname === nameKey || hostname === '' ? null : hostname,
    externalKey: external === nameKey || external === hostname || external === '' ? null : external,
  };
}

/** What of an asset's row says by which terms it is found. */
export interface Searched {
  readonly id: string;
  readonly searchText: string;
}

/** Terms in the order of their index, which makes writing them a third cheaper. */
export function termRows(assets: readonly Searched[]): AssetTerm[] {
  const rows: AssetTerm[] = [];
  for (const { id, searchText } of assets) {
    for (const term of splitTerms(searchText)) rows.push({ assetId: id, term });
  }
  return inOrder(rows);
}

/** The terms that a change of an asset adds and takes away. */
export function changedTerms(before: Searched, after: Searched): { added: AssetTerm[]; gone: AssetTerm[] } {
  const [old, now] = [before, after].map(({ searchText }) => new Set(splitTerms(searchText))) as [
    Set<string>,
    Set<string>,
  ];
  const rowsOf = (terms: Set<string>, others: Set<string>) =>
    [...terms].filter((term) => !others.has(term)).map((term) => ({ assetId: before.id, term }));
  return { added: rowsOf(now, old), gone: rowsOf(old, now) };
}

export function inOrder(rows: AssetTerm[]): AssetTerm[] {
  return rows.sort((one, other) => {
    if (one.term === other.term) return one.assetId < other.assetId ? -1 : 1;
    return one.term < other.term ? -1 : 1;
  });
}
