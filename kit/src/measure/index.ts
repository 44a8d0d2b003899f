export { Audience } from './Audience.js';
export type { Arrivals, AudienceOptions, Member, Sight } from './Audience.js';
export { measureCallers, SteadyCaller } from './callers.js';
export type { CallerOptions, Figures } from './callers.js';
export { MemoryWatch } from './MemoryWatch.js';
export {
  cpuBetween,
  cpuMilliseconds,
  cpuSeconds,
  descendants,
  listenerAt,
  memoryByPart,
  memoryOf,
  pidsOf,
  sampleCpu,
  sampleProcesses,
} from './processes.js';
export type { CpuSample, ProcessSample } from './processes.js';
export { median, quantile } from './statistics.js';
export { steadily } from './steadily.js';
export { megabytes, printTable } from './table.js';
export type { TableRow } from './table.js';
export type { Stage, Workload } from './Workload.js';
