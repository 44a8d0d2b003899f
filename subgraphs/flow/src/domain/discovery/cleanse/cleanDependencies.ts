import type { AssetKind, DependencyKind } from '@tributary/contracts/values';
import { removedCredential } from '@tributary/kernel';
import { isBlankText } from '../normalise/blank.js';
import { readIpAddress } from '../normalise/ipAddress.js';
import { readRelation, type Relation } from '../normalise/relationWords.js';
import type { DependencyTarget } from '../mapping/mappingTargets.js';
import { textOf } from '../rejectRow.js';
import type { SourceRecord, SourceValue } from '../sourceRecord.js';
import { isOfOneThing } from './matchKeysOf.js';
import { putAttribute } from './attributePlan.js';
import type { AttributeValue, CleanAsset, CleanDependency } from './cleanResult.js';
import type { CleansingPlan } from './CleansingPlan.js';
import { RowRejection } from './RowRejection.js';

const referenceLimit = 512;
const referencesLimit = 100;
const columnConfidence = 0.9;
/** A connections file without a word for what its rows are. */
const plainConnection: Relation = { kind: 'connected_to', reversed: false };

const meaning: Readonly<
  Record<DependencyTarget, { readonly kind: DependencyKind; readonly toKind: AssetKind | null }>
> = {
  'dependency.host': { kind: 'runs_on', toKind: 'SERVER' },
  'dependency.cluster': { kind: 'member_of', toKind: 'OTHER' },
  'dependency.runsOn': { kind: 'runs_on', toKind: null },
  'dependency.hostedBy': { kind: 'hosted_by', toKind: null },
  'dependency.partOf': { kind: 'part_of', toKind: null },
  'dependency.uses': { kind: 'uses', toKind: null },
  'dependency.backedUpBy': { kind: 'backed_up_by', toKind: null },
  'dependency.relatedTo': { kind: 'related_to', toKind: null },
  'dependency.dependsOn': { kind: 'depends_on', toKind: null },
  'dependency.connectedTo': { kind: 'connected_to', toKind: null },
};

/** Whether a column of that target names other assets, of a row that is one itself. */
export function isDependencyTarget(target: string): target is DependencyTarget {
  return target in meaning;
}

export function kindOfDependency(target: DependencyTarget): DependencyKind {
  return meaning[target].kind;
}

const nothing: Readonly<Record<string, AttributeValue>> = {};

/** The edges that the columns of an asset's row name. References to itself are left out. */
export function dependenciesOf(plan: CleansingPlan, record: SourceRecord, asset: CleanAsset): CleanDependency[] {
  const dependencies: CleanDependency[] = [];
  for (const { index, field, toKind } of plan.dependencyColumns) {
    for (const text of referencesIn(record.values[index])) {
      if (isItself(asset, text)) continue;
      const from = { matchKeys: asset.matchKeys, text: asset.name };
      dependencies.push({
        line: record.line,
        from,
        to: { matchKeys: null, text },
        confidence: columnConfidence,
        attributes: nothing,
        kind: meaning[field].kind,
        relation: null,
        toKind: toKind ?? meaning[field].toKind,
      });
    }
  }
  return dependencies;
}

function isItself(asset: CleanAsset, text: string): boolean {
  const lower = text.toLowerCase();
  return lower === asset.name.toLowerCase() || lower === asset.hostname || text === asset.externalId;
}

/** Lists by comma, semicolon, bar or line; by a slash only between blanks, since paths have slashes too. */
function referencesIn(value: SourceValue): readonly string[] {
  if (typeof value === 'object' && value !== null)
    return value
      .map((item) => String(item).trim())
      .filter(isReference)
      .slice(0, referencesLimit);
  const text = textOf(value);
  if (!/[,;|\n]| \/ /.test(text)) return isReference(text) ? [text] : [];
  return text
    .split(/[,;|\n]| \/ /)
    .map((part) => part.trim())
    .filter(isReference)
    .slice(0, referencesLimit);
}

function isReference(text: string): boolean {
  return text.length <= referenceLimit && !isBlankText(text) && text !== removedCredential;
}

/** A row of a connections file. Throws RowRejection. */
export function cleanConnection(plan: CleansingPlan, record: SourceRecord): CleanDependency {
  const from = endpoint(plan, record, 'dependency.from');
  const to = endpoint(plan, record, 'dependency.to');
  if (from.toLowerCase() === to.toLowerCase()) {
    throw new RowRejection(
      'SELF_DEPENDENCY',
      `Line ${record.line}: ${from} is connected to itself. Correct one of the two ends.`,
    );
  }
  const kindColumn = plan.columnOf['dependency.kind'];
  const word = kindColumn === undefined ? '' : textOf(record.values[kindColumn]);
  const attributes = Object.create(null) as Record<string, AttributeValue>;
  for (let index = 0; index < record.values.length; index += 1) {
    const attribute = plan.attributes[index];
    if (attribute !== null && attribute !== undefined) putAttribute(attributes, attribute, record.values[index]);
  }
  const relation = isBlankText(word) ? plainConnection : readRelation(word);
  const [start, end] = relation?.reversed ? [to, from] : [from, to];
  return {
    line: record.line,
    from: { matchKeys: null, text: start },
    to: { matchKeys: null, text: end },
    kind: relation?.kind ?? 'related_to',
    relation: relation === null ? word : null,
    confidence: 1,
    toKind: isName(start) && isName(end) ? 'OTHER' : null,
    attributes: { ...attributes },
  };
}

/** Ends that nothing is called like become assets; by an id or an address alone nobody would know them again. */
function isName(text: string): boolean {
  return readIpAddress(text) === null && !/^(?:[\d\s.:-]+|[0-9a-f]{32})$/i.test(text) && !isOfOneThing(text);
}

function endpoint(plan: CleansingPlan, record: SourceRecord, field: 'dependency.from' | 'dependency.to'): string {
  const index = plan.columnOf[field]!;
  const text = textOf(record.values[index]);
  if (isBlankText(text) || text === removedCredential)
    throw new RowRejection(
      'MISSING_ENDPOINT',
      `Line ${record.line}: ${plan.names[index]} is empty, so the connection has one end only.`,
    );
  if (text.length > referenceLimit)
    throw new RowRejection(
      'VALUE_TOO_LONG',
      `Line ${record.line}: ${plan.names[index]} has ${text.length} characters, at most ${referenceLimit} can name an asset.`,
    );
  return text;
}
