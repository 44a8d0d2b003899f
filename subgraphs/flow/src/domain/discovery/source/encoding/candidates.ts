import iconv from 'iconv-lite';

export type EastAsian = 'chinese' | 'taiwanese' | 'japanese' | 'korean';

/** An encoding that a source without a byte order mark may have. */
export interface EncodingCandidate {
  /** As iconv-lite knows it, and as reports name it. */
  readonly name: string;
  /** For encodings of two bytes: whose characters are common in it. */
  readonly script?: EastAsian;
}

const singleByte = [
  'windows-1252',
  'windows-1250',
  'windows-1251',
  'windows-1253',
  'windows-1254',
  'windows-1255',
  'windows-1256',
  'windows-1257',
  'windows-1258',
  'iso-8859-2',
  'iso-8859-5',
  'iso-8859-7',
  'iso-8859-9',
  'iso-8859-13',
  'iso-8859-15',
  'macroman',
  'cp850',
  'cp437',
  'cp852',
  'cp866',
  'koi8-r',
] as const;

/** In the order in which they win when they read the same. */
export const encodingCandidates: readonly EncodingCandidate[] = [
  ...singleByte.map((name) => ({ name })),
  { name: 'gb18030', script: 'chinese' },
  { name: 'shift_jis', script: 'japanese' },
  { name: 'euc-jp', script: 'japanese' },
  { name: 'cp949', script: 'korean' },
  { name: 'big5', script: 'taiwanese' },
];

/** Lead and trail bytes of the characters that a national standard counts as common, in the encoding that orders them so. */
const commonRanges: Readonly<Record<EastAsian, { encoding: string; lead: [number, number]; trail: [number, number] }>> =
  {
    chinese: { encoding: 'gb18030', lead: [0xb0, 0xd7], trail: [0xa1, 0xfe] },
    taiwanese: { encoding: 'big5', lead: [0xa4, 0xc6], trail: [0x40, 0xfe] },
    japanese: { encoding: 'euc-jp', lead: [0xb0, 0xcf], trail: [0xa1, 0xfe] },
    korean: { encoding: 'cp949', lead: [0xb0, 0xc8], trail: [0xa1, 0xfe] },
  };

const known = new Map<EastAsian, ReadonlySet<string>>();

/** The characters that texts of that script are mostly written in. */
export function commonCharacters(script: EastAsian): ReadonlySet<string> {
  let characters = known.get(script);
  if (characters === undefined) {
    const { encoding, lead, trail } = commonRanges[script];
    const bytes: number[] = [];
    for (let first = lead[0]; first <= lead[1]; first += 1)
      for (let second = trail[0]; second <= trail[1]; second += 1) bytes.push(first, second);
    characters = new Set(iconv.decode(Buffer.from(bytes), encoding).replaceAll('\uFFFD', ''));
    known.set(script, characters);
  }
  return characters;
}
