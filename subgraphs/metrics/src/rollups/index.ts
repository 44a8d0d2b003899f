// What proofs and benchmarks look at figures by: the statements that answer them, and what rolls traces up.
export { KnownSeries } from '../domain/KnownSeries.js';
export { rollUp, rollupConsumer } from '../domain/rollup/rollUp.js';
export { rebuildFigures } from '../domain/rollup/rebuildFigures.js';
export { sealDays } from '../domain/rollup/sealDays.js';
export { storeBatch } from '../domain/storeBatch.js';
export { plainTrace } from '../domain/checkTrace.js';
export type { SentTrace } from '../domain/checkTrace.js';
export { exportRequest } from '../domain/otlp/exportRequest.js';
export { toNano } from '../domain/toNano.js';
export { toNewTrace } from '../domain/toNewTrace.js';
export { breakdown, countAgents, tellsAgents, totals } from '../storage/figureStatements.js';
export { sessionTotals } from '../storage/sessionStatements.js';
export { totalsOfFlows } from '../storage/flowTotals.js';
export { seriesOfMetric } from '../storage/seriesOfMetric.js';
export type { TraceSelection } from '../storage/traceSelection.js';
