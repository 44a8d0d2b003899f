import type { AssetKind, AssetStatus, Criticality } from '@tributary/contracts/values';
import { removedCredential } from '@tributary/kernel';
import { kindOfOperatingSystem, readAssetKind } from '../normalise/assetKind.js';
import { readAssetStatus } from '../normalise/assetStatus.js';
import { isBlankText } from '../normalise/blank.js';
import { readCriticality } from '../normalise/criticality.js';
import { readDate } from '../normalise/date.js';
import { readEmail } from '../normalise/email.js';
import { readEnvironment } from '../normalise/environment.js';
import { readHostname } from '../normalise/hostname.js';
import { bestAddress, readIpAddress } from '../normalise/ipAddress.js';
import { isMangledNumber, isPlaceholderId } from '../normalise/placeholders.js';
import { readTags, tagLimits } from '../normalise/tags.js';
import { textOf } from '../rejectRow.js';
import type { SourceNotes } from '../source/SourceNotes.js';
import type { SourceRecord } from '../sourceRecord.js';
import type { TargetField } from '../mapping/mappingTargets.js';
import { putAttribute, putText } from './attributePlan.js';
import type { AttributeValue, CleanAsset } from './cleanResult.js';
import type { CleansingPlan } from './CleansingPlan.js';
import { hardwareKeysOf } from './hardwareKeys.js';
import { allKeysOf, isGloballyUnique, isSharedId } from './matchKeysOf.js';
import { RowRejection } from './RowRejection.js';

const textLimit = 255;
const idLimit = 512;

/** One row as an asset. Throws RowRejection. Words that are not known become UNKNOWN or OTHER and stay in the attributes. */
export function cleanAsset(plan: CleansingPlan, record: SourceRecord, notes: SourceNotes): CleanAsset {
  const attributes = Object.create(null) as Record<string, AttributeValue>;
  for (let index = 0; index < record.values.length; index += 1) {
    const attribute = plan.attributes[index];
    if (attribute !== null && attribute !== undefined) putAttribute(attributes, attribute, record.values[index]);
  }
  for (const name in record.overflow) putText(attributes, name, record.overflow[name]);

  const keep = (field: TargetField): void =>
    putText(attributes, plan.names[plan.columnOf[field]!]!, record.values[plan.columnOf[field]!]);
  const externalId = cleanId(plan, record, keep, notes);
  const hostname = cleanHostname(plan, record, keep);
  const ipAddress = cleanAddress(plan, record, attributes, keep, notes);
  const operatingSystem = cell(plan, record, 'operatingSystem', textLimit);
  const name = cleanName(plan, record, externalId, hostname, ipAddress);
  const environment = cell(plan, record, 'environment', textLimit);
  const scope = scopeIn(plan, record, name);
  const kind = cleanKind(plan, record, operatingSystem, keep);
  const isShared = externalId !== null && isSharedId(plan, externalId);
  if (isShared) keep('externalId');
  return {
    line: record.line,
    matchKeys: allKeysOf(
      plan,
      { name, externalId, scope, hostname, ipAddress, kind },
      hardwareKeysOf(plan.hardwareColumns, record, kind),
    ),
    scope,
    name,
    kind,
    externalId: isShared ? null : externalId,
    status: cleanStatus(plan, record, keep),
    environment: environment === null ? null : (readEnvironment(environment) ?? environment),
    department: cell(plan, record, 'department', textLimit),
    criticality: cleanCriticality(plan, record, keep),
    hostname,
    ipAddress,
    operatingSystem,
    ownerEmail: cleanEmail(plan, record, keep),
    tags: cleanTags(plan, record),
    firstSeenAt: cleanDate(plan, record, 'firstSeenAt', keep, notes),
    lastSeenAt: cleanDate(plan, record, 'lastSeenAt', keep, notes),
    // A plain object, which every serialiser takes; own keys such as __proto__ survive the copy.
    attributes: { ...attributes },
    sourceShape: plan.sourceShape,
  };
}

