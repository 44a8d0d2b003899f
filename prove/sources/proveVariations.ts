import { Random } from '@tributary/kit';
import { readInputs, type Input } from './inputs.ts';
import { understand, type Understood } from './understand.ts';
import { packed, type Variation } from './Variation.ts';
import { varyTable } from './varyTable.ts';
import { varyTree } from './varyTree.ts';

export interface VariationCounts {
  readonly tried: number;
  /** Became the same as the plain form. */
  readonly equal: number;
  /** Stopped and asked, or failed and said why. */
  readonly asked: number;
  /** Said that they succeeded, and became something else. */
  readonly silent: number;
}

/** Varies the inputs, and compares what becomes of each with what becomes of its plain form. Tells of every difference. */
export async function proveVariations(
  count: number,
  seed: number,
  tell: (difference: string) => void,
): Promise<VariationCounts> {
  const inputs = readInputs();
  const counts = { tried: 0, equal: 0, asked: 0, silent: 0 };
  for (let n = 0; n < count; n += 1) {
    const input = inputs[n % inputs.length]!;
    const variation = await vary(input, new Random(`${seed}/${n}`));
    const [plain, varied] = [await understand(variation.plain), await understand(variation.bytes)];
    if (plain.status !== 'SUCCEEDED')
      throw new Error(`The plain form of ${input.id} (${n}) ends ${plain.status} ${plain.code}.`);
    counts.tried += 1;
    if (isEqual(plain, varied)) {
      counts.equal += 1;
      continue;
    }
    const silent = varied.status === 'SUCCEEDED';
    counts[silent ? 'silent' : 'asked'] += 1;
    tell(
      `${silent ? 'SILENT' : `${varied.status} ${varied.code}`} ${n} ${input.id}: ${variation.did.join('; ')}${silent ? firstDifference(plain, varied) : ''}`,
    );
  }
  return counts;
}

async function vary(input: Input, random: Random): Promise<Variation> {
  if (input.table !== null) return varyTable(input.table, input.isKnown, random);
  if (input.documents !== null) return varyTree(input.documents, input.bytes, random);
  const { bytes, how } = await packed(input.bytes.toString('utf8'), random);
  return { plain: input.bytes, bytes, did: [how] };
}

function isEqual(plain: Understood, varied: Understood): boolean {
  return varied.status === 'SUCCEEDED' && plain.lines.join('\n') === varied.lines.join('\n');
}

function firstDifference(plain: Understood, varied: Understood): string {
  const [wanted, found] = [new Set(plain.lines), new Set(varied.lines)];
  const missing = plain.lines.find((line) => !found.has(line));
  const extra = varied.lines.find((line) => !wanted.has(line));
  return `\n    wanted ${missing ?? 'nothing more'}\n    found  ${extra ?? 'nothing more'}`;
}
