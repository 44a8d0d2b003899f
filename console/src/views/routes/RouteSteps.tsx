import { channelKindName } from '../../parts/deliveryBadges';
import { Badge } from '../../ui/Badge';
import { say } from '../../words/say';
import type { Route } from './routeForm';
import { whenStep } from './routeWords';

/** Who is told, step by step. */
export function RouteSteps({ steps }: { readonly steps: Route['steps'] }) {
  return (
    <ol className="grid gap-1 text-xs text-soft">
      {steps.map(({ afterSeconds, channels }) => (
        <li key={afterSeconds} className="flex flex-wrap items-center gap-2">
          <span>{whenStep(afterSeconds)}</span>
          {channels?.map(({ id, name, kind }) => (
            <Badge key={id}>{`${channelKindName(kind)} · ${name}`}</Badge>
          ))}
          {channels?.length === 0 && <Badge tone="bad">{say('Its channels are gone')}</Badge>}
        </li>
      ))}
    </ol>
  );
}
