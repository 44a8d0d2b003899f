import { describe, expect, it } from '@jest/globals';
import { csv, discover, json, readAll } from './sources.js';

/** None of these is a real one. */
const canaries = {
  byName: 'Sommer2026!canary',
  aws: 'AKIA' + 'CANARY0CANARY0AA',
  jwt: 'eyJhbGciOiJIUzI1NiJ9' + '.eyJjYW5hcnkiOiJjYW5hcnkifQ.' + 'c2lnbmF0dXJl',
  url: 'postgres://app:canarysecret@db.corp.example/shop',
  connection: 'Server=db;User=app;' + 'Password=canarysecret;',
  hash: '$6$' + 'canarysalt$canaryhashcanaryhashcanaryhash',
};
const traces = /canary|Sommer2026/i;

describe('credentials in a source', () => {
  it('are taken out by the name of their column, in any of our languages, and by their look, and are counted', async () => {
    const { assets, profile } = await discover(
      csv(
        [
          'name,Passwort,notes,snmp_community,password last set',
          `web-1,${canaries.byName},${canaries.aws},public,2026-01-01`,
          `web-2,,see ${canaries.url},,2026-01-02`,
          `web-3,n/a,${canaries.hash},private,2026-01-03`,
        ].join('\n'),
      ),
    );
    expect(JSON.stringify({ assets, profile })).not.toMatch(traces);
    expect(assets.map(({ attributes }) => attributes)).toEqual([
      {
        Passwort: '[removed: credential]',
        notes: '[removed: credential]',
        snmp_community: '[removed: credential]',
        'password last set': '2026-01-01',
      },
      { notes: '[removed: credential]', 'password last set': '2026-01-02' },
      { notes: '[removed: credential]', snmp_community: '[removed: credential]', 'password last set': '2026-01-03' },
    ]);
    expect(profile.notes).toContainEqual({
      code: 'CREDENTIAL_REMOVED',
      count: 6,
      samples: ['Passwort: 1', 'notes: 3', 'snmp_community: 2'],
    });
  });

  it('are taken out of nested fields, lists, labels and what is too deep to be a field', async () => {
    const deep = { a: { b: { c: { d: { e: { f: { g: { h: { apiKey: canaries.byName, port: 1 } } } } } } } } };
    const { assets } = await discover(
      json([
        {
          name: 'a',
          login: { user: 'app', password: canaries.byName },
          tags: [`db_password:${canaries.byName}`, 'blue'],
        },
        { name: 'b', env: ['PATH=/bin', `TOKEN=${canaries.jwt}`], deep, dsn: canaries.connection },
      ]),
    );
    expect(JSON.stringify(assets)).not.toMatch(traces);
    expect(JSON.stringify(assets)).toContain('PATH=/bin');
    expect(assets[0]!.tags).toEqual(expect.arrayContaining(['blue']));
  });

  it('are not kept with a rejected row either', async () => {
    const read = await readAll(
      csv(
        `name,ip,password\na,10.0.0.1,${canaries.byName},x,y\nb,10.0.0.2,${canaries.byName}\n"c,10.0.0.3,${canaries.byName}\nd,10.0.0.4,z\n`,
      ),
    );
    expect(read.rejected.length).toBeGreaterThan(0);
    expect(JSON.stringify(read)).not.toMatch(traces);
  });

  it('are told from what is about them', async () => {
    const { assets } = await discover(
      csv('name,token count,key vault,password expired,url\na,7,kv-1,false,https://a.corp.example/login\n'),
    );
    expect(assets[0]!.attributes).toEqual({
      'token count': '7',
      'key vault': 'kv-1',
      'password expired': false,
      url: 'https://a.corp.example/login',
    });
  });
});
