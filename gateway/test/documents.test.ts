import { describe, expect, test } from '@jest/globals';
import { connect } from 'node:net';
import { buildSchema, parse } from 'graphql';
import { defaultSettings } from '../src/index.js';
import { readGraphFacts } from '../src/operations/GraphFacts.js';
import { Documents } from '../src/operations/Documents.js';
import { startTestGateway } from './support/testGateway.js';

const { limits } = defaultSettings;
const sdl = 'type Query { whoAmI: String }';
const graph = readGraphFacts(parse(sdl), buildSchema(sdl));

describe('documents', () => {
  test('are kept once they are valid, as the same object', () => {
    const documents = new Documents(limits, graph);
    const text = '{ whoAmI }';
    expect(documents.find(text)).toBeNull();
    const document = documents.read(text, false);
    expect(documents.find(text)).toBeNull();
    documents.keep(document);
    expect(documents.find(text)).toBe(document);
  });

  test('fill no memory, however many different ones are sent', () => {
    const documents = new Documents(limits, graph);
    const texts = Array.from({ length: 600 }, (_none, n) => `{ whoAmI } # ${n} ${'x'.repeat(1_000)}`);
    for (const text of texts) documents.keep(documents.read(text, false));
    expect(texts.filter((text) => documents.find(text)).length).toBeLessThan(250);
    expect(documents.find(texts.at(-1)!)).not.toBeNull();
  });
});

test('a body that does not come to its end is answered 408, with a code', async () => {
  await using it = await startTestGateway({ settings: { timeouts: { operationMs: 200 } } });
  const { hostname, port } = new URL(it.url);
  const socket = connect(Number(port), hostname);
  socket.write('POST /graphql HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: 100\r\n\r\n{"');
  let answer = '';
  for await (const chunk of socket) answer += String(chunk);
  expect(answer).toContain('HTTP/1.1 408');
  expect(answer).toContain('"code":"INVALID_INPUT"');
});
