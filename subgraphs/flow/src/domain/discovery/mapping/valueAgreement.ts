import type { ColumnProfile } from '../profile/SourceProfile.js';
import type { TargetField } from './mappingTargets.js';

/** Targets whose values have a form: a column of other values is not one, whatever its name. */
export const strictTargets: ReadonlySet<TargetField> = new Set([
  'externalId',
  'ipAddress',
  'ownerEmail',
  'firstSeenAt',
  'lastSeenAt',
]);

/** How well a column's values fit a target, 0 to 1; null when the values cannot tell (no values, or free text). */
export function valueAgreement(field: TargetField, column: ColumnProfile, rows: number): number | null {
  if (column.filled === 0) return field === 'name' ? 0 : null;
  const share = (shape: keyof typeof column.shapes): number => column.shapes[shape] ?? 0;
  const unlike = Math.max(share('ip'), share('email'), share('date'), share('boolean'), share('url'), share('size'));
  const variety = column.distinct / column.filled;
  switch (field) {
    case 'name':
      return (
        Math.max(0, 1 - Math.max(unlike, share('integer') * 0.8, share('decimal'), share('personName') * 0.6)) *
        (column.filled < 4 ? 1 : Math.min(1, variety * 1.2)) *
        Math.min(1, 0.4 + column.filled / Math.max(1, rows))
      );
    case 'externalId':
      // A few duplicates are bad rows; where half of the values repeat, it is no key.
      return variety < 0.5
        ? 0
        : Math.max(0.5, variety) * (1 - Math.max(share('date'), share('email'), share('decimal')));
    case 'kind':
      return share('kindWord');
    case 'status':
      return Math.max(share('statusWord'), share('boolean') * 0.6);
    case 'environment':
      return share('environmentWord') > 0
        ? Math.min(1, 0.5 + share('environmentWord'))
        : column.distinct <= 12
          ? 0.4
          : 0;
    case 'criticality':
      return Math.max(share('criticalityWord'), column.distinct <= 6 && share('integer') === 1 ? 0.6 : 0);
    case 'hostname':
      return share('hostname') * (1 - share('ip'));
    case 'ipAddress':
      return share('ip');
    case 'operatingSystem':
      return Math.max(share('operatingSystem'), 0.4 * (1 - Math.max(unlike, share('integer'), looksLikeImage(column))));
    case 'ownerEmail':
      return share('email');
    case 'firstSeenAt':
    case 'lastSeenAt':
      // Numbers that a date column would write: Unix time or YYYYMMDD.
      return Math.max(share('date'), column.maxLength >= 8 && column.maxLength <= 14 ? share('integer') : 0);
    case 'department':
      return 1 - Math.max(unlike, share('integer') * 0.5);
    case 'tags':
      return null;
    case 'dependency.kind':
      return column.samples.every((sample) => cableOrProtocol.test(sample)) ? 0 : null;
    case 'dependency.dependsOn':
      return 1 - Math.max(unlike, share('integer') * 0.5);
    case 'dependency.from':
    case 'dependency.to':
      return 1 - Math.max(share('date'), share('email'), share('boolean'));
    case 'dependency.host':
      if (column.samples.every((sample) => /^(xen|kvm|qemu|nitro|hyper-?v|vmware|esxi?|ovm|none)$/i.test(sample)))
        return 0;
      return placeAgreement(column, unlike, variety);
    case 'scope':
      return 1 - Math.max(unlike, share('integer'));
    case 'dependency.cluster':
    case 'dependency.runsOn':
    case 'dependency.hostedBy':
    case 'dependency.partOf':
    case 'dependency.uses':
    case 'dependency.backedUpBy':
    case 'dependency.relatedTo':
    case 'dependency.connectedTo':
      return placeAgreement(column, unlike, variety);
  }
}

/** What a connection is made of, or speaks, says nothing of who needs whom. */
const cableOrProtocol =
  /^(?:\d+|tcp|udp|icmp|sctp|https?|tls|ssh|cat-?\d\w*|[sm]mf\b.*|dac\b.*|aoc|fib(?:er|re)|copper|coax(?:ial)?|power|[us]tp|usb)$/i;

/** `nginx:1.27`, `sha256:4bb4…`: what a container is made from, no operating system. */
function looksLikeImage({ samples }: ColumnProfile): number {
  return samples.length > 0 && samples.every((sample) => /^[\w./-]+:[\w.-]+$/.test(sample)) ? 1 : 0;
}

/** Many live on one: a column in which every row names another is no place that assets live on. */
function placeAgreement(column: ColumnProfile, unlike: number, variety: number): number {
  return (1 - Math.max(unlike - (column.shapes.ip ?? 0), 0)) * (column.filled >= 10 && variety > 0.97 ? 0.45 : 1);
}

/** Targets that values alone can suggest, with the share that they need and the confidence that it gives. */
export const telltaleValues: readonly {
  readonly field: TargetField;
  readonly shape: keyof ColumnProfile['shapes'];
  readonly share: number;
  readonly confidence: number;
  readonly says: string;
}[] = [
  { field: 'ipAddress', shape: 'ip', share: 0.9, confidence: 0.62, says: 'are IP addresses' },
  { field: 'ownerEmail', shape: 'email', share: 0.9, confidence: 0.55, says: 'are e-mail addresses' },
  { field: 'operatingSystem', shape: 'operatingSystem', share: 0.8, confidence: 0.6, says: 'name operating systems' },
  { field: 'environment', shape: 'environmentWord', share: 0.9, confidence: 0.58, says: 'name environments' },
  { field: 'status', shape: 'statusWord', share: 0.9, confidence: 0.52, says: 'are words for a state' },
  { field: 'criticality', shape: 'criticalityWord', share: 0.95, confidence: 0.5, says: 'are words for importance' },
  { field: 'kind', shape: 'kindWord', share: 0.9, confidence: 0.5, says: 'are kinds of assets' },
  { field: 'hostname', shape: 'qualifiedHostname', share: 0.9, confidence: 0.55, says: 'are qualified host names' },
  { field: 'externalId', shape: 'uuid', share: 0.95, confidence: 0.52, says: 'are UUIDs' },
  { field: 'externalId', shape: 'cloudId', share: 0.95, confidence: 0.56, says: 'are ids of a cloud provider' },
];
