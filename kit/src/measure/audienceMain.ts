// Watchers in a process of their own, so that their work is not counted as the system's. Told what to do by lib/Audience.ts.
import { once } from 'node:events';
import { WebSocket } from 'ws';
import type { AudienceOrder, AudienceReport, Member } from './Audience.js';

const connectAtOnce = 25;
const patienceMs = 60_000;

const members: Watcher[] = [];
let awaited: Buffer | null = null;
let arrivals: number[] = [];
let sample = '';
let latencies: number[] = [];
let patience: NodeJS.Timeout | undefined;

process.on('message', (order: AudienceOrder) => void obey(order));

async function obey(order: AudienceOrder): Promise<void> {
  switch (order.do) {
    case 'join':
      try {
        for (let joined = 0; joined < order.members.length; joined += connectAtOnce)
          await Promise.all(order.members.slice(joined, joined + connectAtOnce).map((member) => join(order, member)));
        return tell({ kind: 'joined' });
      } catch (error) {
        return tell({ kind: 'failed', reason: String(error) });
      }
    case 'expect':
      awaited = Buffer.from(order.text);
      arrivals = [];
      patience = setTimeout(arrived, patienceMs);
      return tell({ kind: 'ready' });
    case 'stall':
      for (const { socket } of members) socket.pause();
      return tell({ kind: 'stalled' });
    case 'resume':
      for (const { socket } of members) socket.resume();
      return tell({ kind: 'resumed' });
    case 'look':
      tell({
        kind: 'seen',
        latencies,
        counts: members.map(({ events }) => events),
        faults: members.reduce((sum, { faults }) => sum + faults, 0),
        open: members.filter(({ socket }) => socket.readyState === WebSocket.OPEN).length,
      });
      latencies = [];
  }
}

interface Watcher {
  readonly socket: WebSocket;
  events: number;
  last: number;
  faults: number;
}

/** Resolves with the snapshot. */
async function join(
  { url, authorization, query, timed }: Extract<AudienceOrder, { do: 'join' }>,
  { variables, localAddress }: Member,
): Promise<void> {
  const socket = new WebSocket(url, 'graphql-transport-ws', { perMessageDeflate: false, localAddress });
  const watcher: Watcher = { socket, events: 0, last: 0, faults: 0 };
  members.push(watcher);
  await new Promise<void>((resolve, reject) => {
    socket.on('open', () => socket.send(JSON.stringify({ type: 'connection_init', payload: { authorization } })));
    socket.on('message', (data: Buffer) => {
      if (awaited?.length && data.includes(awaited)) {
        arrivals.push(Date.now());
        if (arrivals.length === members.length) {
          sample = data.toString();
          arrived();
        }
        return;
      }
      if (timed && watcher.last > 0) return count(watcher, data);
      const text = data.toString();
      if (text.includes('"connection_ack"'))
        socket.send(JSON.stringify({ id: crypto.randomUUID(), type: 'subscribe', payload: { query, variables } }));
      else if (text.includes('stream.snapshot')) {
        watcher.last = Number(/"sequence":(\d+)/.exec(text)?.[1] ?? 0);
        resolve();
      } else if (text.includes('"type":"error"')) reject(new Error(text));
    });
    socket.once('error', reject);
    socket.once('close', (code) => reject(new Error(`A socket was closed with ${code}.`)));
  });
}

/** Every event counts, and must follow the one before. */
function count(watcher: Watcher, data: Buffer): void {
  const now = Date.now();
  // Errors of an event's parts stand before it, and are long.
  const hasErrors = data.toString('latin1', 0, 128).includes('"errors":');
  const text = data.toString('latin1', 0, hasErrors ? data.length : 512);
  const sequence = Number(/"sequence":(\d+)/.exec(text)?.[1] ?? Number.NaN);
  const occurredAt = /"occurredAt":"([^"]+)"/.exec(text)?.[1];
  if (sequence !== watcher.last + 1 || !occurredAt) watcher.faults += 1;
  watcher.last = sequence;
  watcher.events += 1;
  latencies.push(now - Date.parse(occurredAt ?? ''));
}

function arrived(): void {
  clearTimeout(patience);
  awaited = null;
  tell({ kind: 'arrived', count: arrivals.length, last: arrivals.at(-1) ?? Number.NaN, sample });
}

function tell(report: AudienceReport): void {
  process.send!(report);
}

await once(process, 'disconnect');
process.exit();
