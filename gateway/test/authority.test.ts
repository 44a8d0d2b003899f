import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { CodedError, type ErrorCode } from '@tributary/contracts/errors';
import { type Principal } from '@tributary/contracts/principal';
import { WebSocket } from 'ws';
import type { Identity, IdentityService } from '../src/index.js';
import { eventStream, HttpStream, multipart } from './support/eventStream.js';
import { startLogGateway, type LogGateway } from './support/logGraph.js';
import { eventually, RawSocket } from './support/sockets.js';
import { owner } from './support/testGateway.js';

const query = 'subscription ($after: Cursor) { flowProgress(flowId: 1, after: $after) { type sequence cursor } }';

/** Tokens that name what they hold: `Bearer <role> <never|later|told> <workspace>`. What is revoked meanwhile is told by `refusal`. */
class TestTokens implements IdentityService {
  revoked: ErrorCode | null = null;
  readonly later = new Date(Date.now() + 3_600_000);
  /** When `Bearer OWNER told` expires: a test moves it when it has come so far, however long that took. */
  told = this.later;

  async authenticate({ authorization }: { authorization?: string | undefined }) {
    const [, role, expiry, workspaceId = owner.workspaceId] = authorization?.split(' ') ?? [];
    if (role !== 'OWNER' && role !== 'VIEWER') throw new CodedError('INVALID_CREDENTIALS', 'No token of ours.');
    const refusal = () => (this.revoked ? new CodedError(this.revoked, 'Not any more.') : null);
    const refused = refusal();
    if (refused) throw refused;
    const principal: Principal = { ...owner, role, workspaceId };
    if (expiry === 'told') return withExpiry(principal, () => this.told);
    return { principal, expiresAt: expiry === 'later' ? this.later : null, refusal };
  }
}

function withExpiry(principal: Principal, expiry: () => Date): Identity {
  return {
    principal,
    get expiresAt() {
      return expiry();
    },
  };
}

const lasting = { authorization: 'Bearer OWNER later' };
let tokens: TestTokens;
let it: LogGateway;
beforeEach(async () => {
  tokens = new TestTokens();
  it = await startLogGateway({ identity: tokens });
});
afterEach(async () => it[Symbol.asyncDispose]());

const openHttp = (accept: string, authorization: string) =>
  HttpStream.open(it.url, accept, { body: { query }, headers: { authorization } });
const lastErrors = (stream: HttpStream) => stream.events.at(-1)!.data.errors;
const events = (stream: HttpStream) => stream.events.filter(({ data }) => !data.errors).length;

describe.each([
  ['server-sent events', eventStream],
  ['multipart', multipart],
])('over %s', (_name, accept) => {
  test('a stream ends with EXPIRED_TOKEN when its token expires, also while nothing happens', async () => {
    const stream = await openHttp(accept, 'Bearer OWNER told');
    await eventually(() => events(stream) === 1);
    tokens.told = new Date();
    await eventually(() => stream.ended !== null);
    expect(stream.ended).toBe('completed');
    expect(events(stream)).toBe(1);
    expect(lastErrors(stream)).toMatchObject([{ extensions: { code: 'EXPIRED_TOKEN' } }]);
    await eventually(() => it.log.openStreams === 0);
  });

  test.each<ErrorCode>(['INVALID_CREDENTIALS', 'INVALID_API_KEY', 'INSUFFICIENT_PERMISSIONS'])(
    'a stream shows no event after what answers %s, and ends with it within 1 s',
    async (code) => {
      const busy = await openHttp(accept, 'Bearer OWNER never');
      const quiet = await openHttp(accept, 'Bearer OWNER never');
      await eventually(() => events(busy) === 1 && events(quiet) === 1);
      tokens.revoked = code;
      it.log.append();
      await eventually(() => busy.ended !== null && quiet.ended !== null, 1_000);
      for (const stream of [busy, quiet]) {
        expect(events(stream)).toBe(1);
        expect(lastErrors(stream)).toMatchObject([{ extensions: { code } }]);
      }
    },
  );
});

