import { expect, test } from '@jest/globals';
import { Parameters, boundValues, sql, unfilteredSql } from '@tributary/data';

const workspaceId = '0190a000-0000-7000-8000-000000000001';

test('the workspace is bound as $1 by whoever sends the statement, in front of its own values', () => {
  const statement = sql('test.find', 'select * from note where workspace_id = $1 and id = $2', ['id']);
  expect(statement.values).toEqual(['id']);
  expect(boundValues(statement, workspaceId)).toEqual([workspaceId, 'id']);
});

test.each([
  'select * from note',
  'select * from note where id = $1',
  'select * from note where workspace_id = $2 and id = $1',
  'select * from note where workspace_id = $10',
  "select * from note where workspace_id = '0190a000-0000-7000-8000-000000000001' and id = $1",
  'update note set workspace_id = $2 where id = $1',
  'insert into note (id, workspace_id) values ($1, $2)',
  'insert into note (workspace_id, id) values ($2, $1)',
  'insert into note (id) select $1',
])('a statement that does not hold itself to the workspace is refused when it is made: %s', (text) => {
  expect(() => sql('test.unbound', text, ['id'])).toThrow('says nowhere workspace_id = $1');
});

test.each([
  'select * from note n where n.workspace_id = $1 and n.id = $2',
  'SELECT * FROM "note" "row" WHERE "row"."workspace_id" = $1 AND "row"."id" = $2',
  'insert into note (workspace_id, id) values ($1, $2)',
  'insert into note as n ("workspace_id", "id") values ($1, $2)',
  'insert into note (workspace_id, id) select $1, id from unnest($2::uuid[]) as new (id)',
  'insert into note (workspace_id, id) select w.workspace_id, n.id from workspace w cross join unnest($2::uuid[]) as n (id) where w.workspace_id = $1',
])('every way in which ours name the workspace is taken: %s', (text) => {
  expect(() => sql('test.bound', text, ['id'])).not.toThrow();
});

test.each([[[]], [['one', 'two']]])(
  'a statement with another number of values than parameters is refused: %j',
  (values) => {
    expect(() => sql('test.find', 'select * from note where workspace_id = $1 and id = $2', values)).toThrow(
      'own values start at $2',
    );
  },
);

test('what names no workspace has a constructor of its own, and its values start at $1', () => {
  const statement = unfilteredSql('test.lock', 'select pg_advisory_xact_lock($1)', [7]);
  expect(boundValues(statement, workspaceId)).toEqual([7]);
});

test('parameters are numbered from $2 on, and cast where a type is said', () => {
  const parameters = new Parameters();
  expect([parameters.add('a'), parameters.add(['b'], 'text[]')]).toEqual(['$2', '$3::text[]']);
  expect(parameters.values).toEqual(['a', ['b']]);
});
