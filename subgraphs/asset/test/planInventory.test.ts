import { describe, expect, test } from '@jest/globals';
import { readFound } from '../src/domain/inventory/foundAsset.js';
import { mergeContent, contentOf } from '../src/domain/inventory/mergeContent.js';
import { planInventory } from '../src/domain/inventory/planInventory.js';
import type { Candidate } from '../src/storage/inventoryStatements.js';
import { found } from './assetWorld.js';

const id = '01900000-0000-7000-8000-000000000001';
const flowId = '01900000-0000-7000-8000-00000000000f';

function known(facts: Parameters<typeof found>[0]): Candidate {
  const { found: asset, nameKey, fingerprint } = readFound(found(facts));
  return {
    id,
    sourceKey: asset.key,
    sourceShape: asset.sourceShape,
    nameKey,
    fingerprint,
    soughtBy: asset.key,
    kind: asset.kind,
    scope: asset.scope,
    hostname: asset.hostname,
    ipAddress: asset.ipAddress,
    flowId: null,
  };
}

/** What a chunk of a flow does when these assets have its keys, and these its names. */
function plan(rows: Parameters<typeof found>[0][], byKeys: Candidate[] = [], byNames: Candidate[] = []) {
  const named = byNames.map((asset) => ({ ...asset, soughtBy: asset.nameKey }));
  return planInventory(
    rows.map((facts) => readFound(found(facts))),
    { byKeys, byOtherKeys: [], byNames: named, flowId },
  );
}

describe('what a chunk does', () => {
  test('an asset of an unknown key is new', () => {
    expect(plan([{ name: 'web' }]).created).toHaveLength(1);
  });

  test('an asset of which the source says the same is unchanged', () => {
    const done = plan([{ name: 'web' }], [known({ name: 'web' })]);
    expect(done).toMatchObject({ created: [], otherwise: [], unchanged: [id], unchangedRows: 1 });
  });

  test('a key that another thing of another source holds is left to it', () => {
    const row = { name: 'db', key: 'id:1', fallbackKey: 'b:id:1', sourceShape: 'b' };
    const done = plan([row], [known({ name: 'web', key: 'id:1' })]);
    expect(done.created.map((asset) => asset.known.sourceKey)).toEqual(['b:id:1']);
  });

  test.each([
    ['the same name of another source', { name: 'WEB', sourceShape: 'b' }],
    ['another name of the same source', { name: 'web-renamed' }],
  ])('%s is the same thing', (_, facts) => {
    const row = { key: 'id:1', fallbackKey: 'other', ...facts };
    const done = plan([row], [known({ name: 'web', key: 'id:1' })]);
    expect(done.otherwise.map((asset) => asset.known.id)).toEqual([id]);
  });

  test('rows of one chunk that are about one new asset create it once, and the last word counts', () => {
    const done = plan([{ name: 'web' }, { name: 'web' }, { name: 'web', department: 'IT' }]);
    expect(done.created.map((asset) => asset.content.department)).toEqual(['IT']);
    expect(done.again).toEqual({ updated: 1, unchanged: 1 });
  });

  test('an asset that only a dependency named is taken over by the first source that brings it', () => {
    const placeholder = { ...known({ name: 'host' }), sourceShape: '', fingerprint: '' };
    const rows = ['id:7', 'id:8'].map((key) => ({ name: 'Host', key }));
    const done = plan(rows, [], [placeholder]);
    expect(done.otherwise).toMatchObject([{ known: { id }, adoptedKey: 'id:7' }]);
    expect(done.created.map((asset) => asset.known.sourceKey)).toEqual(['id:8']);
  });
});

describe('a row whose keys nothing has', () => {
  const b = { sourceShape: 'b' };
  test.each([
    ['brings an id for an asset known by its name', { name: 'web' }, { key: 'id:4711-abcd' }],
    ['knows by its name an asset that has an id', { name: 'web', key: 'id:4711-abcd' }, {}],
    [
      'has the full host name of an asset',
      { name: 'Shop', hostname: 'web.corp.example' },
      { name: 'web.corp.example' },
    ],
    [
      'has another system’s id and the same address',
      { key: 'ext:id:7', ipAddress: '10.0.0.1' },
      { key: 'id:i-0abcdef12', ipAddress: '10.0.0.1' },
    ],
    ['says a scope that the asset has, too', { scope: 'AMS' }, { key: 'name:web@ams', scope: 'ams' }],
  ])('takes over what it is when it %s', (_, asset, row) => {
    const other = { ...known({ name: 'web', ...asset }), soughtBy: 'web' };
    const rows = [readFound(found({ name: 'web', ...b, ...row }))];
    const byNames = ['web', 'web.corp.example'].map((soughtBy) => ({ ...other, soughtBy }));
    const done = planInventory(rows, { byKeys: [], byOtherKeys: [], byNames, flowId });
    expect(done).toMatchObject({
      created: [],
      otherwise: [{ known: { id }, adoptedKey: rows[0]!.found.key }],
      keptApart: 0,
    });
  });

  test.each([
    ['it is an application and the other a server', {}, { kind: 'APPLICATION' as const, key: 'id:4711-abcd' }],
    ['both have an id of one system', { key: 'ext:vm id:1' }, { key: 'ext:vm id:2' }],
    ['their addresses differ', { ipAddress: '10.0.0.1' }, { key: 'id:4711-abcd', ipAddress: '10.0.0.2' }],
    ['their scopes differ', { scope: 'AMS' }, { key: 'name:web@fra', scope: 'FRA' }],
    ['only it has a scope, and nothing else agrees', {}, { key: 'name:web@fra', scope: 'FRA' }],
    ['their full host names differ', { hostname: 'web.a.example' }, { key: 'id:4711-abcd', hostname: 'web.b.example' }],
    ['ids of two systems are all there is beside the name', { key: 'ext:id:7' }, { key: 'id:i-0abcdef12' }],
  ])('is kept apart from an asset of its name when %s', (_, asset, row) => {
    const done = plan([{ name: 'web', ...b, ...row }], [], [known({ name: 'web', ...asset })]);
    expect(done).toMatchObject({ otherwise: [], keptApart: 1 });
    expect(done.created.map((made) => made.known.sourceKey)).toEqual([row.key]);
  });

  test('takes over nothing when two rows could', () => {
    const rows = ['ext:vm id:1', 'ext:vm id:2'].map((key) => ({ name: 'web', key, ...b }));
    expect(plan(rows, [], [known({ name: 'web' })])).toMatchObject({ otherwise: [], keptApart: 2 });
  });

  test('takes over nothing when two assets could be it', () => {
    const two = [known({ name: 'web' }), { ...known({ name: 'web' }), id: flowId }];
    expect(plan([{ name: 'web', key: 'id:4711-abcd', ...b }], [], two).otherwise).toEqual([]);
  });

  test('takes over nothing that its own flow has seen as another row', () => {
    const seen = { ...known({ name: 'web', key: 'ext:vm id:1' }), flowId };
    expect(plan([{ name: 'web', ...b }], [], [seen])).toMatchObject({ otherwise: [], keptApart: 0 });
  });
});

test('an application that has a server’s name is kept apart from it, at every import', () => {
  const server = known({ name: 'shop' });
  const row = { name: 'shop', kind: 'APPLICATION' as const, sourceShape: 'portfolio' };
  const done = plan([row], [server]);
  expect(done.created.map((asset) => asset.known.sourceKey)).toEqual(['name:shop~software']);
  const application = { ...known({ ...row, key: 'name:shop~software' }), id: flowId, soughtBy: 'name:shop~software' };
  expect(plan([row], [server, application]).created).toEqual([]);
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
