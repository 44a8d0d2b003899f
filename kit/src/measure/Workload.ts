import type { CpuSample } from './processes.js';
import type { Figures } from './callers.js';
import type { Client } from '../client/Client.js';

/** What every workload runs on: a system with one finished discovery of 2,000 servers in workspace `acme`. */
export interface Stage {
  readonly client: Client;
  readonly flowId: string;
  /** How long a round of callers lasts. */
  readonly seconds: number;
  /** CPU time so far of the system's processes. */
  readonly sampleCpu: () => CpuSample;
}

export interface Workload {
  readonly name: string;
  /** One round. Called several times; the medians are printed. */
  run(stage: Stage): Promise<Figures>;
}
