import { describe, expect, test } from '@jest/globals';
import { readFound } from '../src/domain/inventory/foundAsset.js';
import { mergeContent, contentOf } from '../src/domain/inventory/mergeContent.js';
import { planInventory } from '../src/domain/inventory/planInventory.js';
import { found } from './assetWorld.js';

const id = '01900000-0000-7000-8000-000000000001';

function known(facts: Parameters<typeof found>[0]) {
  const { found: asset, nameKey, fingerprint } = readFound(found(facts));
  return { id, sourceKey: asset.key, sourceShape: asset.sourceShape, nameKey, fingerprint };
}

describe('what a chunk does', () => {
  test('an asset of an unknown key is new', () => {
    const plan = planInventory([readFound(found({ name: 'web' }))], [], []);
    expect(plan.created).toHaveLength(1);
  });

  test('an asset of which the source says the same is unchanged', () => {
    const plan = planInventory([readFound(found({ name: 'web' }))], [known({ name: 'web' })], []);
    expect(plan).toMatchObject({ created: [], otherwise: [], unchanged: [id], unchangedRows: 1 });
  });

  test('a key that another thing of another source holds is left to it', () => {
    const row = readFound(found({ name: 'db', key: 'id:1', fallbackKey: 'b:id:1', sourceShape: 'b' }));
    const plan = planInventory([row], [known({ name: 'web', key: 'id:1' })], []);
    expect(plan.created.map((asset) => asset.known.sourceKey)).toEqual(['b:id:1']);
  });

  test.each([
    ['the same name of another source', { name: 'WEB', sourceShape: 'b' }],
    ['another name of the same source', { name: 'web-renamed' }],
  ])('%s is the same thing', (_, facts) => {
    const row = readFound(found({ key: 'id:1', fallbackKey: 'other', ...facts }));
    const plan = planInventory([row], [known({ name: 'web', key: 'id:1' })], []);
    expect(plan.otherwise.map((asset) => asset.known.id)).toEqual([id]);
  });

  test('rows of one chunk that are about one new asset create it once, and the last word counts', () => {
    const rows = [{ name: 'web' }, { name: 'web' }, { name: 'web', department: 'IT' }].map((facts) =>
      readFound(found(facts)),
    );
    const plan = planInventory(rows, [], []);
    expect(plan.created.map((asset) => asset.content.department)).toEqual(['IT']);
    expect(plan.again).toEqual({ updated: 1, unchanged: 1 });
  });

  test('an asset that only a dependency named is taken over by the first source that brings it', () => {
    const placeholder = { id, sourceKey: 'name:host', sourceShape: '', nameKey: 'host', fingerprint: '' };
    const rows = ['id:7', 'id:8'].map((key) => readFound(found({ name: 'Host', key })));
    const plan = planInventory(rows, [], [placeholder]);
    expect(plan.otherwise).toMatchObject([{ known: { id }, adoptedKey: 'id:7' }]);
    expect(plan.created.map((asset) => asset.known.sourceKey)).toEqual(['id:8']);
  });
});

describe('what is known after a source found an asset again', () => {
  const current = contentOf(
    found({ name: 'web', department: 'IT', status: 'ACTIVE', tags: ['a'], attributes: { rack: 'R1', unit: 4 } }),
  );
  const said = found({ name: 'Web', status: 'UNKNOWN', tags: ['A', 'b'], attributes: { unit: 5 } });

  test('the source that created it may clear what it said', () => {
    const merged = mergeContent(current, said, { owns: true, editedFields: [] });
    expect(merged).toMatchObject({ name: 'Web', department: null, tags: ['A', 'b'], attributes: { unit: 5 } });
  });

  test('another source adds and corrects, and clears nothing', () => {
    const merged = mergeContent(current, said, { owns: false, editedFields: [] });
    expect(merged).toMatchObject({
      department: 'IT',
      status: 'ACTIVE',
      tags: ['a', 'b'],
      attributes: { rack: 'R1', unit: 5 },
    });
  });

  test('no source changes what a person set', () => {
    const merged = mergeContent(current, said, { owns: true, editedFields: ['department', 'name'] });
    expect(merged).toMatchObject({ name: 'web', department: 'IT', status: 'UNKNOWN' });
  });
});
