import { Database } from '@tributary/data';
import { retireEvents } from '@tributary/events';
import { createLogger } from '@tributary/observability';
import { finding, type Finding } from './Finding.ts';
import type { ProofWorld } from './ProofWorld.ts';

const [gone, kept] = [40, 20];
const hourMs = 3_600_000;

/** A webhook that was paused for longer than events are kept is told once which numbers it missed, and then of all that there is. */
export async function proveReset(world: ProofWorld): Promise<Finding> {
  const document = 'subscription { flowUpdates { type sequence data flow { name } } }';
  const { id } = await world.webhook('reset', { document }, world.globex);
  await world.happen('reset', 3, world.globex);
  await world.until('three were sent', () => world.receiver.of('reset').length >= 3);
  const before = world.receiver.of('reset').at(-1)!.body['sequence'] as number;
  // Paused before it is written that the last one arrived, it would be sent again.
  const uuid = id.slice(id.indexOf('_') + 1);
  await world.until('it is written that they were', async () => {
    const rows = await world.query(`select 1 from webhook_position where webhook_id = '${uuid}' and seq >= ${before}`);
    return rows.length > 0;
  });
  await act(world, 'pauseWebhook', id);
  await world.happen('reset', gone, world.globex);
  await world.until('consumers have read', () => haveRead(world));
  await world.pass(200 * hourMs);
  await retire(world, 168 * hourMs);
  await world.happen('reset', kept, world.globex);
  await act(world, 'resumeWebhook', id);
  await world.until('the rest was sent', () => world.receiver.of('reset').length >= 3 + 1 + kept);
  const [reset, ...rest] = world.receiver
    .of('reset')
    .slice(3)
    .map(({ body }) => body);
  const told = reset!['data'].flowUpdates;
  return finding(
    `${gone} events were gone: ${JSON.stringify(told.data)}, then ${rest.length} of ${kept}, beginning with ${rest[0]!['sequence']}`,
    {
      'one stream.reset comes first':
        reset!['type'] === 'stream.reset' && rest.every(({ type }) => type !== 'stream.reset'),
      'it says which numbers are gone':
        told.data.fromSequence === before + 1 && told.data.toSequence === rest[0]!['sequence'] - 1,
      'all that there is follows, in order': rest.every(
        ({ sequence }, index) => sequence === told.data.toSequence + 1 + index,
      ),
      'nothing else is missing': rest.length === kept && told.data.toSequence - before === gone,
    },
  );
}

/** Deletes what is older, as the product does every ten minutes. */
export async function retire(world: ProofWorld, keptMs: number): Promise<void> {
  await using database = await Database.open({
    url: world.system.databaseUrl,
    entities: [],
    logger: createLogger({ name: 'proof', level: 'silent' }),
    poolSize: 1,
  });
  await retireEvents(database, new Date(Date.now() - keptMs));
}

/** What a consumer has still to read is kept. */
export async function haveRead(world: ProofWorld): Promise<boolean> {
  const rows = await world.query(
    `select 1 from consumer_position p join stream_head h on h.workspace_id = p.workspace_id and h.stream_id = p.stream_id where p.seq < h.last_seq`,
  );
  return rows.length === 0;
}

export async function act(world: ProofWorld, field: 'pauseWebhook' | 'resumeWebhook', id: string): Promise<void> {
  const input = field === 'pauseWebhook' ? 'WebhookActionInput' : 'ResumeWebhookInput';
  await world.globex.ask(`mutation ($input: ${input}!) { ${field}(input: $input) { webhook { id } } }`, {
    input: { id },
  });
}
