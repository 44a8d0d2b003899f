import { describe, expect, it } from '@jest/globals';
import { readAll, rowsOf, sourceOf } from './sources.js';

const rows = async (text: string) => rowsOf(await readAll(sourceOf('AUTO', text)));

describe('a table that is made for the eye', () => {
  it('is cut where its columns start, empty cells and words with blanks included', async () => {
    expect(
      await rows(
        [
          'NAME        STATUS   ROLES           AGE   INTERNAL-IP   OS-IMAGE',
          'node-a      Ready    control-plane   9d    10.0.0.1      Ubuntu 22.04 LTS',
          'node-bb     Ready                    9d    10.0.0.2      Debian 12',
          'node-ccc    Down     worker          1d    10.0.0.3      Ubuntu 22.04 LTS',
          '',
        ].join('\n'),
      ),
    ).toEqual([
      {
        NAME: 'node-a',
        STATUS: 'Ready',
        ROLES: 'control-plane',
        AGE: '9d',
        'INTERNAL-IP': '10.0.0.1',
        'OS-IMAGE': 'Ubuntu 22.04 LTS',
      },
      { NAME: 'node-bb', STATUS: 'Ready', AGE: '9d', 'INTERNAL-IP': '10.0.0.2', 'OS-IMAGE': 'Debian 12' },
      {
        NAME: 'node-ccc',
        STATUS: 'Down',
        ROLES: 'worker',
        AGE: '1d',
        'INTERNAL-IP': '10.0.0.3',
        'OS-IMAGE': 'Ubuntu 22.04 LTS',
      },
    ]);
  });

  it('is cut under its line of dashes, however narrow the gaps', async () => {
    expect(
      await rows('\nName  IPAddress State\n----  --------- -----\nweb-1 10.0.0.1  Up\nweb-2           Down\n'),
    ).toEqual([
      { Name: 'web-1', IPAddress: '10.0.0.1', State: 'Up' },
      { Name: 'web-2', State: 'Down' },
    ]);
  });

  it('rejects a line whose cells do not stand under their headings, and cuts others at their blanks', async () => {
    const head = 'NAME     IP         OS\nweb-1    10.0.0.1   Debian\nweb-2    10.0.0.2   Debian\n';
    const filler = Array.from(
      { length: 80 },
      (_, n) => `web-${n + 10}   10.0.1.${n}${n < 10 ? '  ' : ' '}  Debian\n`,
    ).join('');
    const { records, rejected } = await readAll(
      sourceOf('AUTO', `${head}${filler}a-long-name-1  10.0.0.3  Debian\na-long-name-that-hides-all 10.0.0.3 Debian\n`),
    );
    expect(records.at(-1)!.values).toEqual(['a-long-name-1', '10.0.0.3', 'Debian']);
    expect(rejected).toMatchObject([{ code: 'RAGGED_ROW' }]);
  });

  it.each(['name\nweb-1\nweb-2\n', 'host name,remark\nweb-1,two  blanks\nweb-2,two  blanks\n'])(
    'is not seen in %j',
    async (text) => {
      expect((await rows(text)).length).toBe(2);
    },
  );
});
