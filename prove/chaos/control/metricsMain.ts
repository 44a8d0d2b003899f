// The metrics subgraph as a process of a control build: everything is the product's, but whoever comes back to the activity goes on at
// the present, as where a cursor is forgotten. `npm run chaos -- --build forgetful` starts it; nothing else can.
import type { EventStreams, MergedEvent } from '@tributary/events';
import { runAsProcess } from '@tributary/process';
import { readSubgraphConfig, runSubgraph } from '@tributary/server';
import { metricsSubgraph } from '@tributary/subgraph-metrics';

const product = metricsSubgraph();

await runAsProcess(() =>
  runSubgraph(
    { ...product, serve: (deps) => product.serve({ ...deps, streams: forgetful(deps.streams) }) },
    readSubgraphConfig(),
  ),
);

function forgetful(streams: EventStreams): EventStreams {
  return new Proxy(streams, {
    get(target, name) {
      if (name === 'subscribeMerged')
        return (...[scope, merge, of, after]: Parameters<EventStreams['subscribeMerged']>) => {
          const events = target.subscribeMerged(scope, merge, of, null);
          return after === null ? events : withoutSnapshot(events);
        };
      const value = Reflect.get(target, name, target) as unknown;
      return typeof value === 'function' ? (value.bind(target) as unknown) : value;
    },
  });
}

/** So that nobody is told that it begins anew. */
function withoutSnapshot(events: AsyncIterableIterator<MergedEvent>): AsyncIterableIterator<MergedEvent> {
  return {
    async next() {
      const given = await events.next();
      return given.done || given.value.type !== 'stream.snapshot' ? given : events.next();
    },
    return: () => events.return!(),
    [Symbol.asyncIterator]() {
      return this;
    },
  };
}
