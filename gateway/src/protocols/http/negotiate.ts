/** How a result goes back over HTTP. */
export type ResponseForm = 'response+json' | 'json' | 'eventStream' | 'multipart';

interface MediaRange {
  readonly type: string;
  readonly parameters: ReadonlyMap<string, string>;
  readonly quality: number;
}

const offers: readonly {
  readonly form: ResponseForm;
  readonly type: string;
  readonly matches: (range: MediaRange) => boolean;
}[] = [
  // Plain JSON stands first: it answers clients that take anything, as GraphQL over HTTP wants it.
  { form: 'json', type: 'application/json', matches: utf8 },
  { form: 'response+json', type: 'application/graphql-response+json', matches: utf8 },
  { form: 'eventStream', type: 'text/event-stream', matches: utf8 },
  {
    form: 'multipart',
    type: 'multipart/mixed',
    matches: (range) => range.parameters.get('subscriptionspec') === '1.0',
  },
];

/**
 * The forms that the client takes, the best first. Empty: none that we have. Without an Accept header it is plain JSON.
 * `multipart/mixed` counts only with `subscriptionSpec=1.0`, since nothing else of ours comes in parts.
 */
export function acceptedForms(accept: string | undefined): ResponseForm[] {
  const ranges = (accept?.trim() ? accept : '*/*')
    .split(',')
    .map(readRange)
    .filter((range) => range.quality > 0);
  const found: { form: ResponseForm; quality: number; exact: number; order: number }[] = [];
  for (const [order, offer] of offers.entries()) {
    for (const [position, range] of ranges.entries()) {
      const exact = specificity(range.type, offer.type);
      if (exact === 0 || (exact === 3 && !offer.matches(range))) continue;
      // A wildcard never means a stream: only clients that name one can read one.
      if (exact < 3 && (offer.form === 'eventStream' || offer.form === 'multipart')) continue;
      found.push({ form: offer.form, quality: range.quality, exact, order: exact === 3 ? position : 100 + order });
      break;
    }
  }
  return found.sort((a, b) => b.quality - a.quality || b.exact - a.exact || a.order - b.order).map((each) => each.form);
}

/** Those among them that are one JSON document. */
export function jsonForms(accept: string | undefined): ResponseForm[] {
  return acceptedForms(accept).filter((form) => form === 'json' || form === 'response+json');
}

function readRange(text: string): MediaRange {
  const [type = '', ...rest] = text.split(';').map((part) => part.trim().toLowerCase());
  const parameters = new Map<string, string>();
  for (const part of rest) {
    const at = part.indexOf('=');
    if (at > 0) parameters.set(part.slice(0, at), part.slice(at + 1).replaceAll('"', ''));
  }
  const quality = Number(parameters.get('q') ?? 1);
  return { type, parameters, quality: Number.isFinite(quality) ? quality : 0 };
}

function specificity(range: string, offer: string): number {
  if (range === offer) return 3;
  if (range === '*/*') return 1;
  return range.endsWith('/*') && offer.startsWith(range.slice(0, -1)) ? 2 : 0;
}

function utf8(range: MediaRange): boolean {
  const charset = range.parameters.get('charset');
  return charset === undefined || charset === 'utf-8' || charset === 'utf8';
}
