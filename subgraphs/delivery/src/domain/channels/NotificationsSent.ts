import { CodedError } from '@tributary/contracts/errors';
import { uuidOf } from '@tributary/contracts/ids';
import type { RequestContext } from '@tributary/kernel';
import { checkedFirst, positionAfter, scopeOf, toPage } from '@tributary/data';
import type { Database, Page, PageRequest } from '@tributary/data';
import { notificationsOfAlert } from '../../storage/notificationStatements.js';
import type { Notification } from '../../storage/notificationStatements.js';

const listName = 'notification';
const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** What people were told. */
export class NotificationsSent {
  constructor(private readonly database: Database) {}

  /** Of one alert by its public id, newest first. Throws INVALID_INPUT. */
  async ofAlert(context: RequestContext, alertId: string, request: PageRequest): Promise<Page<Notification>> {
    const first = checkedFirst(request.first);
    const after = readPosition(request.after);
    const alert = uuidOf('alert', alertId);
    const rows =
      alert === null ? [] : await this.database.read(scopeOf(context), notificationsOfAlert(alert, after, first + 1));
    return toPage(listName, request, rows, ({ id }) => [id]);
  }
}

function readPosition(after: string | null): string | null {
  const [id] = positionAfter(listName, after, 1) ?? [null];
  if (id === null || (typeof id === 'string' && uuid.test(id))) return id;
  throw new CodedError('INVALID_INPUT', 'This cursor is not one that this list gave out. Start again without it.', {
    field: 'after',
  });
}
