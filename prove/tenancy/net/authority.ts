import { isAction, mayDo, type Action } from '@tributary/contracts/actions';
import { Database } from '@tributary/data';
import { EventStreams, InProcessBus } from '@tributary/events';
import { isObjectType } from 'graphql';
import type { Principal } from '@tributary/contracts/principal';
import { Cache, readCacheConfig } from '@tributary/cache';
import { CommandRegistry, LocalCommandClient } from '@tributary/commands';
import { createLogger } from '@tributary/observability';
import { actionExtension } from '@tributary/server';
import { DiskUploadStore } from '@tributary/subgraph-flow';
import { allSubgraphs } from '@tributary/worker';
import type { HttpAnswer } from '@tributary/kit/client';
import type { Net } from './Net.ts';
import { walkAnswer, type Selected } from './templates.ts';

/** Which action each field of the graph names, from the project's own code. Connects to nothing. */
export async function declaredActions(): Promise<Map<string, Action>> {
  const logger = createLogger({ name: 'leak net', level: 'silent' });
  const definitions = allSubgraphs({ accessTokens: {} as never, uploads: new DiskUploadStore('unused') });
  await using database = await Database.open({
    url: 'postgres://nobody@127.0.0.1:1/none',
    entities: definitions.flatMap(({ tables }) => [...tables]),
    logger,
  });
  const bus = new InProcessBus();
  const streams = new EventStreams({ database, bus, logger });
  const commands = new LocalCommandClient(new CommandRegistry());
  const found = new Map<string, Action>();
  for (const definition of definitions) {
    const subgraph = definition.serve({
      database,
      bus,
      cache: new Cache(readCacheConfig({})),
      streams,
      commands,
      logger,
    });
    for (const type of Object.values((await subgraph.load()).declared.getTypeMap())) {
      if (!isObjectType(type)) continue;
      for (const field of Object.values(type.getFields())) {
        const action = String(field.extensions[actionExtension]);
        if (isAction(action)) found.set(`${type.name}.${field.name}`, action);
      }
    }
    await subgraph.close();
  }
  await streams.close();
  return found;
}

/** Fields with such an action answer everybody, and mask: what they may show to whom is the oracle of hidden texts. */
const masks = /\.readPersonal$/;

/** Whoever does not hold a field's action must get nothing from it; whoever is nobody gets nothing at all. */
export function checkAuthority(
  net: Net,
  where: string,
  answer: HttpAnswer,
  selection: readonly Selected[],
  principal: Principal | null,
): void {
  const data = dataOf(answer);
  walkAnswer(data, selection, (coordinate, value) => {
    if (value === null || value === undefined) return;
    const action = net.actionOf.get(coordinate);
    if (principal === null) net.judge.report('authority', where, `${coordinate} answers to nobody`);
    else if (action && !masks.test(action) && !mayDo(principal, action))
      net.judge.report('authority', where, `${coordinate} answers without ${action}`);
  });
}

function dataOf(answer: HttpAnswer): unknown {
  try {
    return (JSON.parse(answer.text) as { data?: unknown }).data ?? null;
  } catch {
    return null;
  }
}
