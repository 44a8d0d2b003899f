import { ConsumerRunner } from '@tributary/events';
import { JobWorker, ScheduleRunner } from '@tributary/jobs';
import type { JobWorkerOptions, Schedule, WorkKind } from '@tributary/jobs';
import type { SubgraphDefinition, SubgraphDeps } from '@tributary/server';

export interface WorkOptions extends Pick<JobWorkerOptions, 'workerUrl' | 'concurrency' | 'isOnly'> {
  /** Phases are alone in their event loop: they may keep it busy, and nothing else must wait for them. */
  readonly runs: readonly WorkKind[];
  readonly subgraphs: readonly SubgraphDefinition[];
  readonly depsOf: (subgraph: SubgraphDefinition) => SubgraphDeps;
  /** What is due beside the subgraphs' own schedules; of kind `reactions`. */
  readonly platform: readonly Schedule[];
}

/** Starts what the subgraphs do behind the scenes, as far as it is of this kind. Whoever is given it back ends it. */
export async function startWork(options: WorkOptions): Promise<AsyncDisposable> {
  const { runs, subgraphs, depsOf, platform, ...queue } = options;
  await using started = new AsyncDisposableStack();
  const background = subgraphs.map((subgraph) => {
    const deps = depsOf(subgraph);
    return { deps, ...subgraph.background(deps) };
  });
  const jobs = background.flatMap((each) => each.jobs).filter(({ job }) => runs.includes(job.runs));
  const [first] = background;
  if (jobs.length > 0 && first) {
    const worker = started.use(new JobWorker({ ...queue, jobs, logger: first.deps.logger }));
    await worker.start();
  }
  for (const { deps, schedules } of background) {
    const due = schedules.filter((schedule) => runs.includes(schedule.runs ?? 'reactions'));
    if (due.length > 0) started.use(new ScheduleRunner(due, deps.logger)).start();
  }
  if (runs.includes('reactions')) {
    for (const { deps, consumers } of background)
      for (const consumer of consumers) started.use(new ConsumerRunner({ ...deps, consumer })).start();
    if (first) started.use(new ScheduleRunner(platform, first.deps.logger)).start();
  }
  return started.move();
}
