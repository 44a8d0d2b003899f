import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { buildSchema } from 'graphql';
import { errorRegister } from '@tributary/contracts/errors';
import { startSystem } from '../e2e/harness.js';
import type { Session, System } from '../e2e/harness.js';
import { inputPlaces, type InputPlace } from './inputPlaces.ts';
import { inDocument, inVariable, oddValues } from './oddValues.ts';

const schema = buildSchema(readFileSync('schema/api.graphql', 'utf8'));
const atOnce = 16;

interface OddRequest {
  readonly title: string;
  readonly place: InputPlace;
  readonly isSound: boolean;
  readonly body: string;
}

const requests = inputPlaces(schema).flatMap((place) =>
  oddValues(place).flatMap((value) => {
    const facts = { place, isSound: value.isSound ?? false };
    const written = inDocument(place, value);
    return [
      { ...facts, title: `${value.what} in ${place.name}, as a variable`, body: inVariable(place, value) },
      ...(written === null
        ? []
        : [{ ...facts, title: `${value.what} in ${place.name}, in the document`, body: written }]),
    ];
  }),
);

describe('input that no client of good will sends', () => {
  let system: System;
  let owner: Session;

  beforeAll(async () => {
    system = await startSystem('embedded', { LOG_LEVEL: 'silent' });
    owner = await system.signIn();
  }, 120_000);
  afterAll(() => system?.close());

  test('the walk comes to every argument and every input field', () => {
    const places = new Set(requests.map(({ place }) => place.name));
    expect(places.size).toBeGreaterThan(150);
  });

  test('is never answered with a fault of ours or with "try again", and INVALID_INPUT names the argument', async () => {
    const faults: string[] = [];
    const queue = [...requests];
    const work = async (): Promise<void> => {
      for (let request = queue.pop(); request; request = queue.pop()) {
        const complaint = complaintAbout(request, await system.post(request.body, owner.headers));
        if (complaint) faults.push(`${request.title}: ${complaint}`);
      }
    };
    await Promise.all(Array.from({ length: atOnce }, work));
    expect(faults).toEqual([]);
  }, 180_000);

  test('of many traces the one that holds NUL is named, and none is taken', async () => {
    const trace = (externalId: string) => ({
      externalId,
      agent: 'odd',
      operation: 'plan',
      status: 'OK',
      startedAt: new Date().toISOString(),
      durationMs: 1,
    });
    const variables = { input: { traces: [trace('odd-1'), trace('odd\u0000'), trace('odd-2')] } };
    const ingest = 'mutation ($input: IngestTracesInput!) { ingestTraces(input: $input) { __typename } }';
    expect((await owner.send(ingest, variables)).errors).toMatchObject([
      { extensions: { code: 'INVALID_INPUT', details: { field: 'input.traces.1.externalId' } } },
    ]);
    const range = { from: new Date(Date.now() - 60_000).toISOString(), to: new Date().toISOString() };
    const { traces } = await owner.ask(
      'query ($range: TimeRange!) { traces(range: $range, filter: { agent: ["odd"] }) { nodes { id } } }',
      { range },
    );
    expect(traces.nodes).toEqual([]);
  });

  const nul = '\\u0000';
  test.each([
    ['/auth/login', `{"email":"a${nul}@acme.example","password":"x"}`, 'email'],
    ['/auth/login', `{"email":"owner@acme.example","password":"x${nul}"}`, 'password'],
    ['/auth/login', `{"email":"owner@acme.example","password":"x","workspace":"${nul}"}`, 'workspace'],
    ['/auth/login', '{"email":"\\ud83d@acme.example","password":"x"}', 'email'],
    ['/auth/login', '{"email":"owner@acme.example","password":"x","more":{"a":1e400}}', 'more.a'],
    ['/auth/switch', `{"workspace":"${nul}"}`, 'workspace'],
    ['/auth/accept', `{"token":"${nul}","password":"long enough for it"}`, 'token'],
    ['/auth/accept', '{"token":"x","password":"\\udc00 long enough for it"}', 'password'],
    ['/uploads?name=a%00b', 'name,ip', 'name'],
  ])('%s with %s is INVALID_INPUT, too, and names the field', async (path, body, field) => {
    const response = await fetch(`${system.origin}${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...owner.headers },
      body,
    });
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({
      errors: [{ extensions: { code: 'INVALID_INPUT', details: { field } } }],
    });
  });

  test.each(['%00', '%ff%fe', '%ed%a0%80', 'a%0d%0ab'])(
    'a path or a parameter with %s is never a fault of ours',
    async (odd) => {
      for (const path of [
        `/${odd}`,
        `/auth/${odd}`,
        `/uploads?name=${odd}`,
        `/graphql?query=${odd}`,
        `/auth/oidc/start?return=${odd}`,
      ]) {
        for (const method of ['GET', 'POST']) {
          const { status } = await fetch(`${system.origin}${path}`, { method, headers: owner.headers });
          expect([path, method, status < 500]).toEqual([path, method, true]);
        }
      }
    },
  );
});

type Answer = Awaited<ReturnType<System['post']>>;

/** What is wrong with an answer; null when it is right. */
function complaintAbout({ place, isSound }: OddRequest, { status, errors }: Answer): string | null {
  const told = JSON.stringify(errors ?? null).slice(0, 300);
  for (const { extensions } of errors ?? []) {
    const { retryable } = errorRegister[extensions.code as keyof typeof errorRegister];
    if (retryable || extensions.code === 'INTERNAL_ERROR') return `answered ${status} ${told}`;
  }
  if (status >= 500) return `answered ${status} ${told}`;
  if (isSound) return null;
  if (!errors) return 'was taken';
  const [{ message, extensions }] = errors as [(typeof errors)[number]];
  // A document with half a surrogate pair is none, so no argument is known yet.
  if (message.startsWith('Syntax Error: Invalid Unicode')) return null;
  // Costs are counted by what is asked for, before anybody asks whether the number fits.
  if (place.type.name === 'Int' && extensions.code === 'OPERATION_TOO_COMPLEX') return null;
  if (extensions.code !== 'INVALID_INPUT') return `was not refused as INVALID_INPUT: ${told}`;
  const named = String(extensions.details['field']).split('.');
  return named.includes(place.field) || named.includes(place.argument.variable) ? null : `names another place: ${told}`;
}
