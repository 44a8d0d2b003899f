import { createPublicKey, verify } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import { Webhook } from 'standardwebhooks';
import { endpointWait, givenUpAfterMs, messageAttempts, messageWait } from '../src/domain/delivery/backoff.js';
import { eventIdOf } from '../src/domain/delivery/eventId.js';
import { outcomeOf } from '../src/domain/delivery/outcomeOf.js';
import { renderBody } from '../src/domain/delivery/renderBody.js';
import { newKey, publicKeyOf, signedHeaders } from '../src/domain/delivery/signature.js';
import type { WebhookRow } from '../src/storage/WebhookRow.js';
import type { Algorithm } from '../src/storage/secretStatements.js';

const webhookId = '01939a4c-0000-7000-8000-000000000001';
const secretOf = (algorithm: Algorithm, secret: string) => ({
  webhookId,
  id: webhookId,
  algorithm,
  secret,
  createdAt: new Date(0),
  validUntil: null,
});

describe('the id of an event', () => {
  test('is the same each time, another for each webhook, log and number, and holds no dot', () => {
    const id = eventIdOf(webhookId, 'flows', 42);
    expect(eventIdOf(webhookId, 'flows', 42)).toBe(id);
    expect(id).toMatch(/^evt_[a-z2-7]{26}$/);
    const others = [
      eventIdOf(webhookId, 'flows', 43),
      eventIdOf(webhookId, 'alerts', 42),
      eventIdOf(webhookId.replace('1', '2'), 'flows', 42),
    ];
    expect(new Set([id, ...others]).size).toBe(4);
  });
});

describe('a signature', () => {
  const at = new Date();
  const body = '{"type":"alert.fired"}';

  test('is taken by Standard Webhooks’ own library, whichever of two secrets it knows', () => {
    const [old, fresh] = [newKey('HMAC-SHA256'), newKey('HMAC-SHA256')];
    const secrets = [secretOf('HMAC-SHA256', fresh), secretOf('HMAC-SHA256', old)];
    const headers = signedHeaders('evt_a', at, body, 'SYMMETRIC', secrets);
    for (const secret of [old, fresh])
      expect(new Webhook(secret).verify(body, headers)).toEqual({ type: 'alert.fired' });
    expect(() => new Webhook(newKey('HMAC-SHA256')).verify(body, headers)).toThrow();
    expect(() => new Webhook(old).verify(`${body} `, headers)).toThrow();
  });

  test('of a key pair is checked with the public key that the graph shows', () => {
    const key = newKey('ED25519');
    const headers = signedHeaders('evt_a', at, body, 'ASYMMETRIC', [secretOf('ED25519', key)]);
    const signature = Buffer.from(headers['webhook-signature']!.replace('v1a,', ''), 'base64');
    const x = Buffer.from(publicKeyOf(key).replace('whpk_', ''), 'base64').toString('base64url');
    const publicKey = createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x }, format: 'jwk' });
    const signed = Buffer.from(`evt_a.${headers['webhook-timestamp']}.${body}`);
    expect(verify(null, signed, publicKey, signature)).toBe(true);
  });
});

describe('a message', () => {
  test('in the form of Alertmanager says of an alert what its document asked for', () => {
    const row = {
      id: webhookId,
      workspaceId: webhookId,
      name: 'Desk',
      log: 'alerts',
      stream: 'alertUpdates',
      maxBatch: 1,
    };
    const alert = {
      fingerprint: 'rule:1',
      title: 'Errors',
      severity: 'CRITICAL',
      status: 'FIRING',
      labels: { agent: 'classifier' },
      firstSeenAt: '2026-11-27T15:00:00.000Z',
    };
    const event = {
      sequence: 1,
      cursor: 'c',
      occurredAt: '2026-11-27T16:00:00.000Z',
      data: { alertUpdates: { alert } },
    };
    const bodyOf = (type: string) =>
      JSON.parse(
        renderBody({ ...row, format: 'ALERTMANAGER' } as WebhookRow, [{ ...event, type }], {
          attempt: 1,
          replayId: null,
          previousSequence: null,
        }).body,
      ) as unknown;
    const labels = { alertname: 'Errors', severity: 'critical', agent: 'classifier' };
    expect(bodyOf('alert.fired')).toMatchObject({
      version: '4',
      status: 'firing',
      receiver: 'Desk',
      alerts: [
        {
          status: 'firing',
          labels,
          startsAt: alert.firstSeenAt,
          endsAt: '0001-01-01T00:00:00Z',
          fingerprint: 'rule:1',
        },
      ],
    });
    expect(bodyOf('alert.resolved')).toMatchObject({ status: 'resolved', alerts: [{ endsAt: event.occurredAt }] });
  });
});

describe('an answer', () => {
  const answer = (status: number | null, headers: Record<string, string> = {}) =>
    outcomeOf({ status, headers, text: '', refused: false, durationMs: 0 }, 0);

  test.each([
    [200, 'delivered'],
    [204, 'delivered'],
    [301, 'message'],
    [400, 'message'],
    [404, 'message'],
    [408, 'endpoint'],
    [410, 'gone'],
    [422, 'message'],
    [425, 'endpoint'],
    [429, 'endpoint'],
    [500, 'endpoint'],
    [503, 'endpoint'],
    [null, 'endpoint'],
  ] as const)('of %s means: %s', (status, kind) => {
    expect(answer(status).kind).toBe(kind);
  });

  test('may say when to come again, and that a message is never to come again', () => {
    expect(answer(503, { 'retry-after': '120' })).toEqual({ kind: 'endpoint', retryAfterMs: 120_000 });
    expect(answer(503, { 'retry-after': '999999' })).toEqual({ kind: 'endpoint', retryAfterMs: 86_400_000 });
    expect(answer(503, { 'retry-after': new Date(5_000).toUTCString() })).toEqual({
      kind: 'endpoint',
      retryAfterMs: 5_000,
    });
    expect(answer(500, { 'webhook-delivery': 'abort-message' })).toEqual({ kind: 'abort' });
  });

  test('of a receiver in trouble is waited for longer each time, for 4 days without being given up', () => {
    let at = 0;
    for (let attempt = 1; at < 4 * 86_400_000; attempt += 1) at += endpointWait(attempt, 1);
    expect(givenUpAfterMs).toBe(5 * 86_400_000);
    expect(endpointWait(1, 0)).toBe(4_000);
    expect(endpointWait(50, 1)).toBe(12 * 3_600_000);
  });

  test('that refuses a message is asked five times within a quarter of an hour', () => {
    const waits = [1, 2, 3, 4].map((attempt) => messageWait(attempt)!);
    expect(messageAttempts).toBe(5);
    expect(messageWait(5)).toBeNull();
    expect(waits.reduce((sum, wait) => sum + wait, 0)).toBeLessThanOrEqual(15 * 60_000);
  });
});
