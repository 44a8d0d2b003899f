import { readSizeMiB, type SizeUnit } from '../normalise/dataSize.js';
import { isBlankText } from '../normalise/blank.js';
import { toWords } from '../normalise/words.js';
import type { ColumnProfile } from '../profile/SourceProfile.js';
import { excerpt, textOf } from '../rejectRow.js';
import { sourceLimits } from '../sourceLimits.js';
import type { SourceValue } from '../sourceRecord.js';
import type { AttributeValue } from './cleanResult.js';

/** How a column that no field takes is kept. */
export interface AttributePlan {
  readonly name: string;
  /** The key for values that `read` understands; others stay under `name` as they are. */
  readonly key: string;
  readonly read: ((text: string) => AttributeValue | null) | null;
}

/** `takenKeys`: names that are in use, to which this adds. */
export function planAttribute(column: ColumnProfile, takenKeys: Set<string>): AttributePlan {
  const { name } = column;
  const words = toWords(name.replace(/([a-z])(KB|MB|GB|TB)\b/, '$1 $2'));
  const isNested = name.includes('.');
  if (!isNested) {
    const unit = unitOf(words);
    const measured =
      /\b(memory|ram|mem|arbeitsspeicher|hauptspeicher|memoria|memoire|geheugen|pamiec|pamet|minne|bellek)\b|メモリ|内存|記憶體|메모리|память/.test(
        words,
      )
        ? 'memoryMiB'
        : /\b(disk|storage|hdd|ssd|provisioned|capacity|drive|festplatte|plattenplatz|disco|disque|schijf|dysk)\b|ディスク|硬盘|硬碟|디스크|диск/.test(
              words,
            )
          ? 'diskMiB'
          : null;
    const holdsSizes =
      (column.shapes.size ?? 0) >= 0.5 ||
      (unit !== null && (column.shapes.integer ?? 0) + (column.shapes.decimal ?? 0) >= 0.5);
    if (measured !== null && holdsSizes && !takenKeys.has(measured)) {
      takenKeys.add(measured);
      return { name, key: measured, read: (text) => readSizeMiB(text, unit, column.numberStyle) };
    }
    if (
      /^((v ?)?cpus?|num ?cpus?|cpu count|number of cpus|cpu cores|cores?|total cores)$/.test(
        toWords(name.toLowerCase()),
      ) &&
      !takenKeys.has('cpuCount')
    ) {
      takenKeys.add('cpuCount');
      return { name, key: 'cpuCount', read: (text) => (/^\d{1,5}(\.0+)?$/.test(text) ? Number(text) : null) };
    }
  }
  if ((column.shapes.boolean ?? 0) === 1) return { name, key: name, read: readBoolean };
  return { name, key: name, read: null };
}

function unitOf(words: string): SizeUnit | null {
  const match = /(?:^|[ _])(bytes?|kb|kib|mb|mib|gb|gib|tb|tib)$|\b(kb|kib|mb|mib|gb|gib|tb|tib)\b/.exec(words);
  const unit = match?.[1] ?? match?.[2];
  return unit === undefined ? null : (unit[0] as SizeUnit);
}

function readBoolean(text: string): boolean | null {
  if (/^(true|yes|y)$/i.test(text)) return true;
  return /^(false|no|n)$/i.test(text) ? false : null;
}

/** Puts a cell into the attributes, unless it is blank. */
export function putAttribute(
  attributes: Record<string, AttributeValue>,
  plan: AttributePlan,
  value: SourceValue,
): void {
  if (value === undefined || value === null) return;
  if (typeof value !== 'string') {
    attributes[plan.name] =
      typeof value === 'object' ? value.map((item) => (typeof item === 'string' ? bounded(item) : item)) : value;
    return;
  }
  const text = value.trim();
  if (isBlankText(text)) return;
  const read = plan.read?.(text) ?? null;
  if (read !== null) attributes[plan.key] = read;
  else attributes[plan.name] = bounded(text);
}

export function putText(attributes: Record<string, AttributeValue>, name: string, value: SourceValue): void {
  const text = textOf(value);
  if (!isBlankText(text)) attributes[name] = bounded(text);
}

function bounded(text: string): string {
  return text.length > sourceLimits.attributeCharacters ? excerpt(text, sourceLimits.attributeCharacters - 1) : text;
}
