import { deepEqual } from 'node:assert/strict';

type Json = null | boolean | number | string | readonly Json[] | { readonly [name: string]: Json };
type Fields = Readonly<Record<string, Json>>;

/** Holds both answers to the page against each other. Throws where one shows what the other does not. */
export function samePage(ours: Fields, theirs: Fields): void {
  deepEqual(plain(theirs['flow']!), plain(oursAsTheirs(ours['flow'] as Fields)), 'PostGraphile shows another page');
}

/** Our page in the places of theirs: they have columns where we have objects, and the flow's list is of sightings. */
function oursAsTheirs(flow: Fields): Json {
  const { failure, discovery, assets, metrics, createdBy, phases, ...rest } = flow;
  const { fieldMappings, rejectedRows, ...found } = discovery as Fields;
  const { code, message, phase, retryable } = (failure ?? {}) as Fields;
  const { totalCount, nodes } = assets as { totalCount: number; nodes: readonly Fields[] };
  const { latencyMs, ...figures } = metrics as Fields;
  const { p50, p95, p99, max } = latencyMs as Fields;
  const { id, displayName } = createdBy as Fields;
  return {
    ...rest,
    failureCode: code ?? null,
    failureMessage: message ?? null,
    failurePhase: phase ?? null,
    failureRetryable: retryable ?? null,
    createdBy: { id: id!, displayName: displayName! },
    phases: { nodes: phases! },
    discovery: found,
    fieldMappings: { nodes: fieldMappings! },
    rejectedRows: rejectedRows!,
    assetCount: totalCount,
    assets: { nodes: nodes.map(({ discoveredBy, ...asset }) => ({ discoveredBy: discoveredBy!, asset })) },
    metrics: { ...figures, p50: p50!, p95: p95!, p99: p99!, longest: max! },
  };
}

const ourId = /^[a-z]+_([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})$/;
const moment = /^\d{4}-\d\d-\d\dT[\d:.]+(Z|\+00:00)$/;

/** Ids without their kind, moments in ms, and figures to nine digits: their counts are texts, and sums may be made in another order. */
function plain(value: Json): Json {
  if (typeof value === 'string') {
    if (moment.test(value)) return Date.parse(value);
    if (/^\d+$/.test(value)) return Number(value);
    return ourId.exec(value)?.[1] ?? value;
  }
  if (typeof value === 'number') return Number(value.toPrecision(9));
  if (value === null || typeof value !== 'object') return value;
  if (Array.isArray(value)) return value.map(plain);
  return Object.fromEntries(Object.entries(value as Fields).map(([name, of]) => [name, plain(of)]));
}
