// Numbers, times and money as a person writes them.

let locale = 'en';
let names: Readonly<Record<string, string>> = {};

/** For all formatters from now on: `en` or `de`, and what values of the graph are called there. */
export function setLocale(next: string, namesOfValues: Readonly<Record<string, string>> = {}): void {
  locale = next;
  names = namesOfValues;
}

/** A moment, in ms since 1970, as `options` want it. */
export function timeText(at: number, options: Intl.DateTimeFormatOptions): string {
  return dateFormat(options).format(at);
}

/** Making one costs a hundred times what using it does, and lists use them by the row and second. */
function kept<Options, Format>(make: (options: Options) => Format): (options: Options) => Format {
  const cache = new Map<string, Format>();
  return (options) => {
    const key = `${locale}${JSON.stringify(options)}`;
    const known = cache.get(key) ?? make(options);
    cache.set(key, known);
    return known;
  };
}
const written = () => (locale === 'en' ? 'en-GB' : locale);
const numberFormat = kept((options: Intl.NumberFormatOptions) => new Intl.NumberFormat(locale, options));
const dateFormat = kept((options: Intl.DateTimeFormatOptions) => new Intl.DateTimeFormat(written(), options));
const relativeFormat = kept(
  (options: Intl.RelativeTimeFormatOptions) => new Intl.RelativeTimeFormat(written(), options),
);

/** In English Intl writes "1.2M", and a person "1.2 M". The space does not break. */
function compact(value: number, options: Intl.NumberFormatOptions): string {
  return numberFormat({ notation: 'compact', ...options })
    .formatToParts(value)
    .map(({ type, value: part }, index, parts) =>
      type === 'compact' && parts[index - 1]?.type !== 'literal' ? `\u00a0${part}` : part,
    )
    .join('');
}

/** 57 → "57", 12345 → "12,345", 1234567 → "1.23 M", 912170 → "912 K". */
export function count(value: number | null | undefined): string {
  if (value === null || value === undefined) return '–';
  if (Math.abs(value) < 100_000) return numberFormat({ maximumFractionDigits: 2 }).format(value);
  return compact(value, { maximumSignificantDigits: 3 });
}

/** Every digit: 912170 → "912,170". */
export function exactly(value: number): string {
  return numberFormat({}).format(value);
}

/** Below it a figure says nothing to anybody. */
const leastMoney = 0.00001;

/** US dollars with as many digits as say something: 0.00012 → "$0.00012", 3.5 → "$3.50", 12345 → "$12,345". */
export function money(value: number | null | undefined): string {
  if (value === null || value === undefined) return '–';
  if (value === 0) return '$0';
  const size = Math.abs(value);
  if (size < leastMoney)
    return `<${numberFormat({ style: 'currency', currency: 'USD', maximumFractionDigits: 5 }).format(leastMoney)}`;
  if (size >= 100_000) return compact(value, { style: 'currency', currency: 'USD', maximumFractionDigits: 1 });
  if (size >= 1_000)
    return numberFormat({ style: 'currency', currency: 'USD', maximumFractionDigits: 0 }).format(value);
  if (size >= 0.01)
    return numberFormat({
      style: 'currency',
      currency: 'USD',
      minimumFractionDigits: 2,
      maximumFractionDigits: 2,
    }).format(value);
  return numberFormat({
    style: 'currency',
    currency: 'USD',
    maximumSignificantDigits: 2,
    minimumFractionDigits: 0,
  }).format(value);
}

/** A share of 0 to 1: 0.0123 → "1.2%". */
export function percent(share: number | null | undefined): string {
  if (share === null || share === undefined) return '–';
  return numberFormat({ style: 'percent', maximumFractionDigits: Math.abs(share) < 0.1 ? 1 : 0 }).format(share);
}

/** From three times as much on, what it was before says more than a change. */
const mostTimes = 2;

/** A change against before: 0.12 → "+12%"; '' where a percentage says nothing. */
export function change(share: number | null | undefined): string {
  if (share === null || share === undefined || share >= mostTimes) return '';
  return numberFormat({ style: 'percent', maximumFractionDigits: 0, signDisplay: 'exceptZero' }).format(share);
}

