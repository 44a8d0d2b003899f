import { parseArgs } from 'node:util';
import { z } from 'zod';
import { ConfigError } from '@tributary/kernel';
import { Database } from '@tributary/data';
import { createLogger } from '@tributary/observability';
import { runAsProcess, settingsWithSecrets } from '@tributary/process';
import { rebuildFigures } from '@tributary/subgraph-metrics';
import type { RebuiltDay, RebuiltWholes } from '@tributary/subgraph-metrics';
import { readOperateConfig } from './config.js';
import { appUrlOf, openForOperator } from './openForOperator.js';

const day = z.iso.date();

/** Undefined: it was not said. */
function dayOf(name: 'from' | 'to', text: string | undefined): string | undefined {
  if (text === undefined || day.safeParse(text).success) return text;
  throw new ConfigError(`--${name} is ${text}, and must be a UTC day such as 2026-11-27.`);
}

// `npm run metrics:rebuild -- --workspace acme --from 2026-11-01 --to 2026-11-30`: it works on a cluster with DATABASE_URL alone.
await runAsProcess(async () => {
  const { values } = parseArgs({
    options: { workspace: { type: 'string' }, from: { type: 'string' }, to: { type: 'string' } },
  });
  if (!values.workspace)
    throw new ConfigError('Name the workspace by its slug: npm run metrics:rebuild -- --workspace acme');
  const [from, to] = [dayOf('from', values.from), dayOf('to', values.to)];
  if (from && to && from > to) throw new ConfigError(`--from ${from} is behind --to ${to}: turn them round.`);
  const config = readOperateConfig(await settingsWithSecrets());
  await using operator = config.DATABASE_URL ? null : await openForOperator(config);
  await using database = await Database.open({
    url: operator ? appUrlOf(operator, config) : config.DATABASE_URL!,
    entities: [],
    logger: createLogger({ name: 'operate', level: 'warn' }),
    poolSize: 2,
    statementTimeoutMs: 120_000,
    applicationName: 'tributary-operate',
    engine: config.DATABASE_ENGINE,
    pooler: config.DATABASE_POOLER,
  });
  const [workspace] = await database.lookup('workspace_by_slug', [values.workspace]);
  if (!workspace) throw new ConfigError(`There is no workspace ${values.workspace}.`);
  const scope = { workspaceId: workspace['workspace_id'] as string };
  const onDay = (one: RebuiltDay) => console.log(describe(one));
  const { days, sessions, flows } = await rebuildFigures(database, scope, { from, to, onDay });
  const differing = days.filter(({ counted, traces }) => counted !== traces).length;
  console.log(`${days.length} days, ${differing} of which were said to hold another number of traces.`);
  console.log(`Totals of ${describeWholes('sessions', sessions)}; of ${describeWholes('flows', flows)}.`);
});

function describe({ day: which, counted, traces, isGone }: RebuiltDay): string {
  if (isGone) return `${which}: left as it is, its traces are no longer kept`;
  return `${which}: ${traces} traces${counted === traces ? '' : `, ${counted} were counted`}`;
}

function describeWholes(what: string, { rebuilt, kept }: RebuiltWholes): string {
  return `${rebuilt} ${what}${kept === 0 ? '' : ` (${kept} are left as they are: they count traces that are no longer kept)`}`;
}