describe('over graphql-ws', () => {
  test('connection_ack says how long the credentials hold', async () => {
    await using socket = await RawSocket.open(it.wsUrl);
    const secondsLeft = () => (tokens.later.getTime() - Date.now()) / 1000;
    const most = secondsLeft();
    socket.send({ type: 'connection_init', payload: lasting });
    const { payload } = (await socket.next('connection_ack')) as { payload: { expiresInSeconds: number } };
    expect(payload.expiresInSeconds).toBeLessThanOrEqual(most);
    expect(payload.expiresInSeconds).toBeGreaterThanOrEqual(secondsLeft());
  });

  test('what was revoked closes with 4441 within 1 s, an expired or outdated token with 4440, and no event comes after', async () => {
    for (const [code, closing] of [
      ['INVALID_CREDENTIALS', 4441],
      ['INSUFFICIENT_PERMISSIONS', 4441],
      ['EXPIRED_TOKEN', 4440],
    ] as const) {
      tokens.revoked = null;
      const socket = await RawSocket.open(it.wsUrl, { authorization: 'Bearer OWNER never' });
      const quiet = await RawSocket.open(it.wsUrl, { authorization: 'Bearer OWNER never' });
      socket.subscribe('1', { query });
      await socket.next('next', '1');
      tokens.revoked = code;
      it.log.append();
      await eventually(() => [socket, quiet].every(({ socket }) => socket.readyState === WebSocket.CLOSED), 1_000);
      expect([(await socket.closed).code, (await quiet.closed).code]).toEqual([closing, closing]);
      expect(socket.received.filter(({ type }) => type === 'next')).toEqual([]);
    }
  });

  test('a new token in a ping keeps socket, subscription and position', async () => {
    await using socket = await RawSocket.open(it.wsUrl, { authorization: 'Bearer OWNER told' });
    const outdated = await RawSocket.open(it.wsUrl, { authorization: 'Bearer OWNER told' });
    socket.subscribe('1', { query });
    await socket.next('next', '1');
    socket.send({ type: 'ping', payload: lasting });
    expect(await socket.next('pong')).toEqual({
      type: 'pong',
      payload: { expiresInSeconds: expect.any(Number) },
    });
    tokens.told = new Date();
    // It has only the token of before, and is looked at behind the other.
    expect(await outdated.closed).toEqual({ code: 4440, reason: 'expired' });
    it.log.append();
    expect(await socket.next('next', '1')).toMatchObject({ payload: { data: { flowProgress: { sequence: 1 } } } });
    expect(it.log.opened).toEqual([null]);
  });

  test.each([
    ['a token that is no good', 'Bearer nonsense', 4403, 'INVALID_CREDENTIALS'],
    ['a token of another workspace', 'Bearer OWNER later other', 4403, 'INVALID_CREDENTIALS'],
    ['a token of another role', 'Bearer VIEWER later', 4440, 'expired'],
  ])('%s in a ping closes with its code', async (_title, authorization, code, reason) => {
    await using socket = await RawSocket.open(it.wsUrl, lasting);
    socket.send({ type: 'ping', payload: { authorization } });
    expect(await socket.closed).toEqual({ code, reason });
  });

  test('a ping without credentials is answered as ever, with what it carried', async () => {
    await using socket = await RawSocket.open(it.wsUrl, lasting);
    socket.send({ type: 'ping', payload: { at: 1 } });
    expect(await socket.next('pong')).toEqual({ type: 'pong', payload: { at: 1 } });
    socket.send({ type: 'ping' });
    expect(await socket.next('pong')).toEqual({ type: 'pong' });
  });

  test('a socket that was opened without credentials cannot sign in by a ping', async () => {
    const anonymous = await RawSocket.open(it.wsUrl);
    anonymous.send({ type: 'ping', payload: lasting });
    expect((await anonymous.closed).code).toBe(4403);
  });
});