/** Milliseconds: 0.4 → "0.4 ms", 340 → "340 ms", 2100 → "2.1 s", 95000 → "1 min 35 s", 7500000 → "2 h 5 min". */
export function duration(ms: number | null | undefined): string {
  if (ms === null || ms === undefined) return '–';
  if (ms <= 0) return '0 s';
  if (ms < 10) return `${numberFormat({ maximumFractionDigits: 1 }).format(ms)} ms`;
  if (ms < 1_000) return `${Math.round(ms)} ms`;
  if (ms < 60_000) return `${numberFormat({ maximumFractionDigits: ms < 10_000 ? 1 : 0 }).format(ms / 1_000)} s`;
  const [big, bigUnit, small, smallUnit] =
    ms < 3_600_000
      ? [Math.floor(ms / 60_000), 'min', Math.round((ms % 60_000) / 1_000), 's']
      : ms < 86_400_000
        ? [Math.floor(ms / 3_600_000), 'h', Math.round((ms % 3_600_000) / 60_000), 'min']
        : [Math.floor(ms / 86_400_000), 'd', Math.round((ms % 86_400_000) / 3_600_000), 'h'];
  return small === 0 ? `${big} ${bigUnit}` : `${big} ${bigUnit} ${small} ${smallUnit}`;
}

const steps: readonly [limitSeconds: number, unitSeconds: number, unit: Intl.RelativeTimeFormatUnit][] = [
  [60, 1, 'second'],
  [3_600, 60, 'minute'],
  [86_400, 3_600, 'hour'],
  [30 * 86_400, 86_400, 'day'],
  [365 * 86_400, 30 * 86_400, 'month'],
  [Infinity, 365 * 86_400, 'year'],
];

/** "3 min ago", "in 2 days"; within 10 s "now". `now` in ms since 1970. */
export function relative(time: string | null | undefined, now: number): string {
  if (!time) return '–';
  const seconds = (Date.parse(time) - now) / 1_000;
  const format = relativeFormat({ numeric: 'auto', style: 'short' });
  if (Math.abs(seconds) < 10) return format.format(0, 'second');
  // What is over is so many whole units ago; what comes in 59 min 50 s comes in an hour.
  const inUnits = (size: number) => (seconds < 0 ? Math.trunc(seconds / size) : Math.round(seconds / size));
  const [, size, unit] = steps.find(([limit, each]) => Math.abs(inUnits(each)) * each < limit) ?? steps.at(-1)!;
  return format.format(inUnits(size), unit);
}

/** "27 Nov 2026, 21:04:05" in the reader's time zone. */
export function moment(time: string | null | undefined): string {
  if (!time) return '–';
  return timeText(Date.parse(time), { dateStyle: 'medium', timeStyle: 'medium' });
}

/** "21:04:05". */
export function clock(time: string): string {
  return timeText(Date.parse(time), { timeStyle: 'medium' });
}

/** 1536 → "1.5 kB", 20971520 → "21 MB". */
export function bytes(size: number): string {
  const units = ['B', 'kB', 'MB', 'GB'] as const;
  const power = size < 1_000 ? 0 : Math.min(3, Math.floor(Math.log10(size) / 3));
  return `${numberFormat({ maximumSignificantDigits: 2 }).format(size / 1000 ** power)} ${units[power]}`;
}

/** A figure of a metric in its unit. */
export function metricValue(metric: string, value: number | null | undefined): string {
  if (metric === 'COST_USD') return money(value);
  if (metric === 'ERROR_RATE' || metric.endsWith('_SHARE')) return percent(value);
  if (/(^|_)SECONDS(_|$)/.test(metric)) return duration(value === null || value === undefined ? value : value * 1_000);
  if (metric.startsWith('LATENCY')) return duration(value);
  return count(value);
}

/** What is no name in English as it stands. */
const initials: Readonly<Record<string, string>> = { API_KEY: 'API key', CLOUDEVENTS: 'CloudEvents', UTF8: 'UTF-8' };

/** A name of the product's own, such as a phase's, as the language has it; anybody else's as it is. */
export function nameOf(title: string): string {
  return names[title.toUpperCase().replaceAll(' ', '_')] ?? title;
}

/** A name within a sentence: English begins it small. */
export function inSentence(name: string): string {
  return locale === 'en' ? name.charAt(0).toLowerCase() + name.slice(1) : name;
}

/** CLOUD_RESOURCE and CloudResource → "Cloud resource". */
export function label(constant: string | null | undefined): string {
  if (!constant) return '–';
  const name = constant
    .replace(/([a-z0-9])([A-Z])/g, '$1_$2')
    .replaceAll(' ', '_')
    .toUpperCase();
  const known = names[name] ?? initials[name];
  if (known !== undefined) return known;
  const text = name.replaceAll('_', ' ').toLowerCase();
  return text.charAt(0).toUpperCase() + text.slice(1);
}
