import type { IncomingHttpHeaders } from 'node:http';
import { gunzipSync } from 'node:zlib';
import { exportRequest } from '@tributary/subgraph-metrics/rollups';

interface Ids {
  readonly traceId: string | Uint8Array;
  readonly spanId: string | Uint8Array;
}

interface Exported {
  readonly resourceSpans?: readonly { readonly scopeSpans?: readonly { readonly spans?: readonly Ids[] }[] }[];
}

/** Which spans a request carries, each by its trace and its own id. */
export function spanIds(body: Buffer, headers: IncomingHttpHeaders): string[] {
  const plain = headers['content-encoding'] === 'gzip' ? gunzipSync(body) : body;
  const request = (
    headers['content-type']?.includes('json') ? JSON.parse(plain.toString()) : exportRequest().decode(plain)
  ) as Exported;
  const spans = request.resourceSpans?.flatMap(
    ({ scopeSpans }) => scopeSpans?.flatMap((scope) => scope.spans ?? []) ?? [],
  );
  return (spans ?? []).map(({ traceId, spanId }) => `${inHex(traceId)}-${inHex(spanId)}`);
}

function inHex(id: string | Uint8Array): string {
  return typeof id === 'string' ? id.toLowerCase() : Buffer.from(id).toString('hex');
}
