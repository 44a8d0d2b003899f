import { beforeAll, describe, expect, test } from '@jest/globals';
import { eventually } from '@tributary/kit';
import { page, start } from '../discoveryRun.js';
import type { ProgressEvent } from '../discoveryRun.js';
import { flowProgress, servers } from '../documents.js';
import type { Session, System } from '../harness.js';
import { cursorsOf } from '../cursorsOf.js';

const rows = 12_000;

/** What a killed worker had under way. */
export function describeKilledWorkers(running: () => System): void {
  describe('a flow whose worker is killed', () => {
    let system: System;
    let owner: Session;

    beforeAll(async () => {
      system = running();
      owner = await system.signIn();
    });

    test.each(['cleansing', 'inventory'])(
      'in %s goes on where it stood, with every effect once',
      async (phase) => {
        const prefix = `killed${phase}`;
        const upload = await fetch(`${system.origin}/uploads?name=${prefix}.csv`, {
          method: 'POST',
          headers: owner.headers,
          body: servers(rows, prefix),
        });
        const { uploadId } = (await upload.json()) as { uploadId: string };
        const id = await start(owner, { source: { name: `${prefix}.csv`, format: 'CSV', uploadId } });
        const events = await followAndKill(owner, id, phase, () => system.killPart('worker'));
        expect(events.map((event) => event.sequence)).toEqual(events.map((_, index) => events[0]!.sequence + index));
        // A busy machine's database may take too long for it, and says to try again.
        const flow = await eventually(() => page(owner, id), { timeoutMs: 20_000 });
        expect(flow).toMatchObject({
          status: 'SUCCEEDED',
          discovery: { rowsTotal: rows, rowsValid: rows, rowsRejected: 0 },
        });
        const { assets } = await owner.ask(
          `query ($search: String!) { assets(filter: { search: $search }) { totalCount } }`,
          { search: prefix },
        );
        expect(assets.totalCount).toBe(rows);
        expect(flow.discovery.assetsCreated + flow.discovery.assetsUpdated).toBeGreaterThanOrEqual(rows);
      },
      120_000,
    );
  });
}

async function followAndKill(
  session: Session,
  flowId: string,
  phase: string,
  kill: () => Promise<void>,
): Promise<ProgressEvent[]> {
  const events: ProgressEvent[] = [];
  let killed = false;
  // From the first event on: on a busy machine the phase has begun before anybody watches.
  const [after] = await cursorsOf(session, flowId);
  for await (const message of session.watch(flowProgress, { flowId, after })) {
    const event = message.data.flowProgress as ProgressEvent;
    if (event.type !== 'stream.snapshot') events.push(event);
    if (!killed && event.phase === phase && event.type === 'phase.started') {
      killed = true;
      await kill();
    }
    if (event.status === 'SUCCEEDED' || event.status === 'FAILED') break;
  }
  expect(killed).toBe(true);
  return events;
}
