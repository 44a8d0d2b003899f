import { createHash } from 'node:crypto';
import type { CommandClient } from '@tributary/commands';
import { adminAddressesCommand, deliveryPart } from '@tributary/contracts/commands';
import { systemPrincipal } from '@tributary/contracts/principal';
import { Deadline, newUuid } from '@tributary/kernel';
import type { Database } from '@tributary/data';
import type { JobHandler } from '@tributary/jobs';
import { channelsById } from '../storage/channelStatements.js';
import { webhooksById } from '../storage/webhookStatements.js';
import type { Mailer } from './outgoing/Mailer.js';
import type { tellAdminsJob } from './tellAdminsJob.js';

type Payload = ReturnType<typeof tellAdminsJob.payload.parse>;

export interface TellAdminsOptions {
  readonly database: Database;
  readonly commands: CommandClient;
  /** Null: this installation sends no mail; the alert remains. */
  readonly mailer: Mailer | null;
}

const askMs = 10_000;
const reasons: Readonly<Record<Payload['reason'], string>> = {
  GONE: 'Its receiver answered that it is gone (410).',
  FAILING_TOO_LONG: 'It has not taken anything for five days.',
  OWNER_GONE: 'Whoever it belongs to may not see its events any more, has left, or their key was revoked.',
};
const remedies: Readonly<Record<Payload['what'], string>> = {
  webhook: 'Events wait where they are for as long as they are kept. Resume the webhook to have them sent.',
  channel: 'What it had to say waits. Change the channel to have it try again.',
};

/** Each admin gets a mail of their own. Throws while the mail server is in trouble, so that it is tried again. */
export function tellAdmins({ database, commands, mailer }: TellAdminsOptions): JobHandler<Payload> {
  return async ({ what, id, reason }, { workspaceId }) => {
    if (!mailer) return;
    const scope = { workspaceId };
    const [row] =
      what === 'webhook'
        ? await database.read(scope, webhooksById(database, [id]))
        : await database.read(scope, channelsById(database, [id]));
    // It was deleted, or goes on, before anybody was told.
    if (!row || (row.status !== 'DISABLED' && row.status !== 'PAUSED')) return;
    const addresses = await commands.call(
      adminAddressesCommand,
      {},
      {
        principal: systemPrincipal(workspaceId, deliveryPart),
        requestId: newUuid(),
        deadline: Deadline.in(askMs),
      },
    );
    const name = row.name.replace(/[\r\n\t\0]+/g, ' ');
    const stopped = what === 'webhook' && row.status === 'PAUSED' ? 'paused' : 'disabled';
    const subject = `The ${what} “${name}” was ${stopped}`;
    const text = [`${subject}.`, reasons[reason], remedies[what]].join('\n\n');
    for (const address of addresses) {
      const key = createHash('sha256').update(`${id}/${row.updatedAt.getTime()}/${address}`).digest('hex');
      const mail = { to: [address], subject, text, messageId: `<${key.slice(0, 32)}@tributary>` };
      const { status, text: said } = await mailer.send(mail);
      if (status === null || (status >= 400 && status < 500)) throw new Error(`Mail was not taken: ${said}`);
    }
  };
}
