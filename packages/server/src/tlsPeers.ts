import type { IncomingMessage } from 'node:http';
import { TLSSocket } from 'node:tls';
import type { MutualTls } from '@tributary/commands';

export const needsCertificate = 'This endpoint serves clients with a certificate of this installation only.';

/** A probe has no certificate, so the handshake lets everybody through, and each request but a probe's is asked for it. */
export function tlsOptions({ cert, key, ca }: MutualTls) {
  return { cert, key, ca, requestCert: true, rejectUnauthorized: false, minVersion: 'TLSv1.3' as const };
}

export function isKnownPeer(request: IncomingMessage): boolean {
  return request.socket instanceof TLSSocket && request.socket.authorized;
}
