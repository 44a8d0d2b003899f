import { createHmac } from 'node:crypto';
import { afterEach, describe, expect, jest, test } from '@jest/globals';
import { systemPrincipal, type Principal } from '@tributary/contracts/principal';
import {
  bodyHash,
  ContextVerifier,
  operationHash,
  parseGatewaySecrets,
  signContext,
  type ExpectedContext,
} from '@tributary/auth';
import { ReplaySet } from '../src/replaySet.js';

const first = 'f1rst-secret-0123456789abcdefghijklmnop';
const second = 's3cond-secret-0123456789abcdefghijklmno';
const secrets = parseGatewaySecrets(first);
const principal: Principal = {
  workspaceId: '01900000-0000-7000-8000-00000000000b',
  actor: { kind: 'apiKey', id: '01900000-0000-7000-8000-00000000000a' },
  role: 'OPERATOR',
  scopes: ['flow.read', 'flow.start'],
};
const body = '{"query":"{ viewer { role } }"}';
const expected: ExpectedContext = { audience: 'flow', bodySha256: bodyHash(body) };
const sign = (changes: Partial<Parameters<typeof signContext>[1]> = {}) =>
  signContext(principal, { audience: 'flow', requestId: 'r-1', bodySha256: bodyHash(body), secrets, ...changes });

function outcome(verifier: ContextVerifier, token: string | undefined, against = expected): string {
  try {
    verifier.verify(token, against);
    return 'accepted';
  } catch (error) {
    return (error as { code?: string }).code ?? String(error);
  }
}

/** A context with a right signature around whatever payload. */
function forged(change: (payload: Record<string, unknown>) => void, secret = first): string {
  const [version, kid, payload] = sign().split('.');
  const content = JSON.parse(Buffer.from(payload!, 'base64url').toString()) as Record<string, unknown>;
  change(content);
  const signed = `${version}.${kid}.${Buffer.from(JSON.stringify(content)).toString('base64url')}`;
  return `${signed}.${createHmac('sha256', secret).update(signed).digest('base64url')}`;
}

afterEach(() => {
  jest.useRealTimers();
});

