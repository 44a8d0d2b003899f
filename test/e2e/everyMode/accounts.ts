import { beforeAll, describe, expect, test } from '@jest/globals';
import { eventually } from '@tributary/kit';
import { demoPassword } from '../harness.js';
import type { Mode, System } from '../harness.js';

interface Tab {
  readonly status: number;
  readonly cookie: string;
  readonly accessToken: string;
  readonly workspaceId: string;
}

async function post(system: System, path: string, body: unknown, cookie = ''): Promise<Tab> {
  const response = await fetch(`${system.origin}${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', cookie },
    body: JSON.stringify(body),
  });
  const answer = response.status === 204 ? {} : ((await response.json()) as Partial<Tab>);
  const [set] = response.headers.getSetCookie();
  return { ...(answer as Tab), status: response.status, cookie: set?.split(';')[0] ?? cookie };
}

const login = (system: System, email: string, password = demoPassword) =>
  post(system, '/auth/login', { email, password });
const ask = (system: System, { accessToken }: Tab, query: string, variables = {}) =>
  system.post<any>({ query, variables }, { authorization: `Bearer ${accessToken}` });
const change = 'mutation ($input: ChangePasswordInput!) { changePassword(input: $input) { changedAt } }';

/** Passwords and sessions. It changes those of two demo people. */
export function describeAccounts(mode: Mode, running: () => System): void {
  describe('accounts', () => {
    let system: System;
    beforeAll(() => {
      system = running();
    });

    test('with a new password every other session ends within 2 seconds, and this one goes on', async () => {
      const email = 'viewer@acme.example';
      const next = 'a much better password';
      const [other, here] = [await login(system, email), await login(system, email)];
      const { data } = await ask(system, here, '{ viewer { sessions { id current userAgent } } }');
      expect(data.viewer.sessions.length).toBeGreaterThanOrEqual(2);
      expect(data.viewer.sessions.filter((session: { current: boolean }) => session.current)).toHaveLength(1);
      const changed = await ask(system, here, change, { input: { current: demoPassword, next } });
      expect(changed.errors).toBeUndefined();
      const started = performance.now();
      await eventually(async () => {
        const refused = await ask(system, other, '{ viewer { role } }');
        expect(refused.errors?.[0]?.extensions).toMatchObject({ code: 'INVALID_CREDENTIALS' });
      });
      expect(performance.now() - started).toBeLessThan(2_000);
      expect((await post(system, '/auth/refresh', {}, other.cookie)).status).toBe(401);
      expect((await ask(system, here, '{ viewer { role } }')).errors).toBeUndefined();
      expect((await login(system, email)).status).toBe(401);
      expect((await login(system, email, next)).status).toBe(200);
    });

    test('an operator’s link sets a new password once, where the system listens, and looks alike for nobody', async () => {
      const printed = await system.admin('reset-password', '--email', 'operator@globex.example');
      const link = new URL(/http\S+/.exec(printed)![0]);
      if (mode === 'embedded') expect(link.origin).toBe(system.origin);
      expect(link.pathname).toBe('/auth/reset');
      expect(await (await fetch(`${system.origin}${link.pathname}`)).text()).toContain('Set a new password');
      const token = new URLSearchParams(link.hash.slice(1)).get('token')!;
      const spend = () => post(system, '/auth/reset', { token, password: 'set by the link, 10' });
      const first = await spend();
      expect(first.status).toBe(200);
      expect((await post(system, '/auth/refresh', {}, first.cookie)).status).toBe(200);
      expect((await spend()).status).toBe(401);
      const unknown = await system.admin('reset-password', '--email', 'nobody@globex.example');
      const shape = (text: string): string => text.replace(/token=\S+/, 'token=');
      expect(shape(unknown)).toBe(shape(printed));
    }, 60_000);

    test('who has no session is told so without an error', async () => {
      expect((await post(system, '/auth/refresh', {})).status).toBe(204);
    });
  });
}
