import { describe, expect, test } from '@jest/globals';
import { readBudgets } from '../src/graph/budgets';
import { toCsv } from '../src/tables/csv';
import { diffOf } from '../src/views/audit/diffOf';
import { sniff, splitRows } from '../src/views/discover/sniff';
import { summaryText } from '../src/views/flow/summaryText';
import { formOf, inputOf, newRule, patchOf, type Rule } from '../src/views/rules/ruleForm';
import { browserName } from '../src/views/settings/browserName';

const bytesOf = (text: string) => new TextEncoder().encode(text);

describe('a file that is dropped', () => {
  test('is told by what is in it', () => {
    expect(sniff('a.csv', bytesOf('name;ip\nweb;10.0.0.1\n'))).toEqual({
      about: 'Looks like a table with 2 columns, divided by semicolons.',
      header: ['name', 'ip'],
      rows: [['web', '10.0.0.1']],
    });
    expect(sniff('a', bytesOf('[{"name":"web","cpu":2},{"name":"db"}]'))).toMatchObject({
      header: ['name', 'cpu'],
      rows: [
        ['web', '2'],
        ['db', ''],
      ],
    });
    expect(sniff('a', bytesOf('{"a":1}\n{"a":2}\n')).about).toBe('Looks like JSON, an object a line.');
    expect(sniff('a', bytesOf('<hosts/>')).about).toBe('Looks like XML.');
    expect(sniff('a.yml', bytesOf('hosts:\n  - a')).about).toBe('Looks like YAML.');
    const packed = bytesOf('PK\u0003\u0004 …');
    expect(sniff('estate.xlsx', packed)).toEqual({ about: expect.stringContaining('workbook'), header: [], rows: [] });
    expect(sniff('estate.zip', packed)).toEqual({ about: expect.stringContaining('ZIP'), header: [], rows: [] });
    expect(sniff('a.gz', new Uint8Array([0x1f, 0x8b, 8])).about).toContain('gzip');
    expect(sniff('a', new Uint8Array([0xff, 0xfe, 0x61, 0, 0x2c, 0, 0x62, 0])).header).toEqual(['a', 'b']);
    expect(sniff('a', new Uint8Array([0x6d, 0xfc, 0x2c, 0x78])).header).toEqual(['mü', 'x']);
  });

  test('keeps what stands between quotes together', () => {
    expect(splitRows('a,"b ""c"", d\ne",f\n1,2,3', ',', 5)).toEqual([
      ['a', 'b "c", d\ne', 'f'],
      ['1', '2', '3'],
    ]);
  });
});

test('a table is written as CSV that opens nothing: formulas are texts', () => {
  expect(
    toCsv(
      ['a', 'b'],
      [
        ['x,y', 'say "hi"'],
        ['=1+1', null],
        [-3, '@cmd'],
      ],
    ),
  ).toBe('a,b\r\n"x,y","say ""hi"""\r\n\'=1+1,\r\n-3,\'@cmd');
});

test('budgets are read from the RateLimit fields', () => {
  expect(readBudgets('"requests";q=100;w=60, "cost";q=2000;w=60', '"requests";r=98;t=41, "cost";r=1500;t=41')).toEqual([
    { name: 'requests', limit: 100, left: 98, resetsInSeconds: 41 },
    { name: 'cost', limit: 2000, left: 1500, resetsInSeconds: 41 },
  ]);
  expect(readBudgets('', '')).toEqual([]);
});

test('an entry of the audit trail shows what differs and nothing else', () => {
  expect(diffOf({ name: 'a', tags: ['x'], same: 1 }, { name: 'b', tags: ['x', 'y'], same: 1, added: null })).toEqual([
    { name: 'name', before: 'a', after: 'b' },
    { name: 'tags', before: '["x"]', after: '["x","y"]' },
    { name: 'added', before: null, after: 'null' },
  ]);
  expect(diffOf(null, null)).toEqual([]);
});

test('a rule comes out of the form as it went in', () => {
  const rule: Rule = {
    id: 'rule_1',
    name: 'Too many errors',
    metric: 'ERROR_RATE',
    comparison: 'ABOVE',
    threshold: 0.07,
    windowSeconds: 300,
    groupBy: 'AGENT',
    severity: 'WARNING',
    enabled: true,
    version: 3,
    forSeconds: 60,
    keepFiringSeconds: 300,
    recoveryThreshold: 0.05,
    noData: 'ALERT',
    runbookUrl: 'https://wiki.example/errors',
    combine: 'ALL',
    also: [],
    health: {
      status: 'OK',
      message: null,
      since: null,
      evaluatedUntil: null,
      lagMs: null,
      droppedGroups: 0,
      skippedTicks: 0,
      lateIgnored: 0,
    },
    scope: { agent: ['a', 'b'], department: ['Finance'], environment: null, model: null, version: null, flowId: null },
  };
  const { id: _id, version: _version, health: _health, scope, ...said } = rule;
  expect(formOf(rule)).toMatchObject({ threshold: '7', recovery: '5' });
  expect(inputOf(formOf(rule), scope)).toEqual({ ...said, scope });
  expect(patchOf(inputOf(formOf(rule), scope)!)).not.toHaveProperty('enabled');
  expect(inputOf({ ...newRule, threshold: 'many' })).toBeNull();
  expect(inputOf({ ...newRule, recovery: 'soon' })).toBeNull();
  expect(inputOf({ ...newRule, windowSeconds: '5' })).toBeNull();
  expect(inputOf({ ...newRule, agent: ' ' })?.scope).toBeNull();
});

test('a phase says what it did in a line, and leaves out what no line can say', () => {
  expect(summaryText({ rowsTotal: 1_500, note: 'done', nested: { a: 1 }, empty: '' })).toBe(
    'Rows total 1,500 · Note done',
  );
});

test('a session is told by its browser', () => {
  expect(
    browserName(
      'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/156.0.0.0 Safari/537.36',
    ),
  ).toBe('Chrome on Linux');
  expect(browserName('curl/8.5.0')).toBe('curl');
  expect(browserName(null)).toBe('A program that did not say its name');
});
