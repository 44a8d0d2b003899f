import { createPrivateKey, createPublicKey, generateKeyPairSync, randomBytes, sign } from 'node:crypto';
import { Webhook } from 'standardwebhooks';
import type { WebhookSigning } from '@tributary/contracts/values';
import type { Algorithm, StoredSecret } from '../../storage/secretStatements.js';

/** A new key, as it is stored; one of Standard Webhooks' own form is what the receiver gets, too. */
export function newKey(algorithm: Algorithm): string {
  if (algorithm === 'HMAC-SHA256') return `whsec_${randomBytes(32).toString('base64')}`;
  return generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
}

/** What a receiver checks an asymmetric signature with: `whpk_` and the 32 bytes of the key in base64. */
export function publicKeyOf(privateKeyPem: string): string {
  const { x } = createPublicKey(createPrivateKey(privateKeyPem)).export({ format: 'jwk' });
  return `whpk_${Buffer.from(x!, 'base64url').toString('base64')}`;
}

/** The algorithms that a webhook's messages are signed by. */
export function algorithmsOf(signing: WebhookSigning): readonly Algorithm[] {
  if (signing === 'BOTH') return ['HMAC-SHA256', 'ED25519'];
  return signing === 'SYMMETRIC' ? ['HMAC-SHA256'] : ['ED25519'];
}

/** Standard Webhooks: id, time and signatures, one for each secret that is good: first `v1`, then `v1a`. */
export function signedHeaders(
  id: string,
  at: Date,
  body: string,
  signing: WebhookSigning,
  secrets: readonly StoredSecret[],
): Record<string, string> {
  const wanted = algorithmsOf(signing);
  const seconds = Math.floor(at.getTime() / 1_000);
  const signatures = wanted.flatMap((algorithm) =>
    secrets
      .filter((secret) => secret.algorithm === algorithm)
      .map(({ secret }) =>
        algorithm === 'HMAC-SHA256'
          ? new Webhook(secret).sign(id, at, body)
          : `v1a,${sign(null, Buffer.from(`${id}.${seconds}.${body}`), createPrivateKey(secret)).toString('base64')}`,
      ),
  );
  return { 'webhook-id': id, 'webhook-timestamp': String(seconds), 'webhook-signature': signatures.join(' ') };
}
