import { toWords } from './words.js';

/** How `03/04/2026` is meant: the day or the month first. */
export type DateOrder = 'DAY_FIRST' | 'MONTH_FIRST';

/** Month names and their abbreviations by month, folded; languages with the same name share it. */
const monthNames = [
  'jan january januar jaenner janner janvier janv enero ene janeiro gennaio gen januari styczen stycznia sty leden ledna led ocak oca январь января янв',
  'feb february februar fevrier fevr febrero fevereiro fev febbraio februari luty lutego lut unor unora uno subat sub февраль февраля фев',
  'mar march marz maerz mars marzo marco maart mrt marzec marca brezen brezna bre mart март марта мар',
  'apr april avril avr abril abr aprile kwiecien kwietnia kwi duben dubna dub nisan nis апрель апреля апр',
  'may mai mayo maio maggio mag mei maj maja kveten kvetna kve mayis май мая',
  'jun june juni juin junio junho giugno giu czerwiec czerwca cze cerven cervna cvn haziran haz июнь июня июн',
  'jul july juli juillet juil julio julho luglio lug lipiec lipca lip cervenec cervence cvc temmuz tem июль июля июл',
  'aug august aout agosto ago augustus augusti sierpien sierpnia sie srpen srpna srp agustos agu август августа авг',
  'sep sept september septembre septiembre setembro set settembre wrzesien wrzesnia wrz zari zar eylul eyl сентябрь сентября сен сент',
  'oct october okt oktober octobre octubre outubro out ottobre ott pazdziernik pazdziernika paz rijen rijna rij ekim eki октябрь октября окт',
  'nov november novembre noviembre novembro listopad listopada lis listopadu kasim kas ноябрь ноября ноя',
  'dec december dez dezember decembre diciembre dic dezembro dicembre grudzien grudnia gru prosinec prosince pro aralik ara декабрь декабря дек',
];
const months = new Map(
  monthNames.flatMap((names, index) => names.split(' ').map((name) => [toWords(name), index + 1])),
);
const isoLike = /^(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?:[T ]+(.+))?$/;
const numeric = /^(\d{1,2})[-/.](\d{1,2})[-/.](\d{4}|\d{2})(?:,?[T ]+(.+))?$/;
/** `2026年11月27日`, `2026년 11월 27일`. */
const eastAsian = /^(\d{4})\s*[年년]\s*(\d{1,2})\s*[月월]\s*(\d{1,2})\s*[日일号號]?\s*(.*)$/;
const dayMonthName =
  /^(?:\p{L}{2,12}\.?,? +)?(\d{1,2})(?:\.|er|º|st|nd|rd|th)?[-/ ]+(?:de +)?(\p{L}{3,12})\.?[-/ ,]+(?:de +)?(\d{4}|\d{2})(?: *г\.?)?(?:,?[T ]+(?:um |à |at )?(.+))?$/iu;
const monthNameDay =
  /^(?:\p{L}{2,12}\.?,? +)?(\p{L}{3,12})\.? +(\d{1,2})(?:st|nd|rd|th)?,? +(\d{4})(?:,?[T ]+(?:at )?(.+))?$/iu;
const compact = /^(\d{4})(\d{2})(\d{2})(?:T?(\d{2})(\d{2})(\d{2})(Z)?)?$/;
const time =
  /^(\d{1,2}):(\d{2})(?::(\d{2})(?:[.,](\d{1,9}))?)?\s*(am|pm)?\s*(?:uhr\b)?\s*(?:utc|gmt)?(z|utc|gmt|[+-]\d{2}:?\d{2}|[+-]\d{1,2})?(?:\s+[a-z]{2,5})?$/i;
/** 1990-01-01 to 2100-01-01: outside, a number is no date. */
const earliest = 631_152_000;
const latest = 4_102_444_800;

/**
 * A date in any usual form to ISO 8601 in UTC with milliseconds, or null. Without a zone it is taken as UTC. Also Unix
 * seconds and milliseconds, .NET's `/Date(…)/` and Excel's day numbers. `order` decides dates like 03/04/2026 and gives way when only
 * the other order makes a date; dots always mean the day first.
 */
