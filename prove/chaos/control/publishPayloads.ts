import type { Database, Row, Statement } from '@tributary/data';
import type { Bus } from '@tributary/events';

/** An event as the control build sends it through pub/sub. */
export interface PublishedEvent {
  readonly sequence: number;
  readonly type: string;
  readonly payload: Readonly<Record<string, unknown>>;
}

export function payloadChannel(workspaceId: string, stream: string): string {
  return `control:${workspaceId}:${stream}`;
}

/** The database, but that each transaction that appends events publishes them, payload and all, once it is committed. */
export function publishingDatabase(database: Database, bus: Bus): Database {
  const withWorkspace: Database['withWorkspace'] = (scope, work) =>
    database.withWorkspace(scope, (transaction) => {
      const query = transaction.query.bind(transaction);
      transaction.query = async <Result>(statement: Statement<Result>): Promise<Result[]> => {
        const rows = await query(statement);
        if (statement.name === 'event.append') {
          const { channel, events } = published(transaction.workspaceId, statement, rows[0] as Row);
          transaction.afterCommit(() => bus.publish(channel, JSON.stringify(events)));
        }
        return rows;
      };
      return work(transaction);
    });
  return Object.create(database, { withWorkspace: { value: withWorkspace } }) as Database;
}

function published(
  workspaceId: string,
  statement: Statement<unknown>,
  head: Row,
): { channel: string; events: PublishedEvent[] } {
  const [stream, count, , types, payloads] = statement.values as [string, number, string[], string[], string[]];
  const first = Number(head['last_seq']) - count + 1;
  const events = types.map((type, index) => ({
    sequence: first + index,
    type,
    payload: JSON.parse(payloads[index]!) as PublishedEvent['payload'],
  }));
  return { channel: payloadChannel(workspaceId, stream), events };
}
