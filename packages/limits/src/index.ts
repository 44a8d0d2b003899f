export type { Budget, Claim, BudgetState } from './Budget.js';
export type { Counters } from './Counters.js';
export { InProcessCounters } from './InProcessCounters.js';
export { RedisCounters } from './RedisCounters.js';
export type { RedisCountersOptions } from './RedisCounters.js';