export function readDate(text: string, order: DateOrder = 'DAY_FIRST'): string | null {
  const trimmed = text.trim();
  if (trimmed.length < 5 || trimmed.length > 64) return null;
  if (trimmed.length === 20 || trimmed.length === 24) {
    if (trimmed.charCodeAt(10) === 0x54 && trimmed.endsWith('Z')) {
      const parsed = new Date(trimmed);
      if (!Number.isNaN(parsed.getTime()) && parsed.getUTCDate() === Number(trimmed.slice(8, 10)))
        return inRange(parsed.getTime());
    }
  }
  let match = isoLike.exec(trimmed);
  if (match !== null) return build(Number(match[1]), Number(match[2]), Number(match[3]), match[4]);
  match = numeric.exec(trimmed);
  if (match !== null) {
    const [first, second, year] = [Number(match[1]), Number(match[2]), fullYear(match[3]!)];
    const dayFirst = order === 'DAY_FIRST' || trimmed.includes('.') ? second <= 12 : first > 12;
    return dayFirst ? build(year, second, first, match[4]) : build(year, first, second, match[4]);
  }
  if (/^\d+(\.\d{1,6})?$/.test(trimmed)) return readNumber(trimmed.split('.', 1)[0]!);
  match = eastAsian.exec(trimmed);
  if (match !== null) return build(Number(match[1]), Number(match[2]), Number(match[3]), match[4] || undefined);
  match = compact.exec(trimmed);
  if (match !== null)
    return build(
      Number(match[1]),
      Number(match[2]),
      Number(match[3]),
      match[4] === undefined ? undefined : `${match[4]}:${match[5]}:${match[6]}`,
    );
  match = dayMonthName.exec(trimmed);
  if (match !== null) return build(fullYear(match[3]!), monthOf(match[2]!), Number(match[1]), match[4]);
  match = monthNameDay.exec(trimmed);
  if (match !== null) return build(Number(match[3]), monthOf(match[1]!), Number(match[2]), match[4]);
  match = /^\/Date\((\d{12,14})[^)]*\)\/$/.exec(trimmed);
  return match === null ? null : inRange(Number(match[1]));
}

function monthOf(name: string): number {
  return months.get(toWords(name)) ?? 0;
}

/** Of two digits: the newest year that is not in the future. */
function fullYear(digits: string): number {
  if (digits.length === 4) return Number(digits);
  const year = 2000 + Number(digits);
  return year <= new Date().getUTCFullYear() ? year : year - 100;
}

function readNumber(digits: string): string | null {
  const value = Number(digits);
  if (digits.length === 8 && /^(19|20)/.test(digits))
    return build(Number(digits.slice(0, 4)), Number(digits.slice(4, 6)), Number(digits.slice(6)), undefined);
  if (digits.length === 14 && /^(19|20)/.test(digits)) {
    const clock = `${digits.slice(8, 10)}:${digits.slice(10, 12)}:${digits.slice(12)}`;
    return build(Number(digits.slice(0, 4)), Number(digits.slice(4, 6)), Number(digits.slice(6, 8)), clock);
  }
  if (digits.length === 5 && value >= 32_874 && value < 73_051) return inRange((value - 25_569) * 86_400_000);
  if (digits.length >= 9 && digits.length <= 10) return inRange(value * 1000);
  return digits.length >= 12 && digits.length <= 13 ? inRange(value) : null;
}

function build(year: number, month: number, day: number, clock: string | undefined): string | null {
  if (month < 1 || month > 12 || day < 1 || day > new Date(Date.UTC(year, month, 0)).getUTCDate()) return null;
  let milliseconds = Date.UTC(year, month - 1, day);
  if (clock !== undefined) {
    const parts = time.exec(clock.trim());
    if (parts === null) return null;
    let hour = Number(parts[1]);
    const half = parts[5]?.toLowerCase();
    if (half !== undefined) {
      if (hour < 1 || hour > 12) return null;
      hour = (hour % 12) + (half === 'pm' ? 12 : 0);
    }
    const minute = Number(parts[2]);
    const second = Number(parts[3] ?? 0);
    if (hour > 24 || minute > 59 || second > 60) return null;
    milliseconds += ((hour * 60 + minute) * 60 + second) * 1000 + Number((parts[4] ?? '').slice(0, 3).padEnd(3, '0'));
    milliseconds -= offsetMinutes(parts[6]) * 60_000;
  }
  return inRange(milliseconds);
}

function offsetMinutes(zone: string | undefined): number {
  if (zone === undefined || !/^[+-]/.test(zone)) return 0;
  const bare = zone.slice(1).replace(':', '');
  const digits = (bare.length === 1 ? `0${bare}` : bare).padEnd(4, '0');
  return (zone.startsWith('-') ? -1 : 1) * (Number(digits.slice(0, 2)) * 60 + Number(digits.slice(2)));
}

function inRange(milliseconds: number): string | null {
  const seconds = milliseconds / 1000;
  return seconds >= earliest && seconds < latest ? new Date(milliseconds).toISOString() : null;
}
