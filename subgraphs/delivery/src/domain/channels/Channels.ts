import { CodedError } from '@tributary/contracts/errors';
import { encodeId, uuidOf } from '@tributary/contracts/ids';
import type { ChannelKind } from '@tributary/contracts/values';
import { newUuid } from '@tributary/kernel';
import type { RequestContext } from '@tributary/kernel';
import { batchLoader, checkVersion, mutate, scopeOf } from '@tributary/data';
import type { Database, MutationInput, WorkspaceTransaction } from '@tributary/data';
import { placeAtEnd } from '@tributary/events';
import {
  channelsById,
  countChannels,
  deleteChannel,
  existingChannels,
  listChannels,
} from '../../storage/channelStatements.js';
import { putChannelPosition, setChannelActive } from '../../storage/channelPositionStatements.js';
import { ChannelRow } from '../../storage/ChannelRow.js';
import { channelSecret } from '../../storage/encryptedColumns.js';
import { checkedUrl } from '../outgoing/checkedUrl.js';
import type { OutgoingRules } from '../outgoing/OutgoingSettings.js';
import { adapters } from './adapters.js';
import type { CheckRules } from './Adapter.js';
import { recordChannelChange } from './recordChannelChange.js';
import { tellOfChannel } from './tellOfChannel.js';

export interface NewChannel {
  readonly name: string;
  readonly kind: ChannelKind;
  readonly settings: Readonly<Record<string, unknown>>;
  readonly secret?: string | null;
}

export interface ChannelChange {
  readonly id: string;
  readonly version: number;
  readonly name?: string | null;
  readonly settings?: Readonly<Record<string, unknown>> | null;
  readonly secret?: string | null;
}

const mostChannels = 20;

/** The channels of a workspace, for people and keys. */
export class Channels {
  private readonly rules: CheckRules;

  constructor(
    private readonly database: Database,
    settings: OutgoingRules,
  ) {
    this.rules = { url: (text) => checkedUrl(text, settings), mail: settings.mail !== null };
  }

  /** The channel with this public id; null when this workspace has none. Throws INVALID_INPUT when it is no id at all. */
  find(context: RequestContext, id: string): Promise<ChannelRow | null> {
    const wanted = uuidOf('channel', id);
    return wanted === null ? Promise.resolve(null) : this.load(context, wanted);
  }

  /** By its bare uuid. */
  load(context: RequestContext, uuid: string): Promise<ChannelRow | null> {
    return batchLoader<string, ChannelRow>(context, 'delivery.channel', async (ids) => {
      const rows = await this.database.read(scopeOf(context), channelsById(this.database, ids));
      return new Map(rows.map((row) => [row.id, row]));
    }).load(uuid);
  }

  existing(context: RequestContext, uuids: readonly string[]): Promise<string[]> {
    return this.database.read(scopeOf(context), existingChannels(uuids));
  }

  /** By name. */
  list(context: RequestContext): Promise<ChannelRow[]> {
    return this.database.read(scopeOf(context), listChannels(this.database, mostChannels));
  }

  /** Throws INVALID_INPUT, QUOTA_EXCEEDED at 20 channels. */
  async create(context: RequestContext, given: NewChannel, input: MutationInput): Promise<ChannelRow> {
    const name = checkedName(given.name);
    const secret = given.secret ?? null;
    const settings = adapters[given.kind].check({ settings: given.settings, secret }, this.rules);
    const end = await placeAtEnd(this.database, scopeOf(context), 'notifications');
    return mutate(this.database, context, { field: 'createChannel', input }, async (transaction) => {
      if (((await transaction.queryOne(countChannels())) ?? 0) >= mostChannels)
        throw new CodedError('QUOTA_EXCEEDED', `A workspace has ${mostChannels} channels at most. Delete one first.`, {
          limit: mostChannels,
        });
      const id = newUuid();
      const [row] = await transaction.repository(ChannelRow).insert('delivery.insertChannel', [
        {
          id,
          kind: given.kind,
          name,
          settings: { ...settings },
          secret: sealed(transaction, id, secret),
          status: 'ACTIVE',
        },
      ]);
      await transaction.query(putChannelPosition(id, false, end.sequence));
      recordChannelChange(transaction, context, 'channel.create', row!, null, said(row!));
      return row!;
    });
  }

  /** One that failed or was given up tries again at once. Throws as `create`, RESOURCE_NOT_FOUND, and RESOURCE_CONFLICT for another version. */
  async update(context: RequestContext, change: ChannelChange, input: MutationInput): Promise<ChannelRow> {
    return this.change(context, 'updateChannel', change.id, input, async (transaction, before) => {
      checkVersion('channel', before, change.version);
      const kept = before.secret === null ? null : transaction.cipher.open(channelSecret, [before.id], before.secret);
      const secret = change.secret ?? kept;
      const settings = adapters[before.kind].check(
        { settings: change.settings ?? before.settings, secret },
        this.rules,
      );
      const row = (await transaction.repository(ChannelRow).update('delivery.updateChannel', before.id, {
        name: change.name === null || change.name === undefined ? before.name : checkedName(change.name),
        settings: { ...settings },
        secret: sealed(transaction, before.id, secret),
        status: 'ACTIVE',
        statusReason: null,
        failingSince: null,
      }))!;
      await transaction.query(setChannelActive(row.id, true));
      recordChannelChange(transaction, context, 'channel.update', row, said(before), said(row));
      if (before.status === 'DISABLED') tellOfChannel(transaction, 'channel.restored', row);
      return row;
    });
  }

  /** Answers the public id. What it sent stays known. Throws RESOURCE_NOT_FOUND. */
  delete(context: RequestContext, id: string, input: MutationInput): Promise<{ readonly deletedId: string }> {
    return this.change(context, 'deleteChannel', id, input, async (transaction, before) => {
      await transaction.query(deleteChannel(this.database.table(ChannelRow), before.id));
      recordChannelChange(transaction, context, 'channel.delete', before, said(before), null);
      tellOfChannel(transaction, 'channel.deleted', before);
      return { deletedId: encodeId('channel', before.id) };
    });
  }

  /** Runs a mutation of one channel, held meanwhile. */
  change<Result>(
    context: RequestContext,
    field: string,
    id: string,
    input: MutationInput,
    work: (transaction: WorkspaceTransaction, channel: ChannelRow) => Promise<Result>,
  ): Promise<Result> {
    const wanted = uuidOf('channel', id);
    return mutate(this.database, context, { field, input }, async (transaction) => {
      const row =
        wanted && (await transaction.repository(ChannelRow).findById('delivery.lockChannel', wanted, { lock: true }));
      if (!row) throw channelNotFound();
      return work(transaction, row);
    });
  }
}

export function channelNotFound(): CodedError {
  return new CodedError('RESOURCE_NOT_FOUND', 'This workspace has no such channel.', { field: 'id' });
}

function sealed(transaction: WorkspaceTransaction, id: string, secret: string | null): string | null {
  return secret === null ? null : transaction.cipher.seal(channelSecret, [id], secret);
}

function checkedName(name: string): string {
  const trimmed = name.trim();
  if (trimmed === '') throw new CodedError('MISSING_REQUIRED_FIELD', 'Give the channel a name.', { field: 'name' });
  if (trimmed.length > 200 || /[\0\r\n]/.test(trimmed))
    throw new CodedError('INVALID_INPUT', 'A channel’s name has at most 200 characters, in one line.', {
      field: 'name',
    });
  return trimmed;
}

/** For the audit trail: neither addresses nor secrets. */
function said({ name, kind }: ChannelRow) {
  return { name, kind };
}
