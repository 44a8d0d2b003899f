import { stringify } from 'yaml';
import type { Random } from '@tributary/kit';
import { packed, type Variation } from './Variation.ts';

/** Parsed documents as another tool writes them: as YAML or JSON, wrapped, on one line or many, with what parsers of settings allow. */
export async function varyTree(documents: readonly unknown[], plain: Buffer, random: Random): Promise<Variation> {
  const did: string[] = [];
  let values: unknown[] = documents.map((document) => document);
  if (random.next() < 0.5) {
    values = values.map((value) => withShuffledKeys(value, random));
    did.push('keys shuffled');
  }
  const [only] = values;
  if (values.length === 1 && random.next() < 0.3) {
    const wrapper = random.pick(['data', 'result', 'response', 'body']);
    // Only a list can be wrapped without saying something else; a document of its own has its marks at the top.
    if (Array.isArray(only)) {
      values = [{ [wrapper]: only }];
      did.push(`wrapped in ${wrapper}`);
    }
  }
  const text = written(values, random, did);
  const { bytes, how } = await packed(text, random);
  return { plain, bytes, did: [...did, how] };
}

function written(values: readonly unknown[], random: Random, did: string[]): string {
  if (random.next() < 0.25) {
    did.push('YAML');
    return values.map((value) => `---\n${stringify(value)}`).join('');
  }
  if (values.length > 1) {
    did.push('documents');
    return values.map((value) => JSON.stringify(value)).join(random.pick(['\n', '\n\n', ' ']));
  }
  const [value] = values;
  if (Array.isArray(value) && value.length > 1 && random.next() < 0.3) {
    did.push('JSON lines');
    return `${value.map((each) => JSON.stringify(each)).join('\n')}\n`;
  }
  const text = JSON.stringify(value, null, random.pick([0, 1, 2, 4]));
  const form = random.pick(['plain', 'plain', 'XSSI', 'comment', 'comma'] as const);
  did.push(form);
  if (form === 'XSSI') return `)]}',\n${text}`;
  if (form === 'comment') return `// exported by a script\n${text}\n`;
  if (form === 'comma') return text.replace(/([}\]"\de])(\s*)([}\]])$/, '$1,$2$3');
  return text;
}

function withShuffledKeys(value: unknown, random: Random): unknown {
  if (Array.isArray(value)) return value.map((each) => withShuffledKeys(each, random));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    random.shuffled(Object.entries(value)).map(([key, each]) => [key, withShuffledKeys(each, random)]),
  );
}
