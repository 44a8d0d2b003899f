import type { AssetKind } from '@tributary/contracts/values';
import { isBlankText } from '../normalise/blank.js';
import { foldId, isUuid } from '../normalise/foldId.js';
import { isMangledNumber, isPlaceholderId } from '../normalise/placeholders.js';
import { toWords } from '../normalise/words.js';
import { textOf } from '../rejectRow.js';
import type { SourceRecord } from '../sourceRecord.js';

/** Headings of what a maker or hypervisor gave the thing itself; not of the chassis, the host or the server that lists it. */
const headings = new Set(
  (
    'serial|serial number|serial no|serial nr|serialnumber|serial num|service tag|hardware serial|hardware serial number|product serial|' +
    'device serial number|machine serial number|ansible facts.ansible product serial|content.hardware.serial|bios serial number|' +
    'seriennummer|numero de serie|numero serie|numero di serie|serienummer|numer seryjny|seriove cislo|serie nummer|seri no|' +
    'シリアル番号|シリアルナンバー|序列号|일련번호|серийный номер|' +
    'uuid|bios uuid|smbios uuid|system uuid|machine uuid|vm uuid|vm bios uuid|hardware uuid|product uuid|instance uuid|' +
    'ansible facts.ansible product uuid|dmi.system.uuid'
  ).split('|'),
);

/** Positions of the columns whose values are keys beside a row's external id. */
export function hardwareColumns(names: readonly string[]): number[] {
  return names.flatMap((name, index) =>
    headings.has(toWords(name).normalize('NFKD').replace(/\p{M}/gu, '')) ? [index] : [],
  );
}

/** Programs have licence keys under such headings, which many share. */
const withoutHardware: ReadonlySet<AssetKind> = new Set(['APPLICATION', 'SERVICE']);

/** Keys of a row's serial numbers and UUIDs. Placeholders and numbers that a spreadsheet cut short are none. */
export function hardwareKeysOf(columns: readonly number[], record: SourceRecord, kind: AssetKind): string[] {
  if (columns.length === 0 || withoutHardware.has(kind)) return [];
  return columns.flatMap((index) => {
    const text = textOf(record.values[index]);
    if (isBlankText(text) || isPlaceholderId(text) || isMangledNumber(text)) return [];
    return isUuid(text) || longSerial.test(text)
      ? [`id:${foldId(text)}`]
      : serial.test(text)
        ? [`serial:${text.toLowerCase()}`]
        : [];
  });
}

/** Letters and digits; what only has digits may be anybody's running number. Long ones are keys under whatever heading. */
const serial = /^(?=.*\d)(?=.*[a-z])[a-z0-9][a-z0-9./_-]{4,99}$/i;
const longSerial = /^(?=.*\d)(?=.*[a-z]).{8,512}$/i;
