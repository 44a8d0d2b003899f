import { setTimeout as delay } from 'node:timers/promises';
import { identityOf, uuidIn, type History } from '../history/History.ts';
import type { Session } from './Session.ts';

export interface FlowWriterOptions {
  readonly session: Session;
  readonly history: History;
  /** In every key that it makes up. */
  readonly name: string;
  /** Pause between two reports of one phase, in ms: from, to. */
  readonly pauseMs: readonly [number, number];
  readonly signal: AbortSignal;
  /** Told of each new flow, by its public id. */
  readonly onFlow: (flowId: string) => void;
}

const createFlow = `mutation ($input: CreateFlowInput!) { createFlow(input: $input) { flow { id } } }`;
const report = `mutation ($input: ReportFlowProgressInput!) { reportFlowProgress(input: $input) { flow { id } } }`;
const phases = ['left', 'right'] as const;
const steps = 12;
/** Of so many flows one fails, and so raises an alert. */
const failEvery = 2;

/**
 * A runner outside the product: flow after flow, with two phases that report side by side, so that writers meet on one stream.
 * Every write has a key and is sent until it is acknowledged. Ends, between two writes, when the signal is aborted.
 */
export async function writeFlows(options: FlowWriterOptions): Promise<void> {
  const { name, signal } = options;
  for (let number = 1; !signal.aborted; number += 1) await writeFlow(options, `${name}-${number}`, number);
}

async function writeFlow(options: FlowWriterOptions, key: string, number: number): Promise<void> {
  const { session, history, pauseMs, signal, onFlow } = options;
  const created = await session.insist(createFlow, {
    input: { kind: 'chaos', name: key, phases, idempotencyKey: key },
  });
  const flowId = created['createFlow'].flow.id as string;
  const uuid = uuidIn(flowId);
  const { id: workspaceId } = session.workspace;
  const streams = [`${workspaceId}/flow:${uuid}`, `${workspaceId}/flows`] as const;
  for (const stream of streams) history.acknowledge(stream, identityOf('flow.created', uuid, null));
  onFlow(flowId);

  async function say(phase: string, status: string, progress: number, write: string): Promise<void> {
    const failure = status === 'FAILED' ? { code: 'PLANNED', message: 'It was meant to.' } : undefined;
    const input = { flowId, phase, status, progress, data: { write }, failure, idempotencyKey: write };
    await session.insist(report, { input });
  }

  async function run(phase: string): Promise<boolean> {
    for (let step = 1; step <= steps; step += 1) {
      await delay(pauseMs[0] + Math.random() * (pauseMs[1] - pauseMs[0]));
      if (signal.aborted) return false;
      const write = `${key}-${phase}-${step}`;
      await say(phase, 'RUNNING', step / (steps + 1), write);
      history.acknowledge(streams[0], identityOf(step === 1 ? 'phase.started' : 'phase.progressed', uuid, write));
    }
    return true;
  }

  if (!(await Promise.all(phases.map(run))).every(Boolean)) return;
  await say('left', 'SUCCEEDED', 1, `${key}-left-end`);
  const fails = number % failEvery === 0;
  await say('right', fails ? 'FAILED' : 'SUCCEEDED', 1, `${key}-right-end`);
  const end = fails ? 'flow.failed' : 'flow.finished';
  for (const stream of streams) {
    history.acknowledge(stream, identityOf('phase.finished', uuid, `${key}-left-end`));
    history.acknowledge(stream, identityOf(end, uuid, null));
  }
}
