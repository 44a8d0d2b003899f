'use client';
import { Link } from '../../host/navigation';
import type { Route } from '../../host/routes';
import { actorName } from '../../parts/ActorName';
import { CopyButton } from '../../ui/CopyButton';
import { Dialog } from '../../ui/Dialog';
import { label, moment } from '../../words/format';
import { Button } from '../../ui/Button';
import type { Entry } from './auditColumns';
import { diffOf } from './diffOf';
import { say } from '../../words/say';

/** Where a thing is shown. `parameter`: what names it in the address; of those without, a page shows all. */
const places: Readonly<Record<string, { readonly to: Route; readonly parameter?: string }>> = {
  Flow: { to: 'flow', parameter: 'id' },
  Asset: { to: 'asset', parameter: 'id' },
  Alert: { to: 'alerts', parameter: 'alert' },
  AlertRule: { to: 'rules', parameter: 'rule' },
  AlertRoutes: { to: 'routes' },
  AlertSilence: { to: 'silences' },
  ApiKey: { to: 'partners' },
  NotificationChannel: { to: 'channels', parameter: 'channel' },
  User: { to: 'members' },
  Webhook: { to: 'webhook', parameter: 'id' },
  Workspace: { to: 'settings' },
};

interface EntryDrawerProps {
  readonly entry: Entry;
  readonly onClose: () => void;
  /** Shows what was done by the same, or to the same. */
  readonly onNarrow: (to: { readonly actor?: string; readonly action?: string; readonly entity?: string }) => void;
}

/** One entry, with what was before and after beside each other. */
export function EntryDrawer({ entry, onClose, onNarrow }: EntryDrawerProps) {
  const place = places[entry.entityType];
  const changes = diffOf(entry.before ?? null, entry.after ?? null);
  return (
    <Dialog
      open
      side
      onClose={onClose}
      title={entry.action}
      description={`${actorName(entry.actor)}, ${moment(entry.at)}`}
    >
      <div className="grid gap-4">
        {place && (
          <Link
            to={place.to}
            search={place.parameter ? { [place.parameter]: entry.entityId } : {}}
            className="text-sm text-accent underline"
          >
            {say('Open the {entityType}', { entityType: label(entry.entityType) })}
          </Link>
        )}
        {changes.length === 0 ? (
          <p className="text-sm text-faint">{say('The entry says nothing of what changed.')}</p>
        ) : (
          <table className="w-full table-fixed text-left text-xs">
            <thead className="text-faint">
              <tr>
                <th className="py-1 font-medium">{say('Value')}</th>
                <th className="py-1 font-medium">{say('Before')}</th>
                <th className="py-1 font-medium">{say('After')}</th>
              </tr>
            </thead>
            <tbody>
              {changes.map(({ name, before, after }) => (
                <tr key={name} className="border-t border-line align-top">
                  <td className="py-1.5 pr-2 font-medium break-words">{name}</td>
                  <td className="py-1.5 pr-2 font-mono break-words text-bad">{before ?? '–'}</td>
                  <td className="py-1.5 font-mono break-words text-good">{after ?? '–'}</td>
                </tr>
              ))}
            </tbody>
          </table>
        )}
        <div className="flex flex-wrap gap-2">
          {'id' in entry.actor && (
            <Button size="small" onClick={() => 'id' in entry.actor && onNarrow({ actor: String(entry.actor.id) })}>
              {say('All by {actor}', { actor: actorName(entry.actor) })}
            </Button>
          )}
          <Button size="small" onClick={() => onNarrow({ action: entry.action })}>
            {say('All {action}', { action: entry.action })}
          </Button>
          <Button size="small" onClick={() => onNarrow({ entity: String(entry.entityId) })}>
            {say('Its whole history')}
          </Button>
        </div>
        <div className="flex flex-wrap gap-2">
          <CopyButton text={entry.entityId} label={entry.entityId} />
          <CopyButton text={entry.requestId} label={say('Request {requestId}', { requestId: entry.requestId })} />
        </div>
      </div>
    </Dialog>
  );
}
