import { expect, test } from '@jest/globals';
import pg from 'pg';
import { migrate } from '@tributary/data';
import { newUuid } from '@tributary/kernel';
import { startTestDatabase } from '@tributary/kit';
import { installJobs, migrations } from '@tributary/migrations';

test('edges from before are said by the flow that saw them last, and words of no register are kept beside related_to', async () => {
  await using database = await startTestDatabase({ empty: true });
  const before = migrations.slice(
    0,
    migrations.findIndex(({ name }) => name === 'WhoSaidSo0020'),
  );
  const migrateTo = (wanted: readonly Function[]) =>
    migrate({ adminUrl: database.superuserUrl, migrations: wanted, passwords: database.passwords, installJobs });
  await migrateTo(before);
  const admin = new pg.Client({ connectionString: database.superuserUrl });
  await admin.connect();
  const [workspace, flow, vm, host] = [newUuid(), newUuid(), newUuid(), newUuid()];
  for (const [id, name] of [
    [vm, 'vm'],
    [host, 'host'],
  ])
    await admin.query(
      `insert into asset (workspace_id, id, source_key, source_shape, fingerprint, kind, name, name_key, status, criticality, search_text)
       values ($1, $2, $3, 'shape', '', 'SERVER', $3, $3, 'ACTIVE', 'LOW', '')`,
      [workspace, id, name],
    );
  for (const [kind, confidence] of [
    ['runs_on', 0.9],
    ['Powers', 0.5],
    ['warms', 0.8],
    ['DEPENDS_ON', 1],
  ])
    await admin.query(
      `insert into asset_dependency (workspace_id, from_id, to_id, kind, confidence, flow_id) values ($1, $2, $3, $4, $5, $6)`,
      [workspace, vm, host, kind, confidence, flow],
    );

  await migrateTo(migrations);
  const { rows: edges } = await admin.query(
    'select kind, relation, confidence from asset_dependency where workspace_id = $1 order by kind',
    [workspace],
  );
  expect(edges).toEqual([
    { kind: 'depends_on', relation: null, confidence: 1 },
    { kind: 'related_to', relation: 'warms', confidence: 0.8 },
    { kind: 'runs_on', relation: null, confidence: 0.9 },
  ]);
  const { rows: said } = await admin.query(
    `select s.kind, o.name, o.is_migrated, s.flow_id from asset_dependency_source s
     join inventory_source o on (o.workspace_id, o.id) = (s.workspace_id, s.source_id) where s.workspace_id = $1 order by s.kind`,
    [workspace],
  );
  expect(said).toEqual(
    ['depends_on', 'related_to', 'runs_on'].map((kind) => ({
      kind,
      name: `flow ${flow}`,
      is_migrated: true,
      flow_id: flow,
    })),
  );
  const { rows: open } = await admin.query(
    `select relname from pg_class where relname in ('asset_dependency', 'asset_sighting', 'discovery_flow', 'asset_dependency_source')
     and not relforcerowsecurity`,
  );
  expect(open).toEqual([]);
  await admin.end();
});
