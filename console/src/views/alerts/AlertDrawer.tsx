'use client';
import { Alert } from '../../graph/generated/operations';
import { useGraphPages } from '../../graph/useGraph';
import { Link } from '../../host/navigation';
import { Query } from '../../parts/Query';
import { Dialog } from '../../ui/Dialog';
import { Button } from '../../ui/Button';
import { Empty } from '../../ui/states';
import { AlertActions } from './AlertActions';
import { AlertFactList } from './AlertFactList';
import { AlertHistory } from './AlertHistory';
import { AlertNotifications } from './AlertNotifications';
import type { Handling } from './HandleAlerts';
import { say } from '../../words/say';

interface AlertDrawerProps {
  readonly id: string;
  /** What the list says of it, until all is there. */
  readonly title: string | undefined;
  readonly onClose: () => void;
  readonly onHandle: (how: Handling, alert: { readonly id: string; readonly title: string }) => void;
}

/** One alert: what is known of it, what happened to it, and what can be done. Also one that the list does not show. */
export function AlertDrawer({ id, title, onClose, onHandle }: AlertDrawerProps) {
  const query = useGraphPages(Alert, { id }, (data) => data.alert?.history, { refetchInterval: 30_000 });
  const first = query.data?.pages[0]?.alert;
  const entries = query.data?.pages.flatMap((page) => page.alert?.history.nodes ?? []) ?? [];
  return (
    <Dialog
      open
      side
      onClose={onClose}
      title={first?.title ?? title ?? say('Alert')}
      {...(first ? { description: first.description } : {})}
    >
      <Query query={query}>
        {() =>
          first ? (
            <div className="grid gap-5">
              <AlertFactList alert={first} />
              <AlertActions key={first.owner?.id} alert={first} onHandle={(how) => onHandle(how, first)} />
              <section className="grid gap-2">
                <h3 className="text-xs font-medium text-faint">{say('Who was told')}</h3>
                <AlertNotifications id={first.id} />
                <Link to="routes" search={{ alert: first.id }} className="text-sm text-accent underline">
                  {say('Where it would go now')}
                </Link>
              </section>
              <section className="grid gap-2">
                <h3 className="text-xs font-medium text-faint">{say('History')}</h3>
                <AlertHistory entries={entries} />
                {query.hasNextPage && (
                  <Button size="small" busy={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()}>
                    {say('Newer entries')}
                  </Button>
                )}
              </section>
            </div>
          ) : (
            <Empty icon="bell" title={say('There is no such alert in this workspace')} />
          )
        }
      </Query>
    </Dialog>
  );
}
