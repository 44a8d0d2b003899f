import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { CodedError } from '@tributary/contracts/errors';
import type { Identity } from '../src/callers/identity.js';
import { Authority } from '../src/callers/Authority.js';

const revoked = new CodedError('INVALID_CREDENTIALS', 'Revoked.');

describe('the authority of a stream', () => {
  beforeEach(() => void jest.useFakeTimers({ now: 1_000 }));
  afterEach(() => void jest.useRealTimers());

  function held(expiresAt: Date | null) {
    const state = { version: 1, looks: 0, refusal: null as CodedError | null };
    const identity: Identity = {
      principal: { workspaceId: 'w', actor: { kind: 'user', id: 'u' }, role: 'VIEWER', scopes: null },
      expiresAt,
      refusal: () => {
        state.looks += 1;
        return state.refusal;
      },
      revocations: state,
    };
    return { state, identity };
  }

  test('ends with what is heard, and is looked at again only then', () => {
    const { state, identity } = held(null);
    const authority = new Authority(() => identity);
    for (let event = 0; event < 5; event += 1) expect(authority.refusal()).toBeNull();
    expect(state.looks).toBe(1);
    state.refusal = revoked;
    state.version += 1;
    expect(authority.refusal()).toBe(revoked);
    expect(authority.refusal()).toBe(revoked);
  });

  test('ends in the millisecond in which the credentials expire', () => {
    const { identity } = held(new Date(2_000));
    const authority = new Authority(() => identity);
    expect(authority.refusal()).toBeNull();
    jest.setSystemTime(1_999);
    expect(authority.refusal()).toBeNull();
    jest.setSystemTime(2_000);
    expect(authority.refusal()).toMatchObject({ code: 'EXPIRED_TOKEN' });
  });

  test('goes on with the credentials that took the place of those that expire', () => {
    let { identity } = held(new Date(2_000));
    const authority = new Authority(() => identity);
    expect(authority.refusal()).toBeNull();
    ({ identity } = held(new Date(3_000)));
    jest.setSystemTime(2_500);
    expect(authority.refusal()).toBeNull();
    jest.setSystemTime(3_000);
    expect(authority.refusal()).toMatchObject({ code: 'EXPIRED_TOKEN' });
  });

  test('is asked each time where nobody says what is heard', () => {
    const { state, identity } = held(null);
    const { revocations: _heard, ...plain } = identity;
    const authority = new Authority(() => plain);
    expect(authority.refusal()).toBeNull();
    state.refusal = revoked;
    expect(authority.refusal()).toBe(revoked);
  });
});
