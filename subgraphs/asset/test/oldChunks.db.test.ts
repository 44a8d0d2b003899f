import { expect, test } from '@jest/globals';
import pg from 'pg';
import { newUuid } from '@tributary/kernel';
import { deleteOldChunks } from '../src/domain/deleteOldChunks.js';
import { startAssetWorld } from './assetWorld.js';

test('an import’s notes of its chunks go after 30 days', async () => {
  await using world = await startAssetWorld();
  const admin = new pg.Client({ connectionString: world.testDatabase.superuserUrl });
  await admin.connect();
  const workspaceId = newUuid();
  await admin.query(`insert into workspace (workspace_id, slug, name) values ($1, 'ab', 'ab')`, [workspaceId]);
  await admin.query(
    `insert into asset_chunk (workspace_id, flow_id, kind, chunk, created_at)
     select $1, $2, 'inventory', n, now() - make_interval(days => case when n < 1500 then 31 else 29 end) from generate_series(0, 1501) n`,
    [workspaceId, newUuid()],
  );
  expect(await deleteOldChunks(world.database)).toBe(1_500);
  const { rows } = await admin.query('select chunk from asset_chunk order by chunk');
  expect(rows).toEqual([{ chunk: 1500 }, { chunk: 1501 }]);
  await admin.end();
});