describe('the signed context between gateway and subgraph', () => {
  test('carries the whole principal and the request id', () => {
    expect(new ContextVerifier({ secrets }).verify(sign(), expected)).toEqual({ principal, requestId: 'r-1' });
  });

  test('is good for one request', () => {
    const verifier = new ContextVerifier({ secrets });
    const token = sign();
    expect(outcome(verifier, token)).toBe('accepted');
    expect(outcome(verifier, token)).toBe('INVALID_CREDENTIALS');
  });

  test('is worth nothing for another body, subgraph or endpoint', () => {
    const verifier = new ContextVerifier({ secrets });
    expect(outcome(verifier, sign(), { ...expected, bodySha256: bodyHash(`${body} `) })).toBe('INVALID_CREDENTIALS');
    expect(outcome(verifier, sign(), { ...expected, audience: 'asset' })).toBe('INVALID_CREDENTIALS');
    expect(outcome(verifier, sign(), { ...expected, audience: 'commands:flow' })).toBe('INVALID_CREDENTIALS');
    expect(outcome(verifier, sign({ audience: 'commands:flow' }))).toBe('INVALID_CREDENTIALS');
  });

  test('a refused one does not use up the right one', () => {
    const verifier = new ContextVerifier({ secrets });
    const token = sign();
    expect(outcome(verifier, token, { ...expected, audience: 'asset' })).toBe('INVALID_CREDENTIALS');
    expect(outcome(verifier, token)).toBe('accepted');
  });

  test('dies after 30 seconds', () => {
    jest.useFakeTimers({ now: Date.now() });
    const verifier = new ContextVerifier({ secrets });
    const token = sign({ lifeSeconds: 600 });
    jest.advanceTimersByTime(28_000);
    expect(outcome(verifier, sign())).toBe('accepted');
    jest.advanceTimersByTime(3_000);
    expect(outcome(verifier, token)).toBe('INVALID_CREDENTIALS');
  });

  test('any changed letter spoils it', () => {
    const verifier = new ContextVerifier({ secrets });
    const token = sign();
    for (let index = 0; index < token.length; index++) {
      const changed = token.slice(0, index) + (token[index] === 'A' ? 'E' : 'A') + token.slice(index + 1);
      // The last letter of the mac carries unused bits: what decodes to the same bytes is the same token.
      if (index === token.length - 1) continue;
      expect(outcome(verifier, changed)).toBe('INVALID_CREDENTIALS');
    }
    expect(outcome(verifier, token)).toBe('accepted');
  });

  test.each<[string, (payload: Record<string, unknown>) => void]>([
    ['a life over 30 s', (payload) => (payload['exp'] = Number(payload['iat']) + 3600)],
    ['no expiry', (payload) => delete payload['exp']],
    ['an expiry that is text', (payload) => (payload['exp'] = 'never')],
    [
      'issued in the future',
      (payload) => ((payload['iat'] = Number(payload['iat']) + 60), (payload['exp'] = Number(payload['iat']) + 20)),
    ],
    ['no body', (payload) => (payload['bod'] = null)],
    ['an unknown role', (payload) => (payload['role'] = 'ROOT')],
    ['role SYSTEM at a GraphQL endpoint', (payload) => (payload['role'] = 'SYSTEM')],
  ])('even rightly signed, %s is refused', (_title, change) => {
    expect(
      outcome(
        new ContextVerifier({ secrets }),
        forged(() => undefined),
      ),
    ).toBe('accepted');
    expect(outcome(new ContextVerifier({ secrets }), forged(change))).toBe('INVALID_CREDENTIALS');
  });

  test('a token signed with another secret under our kid is refused', () => {
    expect(
      outcome(
        new ContextVerifier({ secrets }),
        forged(() => undefined, second),
      ),
    ).toBe('INVALID_CREDENTIALS');
  });

  test('text that is no context is refused the same way', () => {
    const verifier = new ContextVerifier({ secrets });
    for (const text of [
      undefined,
      '',
      '.',
      '...',
      'tc1...',
      'null',
      `${sign()}.x`,
      sign().replace('tc1', 'tc2'),
      'x'.repeat(100_000),
      sign().split('.').slice(0, 3).join('.'),
    ]) {
      expect(outcome(verifier, text)).toBe('INVALID_CREDENTIALS');
    }
  });

  test('two secrets are accepted and the first signs, so that a change needs no silence', () => {
    const both = parseGatewaySecrets(`${second},${first}`);
    expect(outcome(new ContextVerifier({ secrets: both }), sign())).toBe('accepted');
    expect(outcome(new ContextVerifier({ secrets: both }), sign({ secrets: both }))).toBe('accepted');
    expect(outcome(new ContextVerifier({ secrets }), sign({ secrets: both }))).toBe('INVALID_CREDENTIALS');
  });

  test('role SYSTEM is signed and accepted for internal commands only', () => {
    const system = systemPrincipal(principal.workspaceId, 'worker');
    expect(() => signContext(system, { audience: 'flow', requestId: 'r', bodySha256: 'x', secrets })).toThrow(
      /commands only/,
    );
    const token = signContext(system, { audience: 'commands:flow', requestId: 'r', bodySha256: 'x', secrets });
    expect(
      new ContextVerifier({ secrets }).verify(token, { audience: 'commands:flow', bodySha256: 'x' }).principal,
    ).toEqual(system);
  });

  test('the unbound form is taken only where it is configured, again and again, and never for commands', () => {
    const token = sign({ audience: 'supergraph', bodySha256: null });
    expect(outcome(new ContextVerifier({ secrets }), token)).toBe('INVALID_CREDENTIALS');
    const open = new ContextVerifier({ secrets, acceptUnboundContext: true });
    expect(outcome(open, token)).toBe('accepted');
    expect(outcome(open, token, { ...expected, audience: 'asset' })).toBe('accepted');
    expect(outcome(open, token, { ...expected, audience: 'commands:flow' })).toBe('INVALID_CREDENTIALS');
    expect(() => sign({ bodySha256: null })).toThrow(/supergraph/);
    const unboundSystem = forged((payload) => Object.assign(payload, { aud: 'supergraph', bod: null, role: 'SYSTEM' }));
    expect(outcome(open, unboundSystem)).toBe('INVALID_CREDENTIALS');
  });
});

describe('the hash of a graphql-ws operation', () => {
  test('survives the trip through JSON', () => {
    const operation = {
      query: 'subscription { x }',
      variables: { b: 1, a: [undefined, new Date(0)], 2: 'two', gone: undefined },
    };
    const received = JSON.parse(JSON.stringify(operation)) as typeof operation;
    expect(operationHash(received)).toBe(operationHash(operation));
    expect(operationHash({ query: 'x' })).toBe(operationHash({ query: 'x', variables: null, operationName: null }));
  });

  test('changes with each part', () => {
    const hashes = [
      { query: 'a' },
      { query: 'b' },
      { query: 'a', variables: {} },
      { query: 'a', operationName: 'n' },
    ].map(operationHash);
    expect(new Set(hashes).size).toBe(4);
  });
});

describe('the gateway’s secrets', () => {
  test.each(['', ',', 'short', 'a'.repeat(64), `${first},short`, `${first},${second},${first}`])(
    '%j is refused with a reason',
    (text) => {
      expect(() => parseGatewaySecrets(text)).toThrow(/secret|weak/);
    },
  );
});

describe('the replay set', () => {
  test('forgets what has expired and nothing before', () => {
    const seen = new ReplaySet();
    for (let second = 0; second < 300; second++) {
      for (let index = 0; index < 10; index++) expect(seen.add(`${second}-${index}`, second + 30, second)).toBe(true);
      expect(seen.add(`${Math.max(0, second - 29)}-0`, Math.max(0, second - 29) + 30, second)).toBe(false);
    }
    expect(seen.size).toBeLessThanOrEqual(500);
  });
});
