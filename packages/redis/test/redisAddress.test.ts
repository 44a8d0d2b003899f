import { describe, expect, test } from '@jest/globals';
import { readRedisAddress } from '@tributary/redis';

const bare = { name: null, db: 0, tls: false, username: null, password: null };

describe('where Redis is', () => {
  test.each([
    ['redis://redis', { ...bare, kind: 'single', nodes: [{ host: 'redis', port: 6379 }] }],
    ['redis://127.0.0.1:7000/3', { ...bare, kind: 'single', nodes: [{ host: '127.0.0.1', port: 7000 }], db: 3 }],
    ['redis://[::1]:7000', { ...bare, kind: 'single', nodes: [{ host: '::1', port: 7000 }] }],
    [
      'rediss://me:p%40ss@r:1/',
      { ...bare, kind: 'single', nodes: [{ host: 'r', port: 1 }], tls: true, username: 'me', password: 'p@ss' },
    ],
    ['redis://:only@r', { ...bare, kind: 'single', nodes: [{ host: 'r', port: 6379 }], password: 'only' }],
    ['redis://only@r', { ...bare, kind: 'single', nodes: [{ host: 'r', port: 6379 }], password: 'only' }],
    [
      'redis+cluster://a:1,b,c:3',
      {
        ...bare,
        kind: 'cluster',
        nodes: [
          { host: 'a', port: 1 },
          { host: 'b', port: 6379 },
          { host: 'c', port: 3 },
        ],
      },
    ],
    ['rediss+cluster://a', { ...bare, kind: 'cluster', nodes: [{ host: 'a', port: 6379 }], tls: true }],
    [
      'redis+sentinel://:s@a,b:2/main/4',
      {
        ...bare,
        kind: 'sentinel',
        nodes: [
          { host: 'a', port: 26_379 },
          { host: 'b', port: 2 },
        ],
        name: 'main',
        db: 4,
        password: 's',
      },
    ],
  ])('%s is read', (url, address) => {
    expect(readRedisAddress(url)).toEqual(address);
  });

  test.each([
    ['', 'must be redis://'],
    ['http://redis', 'must be redis://'],
    ['redis://', 'must be redis://'],
    ['redis://a:99999', 'must be redis://'],
    ['redis://a:b', 'must be redis://'],
    ['redis+other://a', 'must be redis://'],
    ['redis://a,b', 'names several hosts'],
    ['redis+sentinel://a,b', 'must say what Sentinel calls its servers'],
    ['redis+cluster://a,b/2', 'cannot name a database'],
    ['redis://a/x', 'must have the number of a database'],
    ['redis://:%zz@a', 'as a URL does'],
  ])('%s is refused, and it is said what would do', (url, why) => {
    expect(() => readRedisAddress(url)).toThrow(why);
  });
});