type Keep = (field: TargetField) => void;

function cell(plan: CleansingPlan, record: SourceRecord, field: TargetField, limit: number): string | null {
  const index = plan.columnOf[field];
  if (index === undefined) return null;
  const text = textOf(record.values[index]);
  if (isBlankText(text) || text === removedCredential) return null;
  if (text.length > limit) {
    throw new RowRejection(
      'VALUE_TOO_LONG',
      `Line ${record.line}: ${plan.names[index]} has ${text.length} characters, ${field} takes ${limit}. Shorten it or leave the column unmapped.`,
    );
  }
  return text;
}

/** Of a mapped column always; of one that may tell names apart for the names that need it. */
function scopeIn(plan: CleansingPlan, record: SourceRecord, name: string): string | null {
  if (plan.scopeCandidate === null) return cell(plan, record, 'scope', textLimit);
  return plan.scopedNames.has(name.toLowerCase()) ? scopeOfRow(plan, record) : null;
}

/** What tells a row apart from others of its name; null when it says nothing. */
export function scopeOfRow(plan: CleansingPlan, record: SourceRecord): string | null {
  const text = plan.scopeCandidate === null ? '' : textOf(record.values[plan.scopeCandidate]).slice(0, textLimit);
  return isBlankText(text) ? null : text;
}

/** Placeholders and numbers that a spreadsheet has cut short recognise nothing. */
function cleanId(plan: CleansingPlan, record: SourceRecord, keep: Keep, notes: SourceNotes): string | null {
  const id = cell(plan, record, 'externalId', idLimit);
  if (id === null || !(isPlaceholderId(id) || isMangledNumber(id))) return id;
  if (isMangledNumber(id)) notes.add('MANGLED_NUMBER', record.line);
  keep('externalId');
  return null;
}

function cleanName(
  plan: CleansingPlan,
  record: SourceRecord,
  externalId: string | null,
  hostname: string | null,
  ipAddress: string | null,
): string {
  const name = cell(plan, record, 'name', textLimit);
  if (name !== null) return name;
  const standIn =
    plan.columnOf.name === undefined
      ? firstName(plan, externalId, hostname, ipAddress)
      : (hostname ?? uniqueId(externalId));
  if (standIn === null) {
    const column = plan.columnOf.name === undefined ? `${plan.nameStandIn} is` : `${plan.names[plan.columnOf.name]} is`;
    throw new RowRejection(
      'MISSING_NAME',
      `Line ${record.line}: ${column} empty and nothing else names the asset. Fill it in at the source.`,
    );
  }
  if (standIn.length > textLimit)
    throw new RowRejection(
      'VALUE_TOO_LONG',
      `Line ${record.line}: the id is too long to stand in for the name. Map a column to name.`,
    );
  return standIn;
}

function firstName(
  plan: CleansingPlan,
  externalId: string | null,
  hostname: string | null,
  ipAddress: string | null,
): string | null {
  const all = { hostname, externalId, ipAddress };
  return all[plan.nameStandIn] ?? hostname ?? externalId ?? ipAddress;
}

function uniqueId(externalId: string | null): string | null {
  return externalId !== null && isGloballyUnique(externalId) ? externalId : null;
}

/** A machine's role says what it does, not what it is: in a list of virtual machines, a Database Server is one of them. */
const rolesOfMachines: ReadonlySet<AssetKind> = new Set(['SERVER', 'APPLICATION', 'DATABASE', 'SERVICE', 'OTHER']);

function cleanKind(plan: CleansingPlan, record: SourceRecord, operatingSystem: string | null, keep: Keep): AssetKind {
  const text = cell(plan, record, 'kind', textLimit);
  const read = text === null ? null : readAssetKind(text);
  // `Distribution Switch` says more than NETWORK_DEVICE.
  if (text !== null && text.toUpperCase().replace(/[\s-]+/g, '_') !== read) keep('kind');
  if (read !== null && plan.isKnown) return read;
  if (read !== null) return plan.kindHint === 'VIRTUAL_MACHINE' && rolesOfMachines.has(read) ? 'VIRTUAL_MACHINE' : read;
  return plan.kindHint ?? (operatingSystem === null ? null : kindOfOperatingSystem(operatingSystem)) ?? 'OTHER';
}

