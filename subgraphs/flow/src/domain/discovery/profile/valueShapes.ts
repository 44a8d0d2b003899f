import { readAssetKind, looksLikeOperatingSystem } from '../normalise/assetKind.js';
import { readAssetStatus } from '../normalise/assetStatus.js';
import { readCriticality } from '../normalise/criticality.js';
import { readDate } from '../normalise/date.js';
import { readSizeMiB } from '../normalise/dataSize.js';
import { readEmail } from '../normalise/email.js';
import { readEnvironment } from '../normalise/environment.js';
import { readHostname } from '../normalise/hostname.js';
import { readIpAddress } from '../normalise/ipAddress.js';

/** What a single value can look like. A value may have several shapes: `db` is a kind word and a host name. */
export const valueShapes = {
  integer: (text: string) => /^[+-]?\d{1,18}$/.test(text),
  decimal: (text: string) => /^[+-]?\d{1,15}[.,]\d+$/.test(text),
  boolean: (text: string) => /^(true|false|yes|no|y|n)$/i.test(text),
  ip: (text: string) => text.split(/[\s,;]+/).every((part) => readIpAddress(part) !== null),
  mac: (text: string) => /^([0-9a-f]{2}[:-]){5}[0-9a-f]{2}$|^([0-9a-f]{4}\.){2}[0-9a-f]{4}$/i.test(text),
  email: (text: string) => readEmail(text) !== null,
  url: (text: string) => /^[a-z][a-z0-9+.-]*:\/\/\S+$/i.test(text),
  uuid: (text: string) => /^\{?[0-9a-f]{8}-([0-9a-f]{4}-){3}[0-9a-f]{12}\}?$/i.test(text),
  cloudId: (text: string) => /^(arn:|\/subscriptions\/|i-[0-9a-f]{8,}$|projects\/)/.test(text),
  // A bare run of digits is a date only to a column whose name says so.
  date: (text: string) => !/^\d+$/.test(text) && readDate(text) !== null,
  size: (text: string) => readSizeMiB(text, null) !== null,
  phone: (text: string) =>
    /^\+?[\d\s()./-]{8,20}$/.test(text) &&
    (text.startsWith('+') || /[\s()/-]/.test(text)) &&
    readDate(text) === null &&
    text.replace(/\D/g, '').length >= 8,
  hostname: (text: string) => /[a-z]/i.test(text) && readHostname(text) !== null,
  qualifiedHostname: (text: string) => /[a-z]{2,}$/i.test(text) && text.includes('.') && readHostname(text) !== null,
  // `En service` is a state that holds the word for a kind.
  kindWord: (text: string) =>
    readAssetKind(text) !== null && (readAssetStatus(text) === null || readAssetStatus(text) === 'UNKNOWN'),
  statusWord: (text: string) => readAssetStatus(text) !== null && !/^(true|false|yes|no)$/i.test(text),
  environmentWord: (text: string) => text.length > 1 && readEnvironment(text) !== null,
  criticalityWord: (text: string) => /[a-z]/i.test(text) && readCriticality(text) !== null,
  operatingSystem: (text: string) => looksLikeOperatingSystem(text),
  personName: (text: string) => /^\p{Lu}[\p{L}'-]+(,? \p{Lu}\.?)?,? \p{Lu}[\p{L}'-]+$/u.test(text),
} as const satisfies Record<string, (text: string) => boolean>;

export type ValueShape = keyof typeof valueShapes;

const valueShapeNames = Object.keys(valueShapes) as ValueShape[];

export function shapesOf(text: string): ValueShape[] {
  return text.length > 512 ? [] : valueShapeNames.filter((shape) => valueShapes[shape](text));
}

const tellingShapes: readonly ValueShape[] = [
  'integer',
  'decimal',
  'ip',
  'mac',
  'email',
  'url',
  'uuid',
  'cloudId',
  'date',
  'size',
  'operatingSystem',
];

/** Whether a cell can only be a value: no heading is an address, a number or a date. */
export function looksLikeValue(cell: string): boolean {
  const text = cell.trim();
  return text !== '' && text.length <= 512 && tellingShapes.some((shape) => valueShapes[shape](text));
}
