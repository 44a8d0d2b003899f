'use client';
import { Link, useRoute } from '../host/navigation';
import type { Route } from '../host/routes';
import { classes } from '../ui/classes';
import { Icon } from '../ui/Icon';
import { say } from '../words/say';
import { placeGroups } from './places';

const parents: Partial<Record<Route, Route>> = {
  flow: 'flows',
  discover: 'flows',
  asset: 'assets',
  webhook: 'webhooks',
};

export function Navigation({ permissions }: { readonly permissions: ReadonlySet<string> }) {
  const route = useRoute();
  const current = parents[route] ?? route;
  return (
    <nav aria-label={say('Pages')} className="flex-1 space-y-4 overflow-y-auto px-2 py-3">
      {placeGroups.map(({ word, places }) => {
        const seen = places.filter(({ needs }) => needs === null || permissions.has(needs));
        if (seen.length === 0) return null;
        return (
          <div key={word}>
            <p className="px-2 pb-1 text-xs font-medium text-faint">{say(word)}</p>
            <ul className="space-y-0.5">
              {seen.map((place) => (
                <li key={place.route}>
                  <Link
                    to={place.route}
                    aria-current={current === place.route ? 'page' : undefined}
                    className={classes(
                      'flex h-8 items-center gap-2.5 rounded-md px-2 text-sm text-soft hover:bg-sunken hover:text-ink',
                      current === place.route &&
                        'bg-accent-wash font-medium text-accent hover:bg-accent-wash hover:text-accent',
                    )}
                  >
                    <Icon name={place.icon} />
                    {say(place.word)}
                  </Link>
                </li>
              ))}
            </ul>
          </div>
        );
      })}
    </nav>
  );
}
