import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { shippedDefinitions } from '../../src/domain/discovery/source/catalogue/loadDefinitions.js';
import { discoverAll, sourceOf } from './sources.js';

const folder = new URL('../../../../test/sources/inputs/', import.meta.url);
const golden = new URL('expected.json', folder);
const files = readdirSync(folder).filter((file) => file !== 'expected.json');
const expected = (existsSync(golden) ? JSON.parse(readFileSync(golden, 'utf8')) : {}) as Record<string, unknown>;

/** What a small input becomes, in lines that a person can read. */
async function outcomeOf(file: string): Promise<string[]> {
  const source = sourceOf('AUTO', readFileSync(new URL(file, folder)));
  const { assets, dependencies, rejected, profile } = await discoverAll(source, { sourceName: file });
  const said = assets.map(
    ({ name, kind, status, externalId, hostname, ipAddress, environment, operatingSystem, scope }) =>
      [
        name,
        kind,
        status,
        ...[externalId, hostname, ipAddress, environment, operatingSystem, scope].map((text) => text ?? '-'),
      ].join(' | '),
  );
  return [
    `${profile.recognised?.id}`,
    ...said,
    ...dependencies.map(({ from, kind, to }) => `${from.text} ${kind} ${to.text}`),
    ...rejected.map(({ code, line }) => `${code} on ${line}`),
  ];
}

describe('every known source has an input of its format', () => {
  it.each(shippedDefinitions().map(({ id }) => id))('%s', async (id) => {
    const file = files.find((name) => name.replace(/\.\w+$/, '') === id);
    expect(file).toBeDefined();
    const outcome = await outcomeOf(file!);
    // `UPDATE_REFERENCE=1` writes what came of it: it is to be read before it is kept.
    if (process.env['UPDATE_REFERENCE']) {
      expected[id] = outcome;
      const sorted = Object.fromEntries(Object.entries(expected).sort(([left], [right]) => (left < right ? -1 : 1)));
      writeFileSync(golden, `${JSON.stringify(sorted, null, 2)}\n`);
    }
    expect(outcome[0]).toBe(id);
    expect(outcome).toEqual(expected[id]);
  });

  it('and no input is of a source that is not known', () => {
    const known = new Set(shippedDefinitions().map(({ id }) => id));
    expect(files.filter((file) => !known.has(file.replace(/\.\w+$/, '')))).toEqual([]);
  });
});
