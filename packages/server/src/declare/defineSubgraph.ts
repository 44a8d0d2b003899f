import { decodeId, encodeId } from '@tributary/contracts/ids';
import type { EntityTag } from '@tributary/contracts/ids';
import type { RequestContext } from '@tributary/kernel';
import { CommandRegistry } from '@tributary/commands';
import { existingCommand } from '@tributary/contracts/commands';
import type { SubgraphName } from '@tributary/contracts/subgraphs';
import type { EncryptedColumn } from '@tributary/data/encryption';
import type { Consumer } from '@tributary/events';
import type { HandledJob, Job, JobHandler, Schedule } from '@tributary/jobs';
import { Subgraph } from '../Subgraph.js';
import type { SubgraphDeps } from '../SubgraphDeps.js';
import type { SubgraphGraph } from './SubgraphGraph.js';

/** A consumer, a job or a schedule is declared with what makes its work of a process's parts, so that its name is known without any. */
export interface DeclaredConsumer extends Omit<Consumer, 'handle'> {
  readonly handler: (deps: SubgraphDeps) => Consumer['handle'];
}
export interface DeclaredJob<Payload extends object = object> {
  readonly job: Job<Payload>;
  readonly handler: (deps: SubgraphDeps) => JobHandler<Payload>;
}
export interface DeclaredSchedule extends Omit<Schedule, 'run'> {
  readonly work: (deps: SubgraphDeps) => Schedule['run'];
}

/** Ties a job's payload to its handler, which a list of jobs of several kinds could not. */
export function declareJob<Payload extends object>(declared: DeclaredJob<Payload>): DeclaredJob {
  return declared as unknown as DeclaredJob;
}

/** Bare uuids of those that exist in the caller's workspace. */
type FindExisting<Services> = (
  services: Services,
  context: RequestContext,
  uuids: readonly string[],
) => Promise<Iterable<string>>;

export interface SubgraphDeclaration<Services> {
  readonly name: SubgraphName;
  /** The classes of its tables' rows. */
  readonly tables: readonly Function[];
  readonly encryptedColumns?: readonly EncryptedColumn[];
  /** Its domain. Made once in a process that answers questions to it, and never in one that only works behind the scenes. */
  readonly services: (deps: SubgraphDeps) => Services;
  /** Imports its `graphql/` folder, which only a process that is asked in GraphQL does. */
  readonly graphql: () => Promise<SubgraphGraph<Services>>;
  /** Which of its things others can ask for by id, by the id's tag: what command `existing` answers. */
  readonly existing: Readonly<Partial<Record<EntityTag, FindExisting<Services>>>>;
  /** What other parts may ask of it beside the graph. */
  readonly commands?: (services: Services) => CommandRegistry;
  readonly consumers?: readonly DeclaredConsumer[];
  readonly jobs?: readonly DeclaredJob[];
  readonly schedules?: readonly DeclaredSchedule[];
  /** Ends what its services do beside the answers. */
  readonly close?: (services: Services) => Promise<void>;
}

/** What a subgraph does without being asked, ready to run in this process. */
export interface Background {
  readonly consumers: readonly Consumer[];
  readonly jobs: readonly HandledJob[];
  readonly schedules: readonly Schedule[];
}

/** All that a subgraph is. A process is made of these: one serves it, another one works for it, a third does both for all. */
export interface SubgraphDefinition {
  readonly name: SubgraphName;
  readonly tables: readonly Function[];
  readonly encryptedColumns: readonly EncryptedColumn[];
  readonly consumers: readonly DeclaredConsumer[];
  readonly jobs: readonly DeclaredJob[];
  readonly schedules: readonly DeclaredSchedule[];
  /** Answers questions: the graph and the commands. */
  serve(deps: SubgraphDeps): Subgraph;
  /** Works behind the scenes. */
  background(deps: SubgraphDeps): Background;
}

export function defineSubgraph<Services>(declaration: SubgraphDeclaration<Services>): SubgraphDefinition {
  const { name, tables, encryptedColumns = [], consumers = [], jobs = [], schedules = [] } = declaration;
  return {
    name,
    tables,
    encryptedColumns,
    consumers,
    jobs,
    schedules,
    serve: (deps) => serve(declaration, deps),
    background: (deps) => ({
      consumers: consumers.map(({ handler, ...consumer }) => ({ ...consumer, handle: handler(deps) })),
      jobs: jobs.map(({ job, handler }) => ({ job, handle: handler(deps) })),
      schedules: schedules.map(({ work, ...schedule }) => ({ ...schedule, run: work(deps) })),
    }),
  };
}

function serve<Services>(declaration: SubgraphDeclaration<Services>, deps: SubgraphDeps): Subgraph {
  const services = declaration.services(deps);
  const { name } = declaration;
  const answers = async () => {
    const [graph, { SubgraphAnswers }] = await Promise.all([declaration.graphql(), import('../SubgraphAnswers.js')]);
    return SubgraphAnswers.over(name, graph, services, deps.logger);
  };
  const commands = (declaration.commands?.(services) ?? new CommandRegistry()).register(
    existingCommand[name],
    ({ ids }, context) => existingIds(declaration.existing, services, context, ids),
  );
  return new Subgraph({ name, answers, commands, close: async () => declaration.close?.(services) });
}

async function existingIds<Services>(
  finders: SubgraphDeclaration<Services>['existing'],
  services: Services,
  context: RequestContext,
  ids: readonly string[],
): Promise<string[]> {
  const decoded = ids.map(decodeId);
  const found = await Promise.all(
    (Object.entries(finders) as [EntityTag, FindExisting<Services>][]).map(async ([tag, find]) => {
      const uuids = decoded.filter((id) => id.tag === tag).map(({ uuid }) => uuid);
      return uuids.length === 0 ? [] : [...(await find(services, context, uuids))].map((uuid) => encodeId(tag, uuid));
    }),
  );
  return found.flat();
}
