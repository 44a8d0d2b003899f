// The attacker of proveHostile.ts, in a thread of its own, so that its work does not slow the measuring of others down.
import { Agent, request } from 'node:http';
import { parentPort, workerData } from 'node:worker_threads';
import { hostileRequests, type HostileRequest } from './hostileRequests.ts';
import { AttackSocket } from './AttackSocket.ts';

export interface AttackOptions {
  /** Of the GraphQL endpoint. */
  readonly url: string;
  readonly authorization: string;
  readonly seed: number;
  readonly requests: number;
  /** Each sends its next request when it has the answer to the one before. */
  readonly attackers: number;
}

export interface AttackReport {
  /** Milliseconds of every answer, by kind. */
  readonly latencies: ReadonlyMap<string, readonly number[]>;
  readonly codes: ReadonlyMap<string, number>;
  /** What was answered in another way than by a coded refusal, at most 20. */
  readonly failures: readonly string[];
  readonly failed: number;
}

const { url, authorization, seed, requests, attackers } = workerData as AttackOptions;
const agent = new Agent({ keepAlive: true, maxSockets: attackers });
const source = hostileRequests(seed);
const latencies = new Map<string, number[]>();
const codes = new Map<string, number>();
const failures: string[] = [];
let failed = 0;
let sent = 0;

await Promise.all(Array.from({ length: attackers }, attack));
agent.destroy();
parentPort!.postMessage({ latencies, codes, failures, failed } satisfies AttackReport);

async function attack(_none: unknown, attacker: number): Promise<void> {
  await using socket = new AttackSocket(url.replace('http', 'ws'), authorization);
  while (sent < requests) {
    sent += 1;
    const hostile = source.next().value;
    const begun = performance.now();
    const answer = await (
      hostile.over === 'ws'
        ? socket.send(hostile.body.toString())
        : // Half of them have no credentials.
          post(hostile, attacker % 2 === 0)
    ).catch((error: unknown) => `no answer: ${String(error)}`);
    note(hostile, answer, performance.now() - begun);
    if (sent % 5_000 === 0) parentPort!.postMessage(sent);
  }
}

/** The answer's text, with its status in front. */
function post({ body, headers, announced }: HostileRequest, signedIn: boolean): Promise<string> {
  return new Promise((resolve, reject) => {
    const length = headers['transfer-encoding'] ? {} : { 'content-length': String(announced ?? body.length) };
    const call = request(url, {
      method: 'POST',
      agent,
      headers: {
        accept: 'application/graphql-response+json',
        ...(signedIn ? { authorization } : {}),
        ...headers,
        ...length,
      },
    });
    let answered = false;
    // A server that refuses a body early closes the connection below it: what counts is its answer.
    call.on('error', (error) => !answered && reject(error));
    call.on('response', (response) => {
      answered = true;
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('error', reject);
      response.on('end', () => {
        resolve(`${response.statusCode} ${Buffer.concat(chunks).toString()}`);
        if (announced !== undefined) call.destroy();
      });
    });
    if (announced === undefined) call.end(body);
    else call.write(body);
  });
}

function note({ kind, over, body }: HostileRequest, answer: string, ms: number): void {
  if (!latencies.has(kind)) latencies.set(kind, []);
  latencies.get(kind)!.push(ms);
  const code = /"code":"([A-Z_]+)"/.exec(answer)?.[1];
  const isRefused = code !== undefined && code !== 'INTERNAL_ERROR' && !hasData(answer);
  codes.set(code ?? 'none', (codes.get(code ?? 'none') ?? 0) + 1);
  if (isRefused) return;
  failed += 1;
  if (failures.length < 20)
    failures.push(`${kind} over ${over}: ${answer.slice(0, 300)}   to ${body.subarray(0, 200).toString()}`);
}

/** Whether anything but nulls was answered. */
function hasData(answer: string): boolean {
  const body = answer.slice(answer.indexOf('{'));
  if (!body.includes('"data":{')) return false;
  const { data, payload } = JSON.parse(body) as { data?: object; payload?: { data?: object } };
  return Object.values(data ?? payload?.data ?? {}).some((value) => value !== null);
}
