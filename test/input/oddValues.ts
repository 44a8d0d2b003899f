import { isEnumType, type GraphQLInputType } from 'graphql';
import type { InputPlace } from './inputPlaces.ts';
import { soundValue } from './inputPlaces.ts';

/** A value as it is written in JSON and in a document. */
export interface OddValue {
  readonly what: string;
  readonly json: string;
  /** Null: a document cannot say this otherwise than JSON does. */
  readonly literal: string | null;
  /** Whether the value is one that the type takes, so that anything but a fault may be answered. */
  readonly isSound?: boolean;
}

const text = (what: string, escaped: string): OddValue => ({ what, json: `"${escaped}"`, literal: `"${escaped}"` });
const number = (what: string, digits: string, isSound = false): OddValue => ({
  what,
  json: digits,
  literal: digits,
  isSound,
});

const texts = [
  text('NUL', 'a\\u0000b'),
  text('a high surrogate alone', 'a\\ud83db'),
  text('a low surrogate alone', '\\udc00'),
];
const long: OddValue = { ...text('20,000 characters', 'x'.repeat(20_000)), isSound: true };
const strange: OddValue = { ...text('a noncharacter', '\\uffff'), isSound: true };
const moments = ['0000-01-01T00:00:00Z', '9999-12-31T23:59:59.999-12:00', '2026-02-30T00:00:00Z'].map((moment) => ({
  ...text(moment, moment),
  isSound: true,
}));
const cursorWithNul: OddValue = {
  ...text('a cursor with NUL inside', Buffer.from('["assets","\\u0000"]').toString('base64url')),
  isSound: true,
};
const beyondDouble = number('1e400', '1e400');
const beyond64Bits = number('an integer beyond 64 bits', '92233720368547758080123');

const byType: Readonly<Record<string, readonly OddValue[]>> = {
  String: [...texts, long, strange],
  Cursor: [...texts, long, cursorWithNul],
  DateTime: [...texts, ...moments],
  ID: [...texts, beyond64Bits, long, number('-1', '-1', true)],
  Int: [
    beyondDouble,
    beyond64Bits,
    number('1e9', '1e9', true),
    number('2147483648', '2147483648'),
    number('-2147483648', '-2147483648', true),
  ],
  Float: [
    beyondDouble,
    number('-1e400', '-1e400'),
    beyond64Bits,
    number('1e9', '1e9', true),
    number('1e300', '1e300', true),
    number('a long fraction', '0.12345678901234567890', true),
  ],
  Boolean: [],
  JSONObject: [
    ...texts.map(({ what, json }) => ({ what, json: `{"k":${json}}`, literal: `{k:${json}}` })),
    ...texts.map(({ what, json }) => ({ what: `${what} in a key`, json: `{${json}:1}`, literal: null })),
    ...texts.map(({ what, json }) => ({
      what: `${what}, deep`,
      json: `{"k":[{"l":${json}}]}`,
      literal: `{k:[{l:${json}}]}`,
    })),
    { what: '1e400', json: '{"k":1e400}', literal: '{k:1e400}' },
    {
      what: 'an integer beyond 64 bits',
      json: '{"k":92233720368547758080123}',
      literal: '{k:92233720368547758080123}',
    },
    { what: 'an integer that no double holds', json: '{"k":9007199254740993}', literal: '{k:9007199254740993}' },
    { what: '1e9', json: '{"k":1e9}', literal: '{k:1e9}', isSound: true },
    { what: '1e300', json: '{"k":1e300}', literal: '{k:1e300}', isSound: true },
  ],
};

/** What nobody sends who means well, for a place of this type. */
export function oddValues({ type }: InputPlace): readonly OddValue[] {
  if (isEnumType(type)) return texts.map((value) => ({ ...value, literal: null }));
  const values = byType[type.name];
  if (!values) throw new Error(`Say in oddValues.ts what is odd for ${type.name}.`);
  return values;
}

const mark = '@odd@';

/** A request with the value in a variable: its body, written by hand, since JSON.stringify cannot say 1e400. */
export function inVariable(place: InputPlace, value: OddValue): string {
  const { places, document } = place.template;
  const variables = Object.fromEntries(
    places
      .filter(({ variable, isRequired }) => isRequired || variable === place.argument.variable)
      .map((each) => [each.variable, each === place.argument ? place.around(mark) : soundValue(each.type)]),
  );
  return JSON.stringify({ query: document, variables }).replace(JSON.stringify(mark), value.json);
}

/** A request with the value in the document itself; null when it cannot stand there. */
export function inDocument(place: InputPlace, value: OddValue): string | null {
  if (value.literal === null) return null;
  const { places, document } = place.template;
  let written = document.replace(/^(\w+)\s*\([^)]*\)/, '$1');
  for (const each of places) {
    const isHere = each === place.argument;
    const given = isHere ? place.around(mark) : each.isRequired ? soundValue(each.type) : undefined;
    const argument = new RegExp(`(\\w+): \\$${each.variable}\\b,? ?`);
    written = written.replace(argument, (_all, name: string) =>
      given === undefined ? '' : `${name}: ${literal(given, each.type)} `,
    );
  }
  return JSON.stringify({ query: written.replace('()', '').replace(`"${mark}"`, () => value.literal!) });
}

function literal(value: unknown, type: GraphQLInputType): string {
  if (Array.isArray(value)) return `[${value.map((item) => literal(item, type)).join(' ')}]`;
  if (typeof value === 'object' && value !== null) {
    return `{${Object.entries(value)
      .map(([name, inner]) => `${name}: ${literal(inner, type)}`)
      .join(' ')}}`;
  }
  // Values of enums are the only texts in capitals here.
  return typeof value === 'string' && /^[A-Z_]+$/.test(value) ? value : JSON.stringify(value);
}
