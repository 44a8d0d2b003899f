import { expect, test } from '@jest/globals';
import { bindingText, strictUuid } from '../src/bindWorkspace.js';

const id = '0190a000-0000-7000-8000-00000000000f';

test('the text that binds on Citus holds the uuid in its canonical form and nothing else that came from outside', () => {
  expect(bindingText(id.toUpperCase(), 'read')).toBe(
    `begin isolation level repeatable read, read only; set local app.workspace_id = '${id}'`,
  );
  expect(bindingText(id, 'write')).toBe(`begin isolation level read committed; set local app.workspace_id = '${id}'`);
});

test.each([
  ['nothing', ''],
  ['a quote', `${id.slice(0, 35)}'`],
  ['a quote behind it', `${id}'`],
  ['a statement', `'; drop table asset; --${'x'.repeat(13)}`],
  ['a NUL', `${id.slice(0, 35)}\0`],
  ['a NUL behind it', `${id}\0`],
  ['a line end behind it', `${id}\n`],
  ['a line end in front', `\n${id}`],
  ['200 characters', 'a'.repeat(200)],
  ['200 characters that begin well', id.padEnd(200, '0')],
  ['no hyphens', `${id.replaceAll('-', '')}0000`],
  ['hyphens elsewhere', '0190a0000-000-7000-8000-00000000000f'],
  ['a letter that no hexadecimal number has', `${id.slice(0, 35)}g`],
  ['digits of another alphabet', `${id.slice(0, 35)}٣`],
  ['a letter whose lower case is another length', `${id.slice(0, 34)}İ`],
  ['braces', `{${id.slice(0, 34)}}`],
  ['a number', 7],
  ['an object that reads as a uuid', { length: 36, toLowerCase: (): string => id }],
  ['a list of it', [id]],
  ['null', null],
])('a workspace that is %s binds nothing', (_, text) => {
  expect(() => strictUuid(text)).toThrow('this is none');
});