function cleanStatus(plan: CleansingPlan, record: SourceRecord, keep: Keep): AssetStatus {
  const text = cell(plan, record, 'status', textLimit);
  if (text === null) return 'UNKNOWN';
  const read = readAssetStatus(text);
  if (read === null || text.toUpperCase() !== read) keep('status');
  return read ?? 'UNKNOWN';
}

function cleanCriticality(plan: CleansingPlan, record: SourceRecord, keep: Keep): Criticality {
  const text = cell(plan, record, 'criticality', textLimit);
  if (text === null) return 'UNKNOWN';
  const read = readCriticality(text);
  if (read === null) keep('criticality');
  return read ?? 'UNKNOWN';
}

function cleanHostname(plan: CleansingPlan, record: SourceRecord, keep: Keep): string | null {
  const text = cell(plan, record, 'hostname', 253);
  if (text === null) return null;
  const hostname = readHostname(text);
  if (hostname === null) keep('hostname');
  return hostname;
}

/**
 * Several addresses in a cell: the first usable one is the asset's, all are kept as `ipAddresses`. Notes in brackets and words between
 * them are left out; a cell without any address is kept as an attribute.
 */
function cleanAddress(
  plan: CleansingPlan,
  record: SourceRecord,
  attributes: Record<string, AttributeValue>,
  keep: Keep,
  notes: SourceNotes,
): string | null {
  const text = cell(plan, record, 'ipAddress', 4_096);
  if (text === null) return null;
  const single = readIpAddress(text);
  if (single !== null) return single;
  const parts = text.replace(/\([^)]*\)/g, ' ').split(/[\s,;|]+/);
  const addresses = parts.flatMap((part) => readIpAddress(part) ?? []);
  if (addresses.length === 0) {
    keep('ipAddress');
    notes.add('ODD_ADDRESS', record.line);
  }
  if (addresses.length > 1) attributes['ipAddresses'] = addresses;
  return bestAddress(addresses);
}

function cleanEmail(plan: CleansingPlan, record: SourceRecord, keep: Keep): string | null {
  const text = cell(plan, record, 'ownerEmail', 320);
  if (text === null) return null;
  const email = readEmail(text) ?? readEmail(text.split(/[,;\s]+/, 1)[0]!);
  if (email !== text.toLowerCase()) keep('ownerEmail');
  return email;
}

/** A cell that is no date costs nothing but the date: it stays as an attribute. */
function cleanDate(
  plan: CleansingPlan,
  record: SourceRecord,
  field: 'firstSeenAt' | 'lastSeenAt',
  keep: Keep,
  notes: SourceNotes,
): string | null {
  const text = cell(plan, record, field, 4_096);
  if (text === null || text.startsWith('0000-') || text.startsWith('0001-01-01')) return null;
  const date = readDate(text, plan.dateOrders[field]);
  if (date === null) {
    keep(field);
    notes.add('ODD_DATE', record.line);
  }
  return date;
}

function cleanTags(plan: CleansingPlan, record: SourceRecord): string[] {
  if (plan.tagColumns.length === 0) return [];
  const tags = new Set<string>();
  for (const { index, prefix } of plan.tagColumns) {
    const value = record.values[index];
    if (prefix === '') {
      for (const tag of readTags(value)) if (!isBlankText(tag)) tags.add(tag);
    } else {
      const text = textOf(value);
      if (!isBlankText(text) && prefix.length + text.length <= tagLimits.characters) tags.add(prefix + text);
    }
  }
  return [...tags].slice(0, tagLimits.count);
}
