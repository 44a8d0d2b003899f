import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from '@jest/globals';
import { guards } from '../../prove/webhooks/control/guards.js';

const root = fileURLToPath(new URL('../..', import.meta.url));

test.each(Object.entries(guards))(
  'what the control "%s" takes away stands once in its file',
  (_, { file, find, replace }) => {
    const text = readFileSync(join(root, file), 'utf8');
    expect([file, text.split(find).length - 1]).toEqual([file, 1]);
    expect(replace).not.toBe(find);
  },
);
