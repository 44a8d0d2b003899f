import { existingCommand } from '@tributary/contracts/commands';
import { CodedError } from '@tributary/contracts/errors';
import { encodeId, uuidOf } from '@tributary/contracts/ids';
import { systemPrincipal } from '@tributary/contracts/principal';
import { newUuid } from '@tributary/kernel';
import type { RequestContext } from '@tributary/kernel';
import type { CommandClient } from '@tributary/commands';
import { batchLoader, mutate, scopeOf } from '@tributary/data';
import { audit } from '@tributary/data/audit';
import type { Database } from '@tributary/data';
import type { AlertRow } from '../storage/AlertRow.js';
import { RouteRow } from '../storage/RouteRow.js';
import {
  deleteGroupsWithout,
  deleteMembersWithout,
  deleteRoutes,
  listRoutes,
  nextRoutingVersion,
  routingVersion,
} from '../storage/routeStatements.js';
import type { AlertGroups } from './AlertGroups.js';
import { knownLabels } from './AlertSilences.js';
import { checkRoutes } from './checkRoutes.js';
import type { RouteDefinition } from './checkRoutes.js';
import { groupsFor, keyOfGroup, routesOf } from './routeOf.js';

interface Keyed {
  readonly idempotencyKey?: string | null | undefined;
}

/** The whole list. */
export interface Routing {
  readonly routes: readonly RouteRow[];
  /** 0 before it was set once. */
  readonly version: number;
}

/** Who is told of which alerts, for people: the routes of a workspace are one list with one version. */
export class AlertRoutes {
  constructor(
    private readonly database: Database,
    private readonly commands: CommandClient,
    private readonly groups: AlertGroups,
  ) {}

  async list(context: RequestContext): Promise<Routing> {
    const [routes, versions] = await this.database.readBatch(scopeOf(context), [
      listRoutes(this.table),
      routingVersion(),
    ]);
    return { routes, version: versions[0] ?? 0 };
  }

  /** The routes that take an alert, in their order. */
  async routesOf(context: RequestContext, alert: AlertRow): Promise<RouteRow[]> {
    return routesOf(await this.load(context), alert);
  }

  /** What the group is called that an alert is told in first; its fingerprint when no route takes it. */
  async groupOf(context: RequestContext, alert: AlertRow): Promise<string> {
    const [group] = groupsFor(await this.load(context), alert);
    return group ? keyOfGroup(group) : alert.fingerprint;
  }

  /**
   * Sets the whole list. Open alerts are told anew by routes that did not have them before, and channels that hear of them no more are
   * told so. Throws INVALID_INPUT, QUOTA_EXCEEDED at 50
   * routes, and RESOURCE_CONFLICT when the list has another version.
   */
  async set(
    context: RequestContext,
    version: number,
    definitions: readonly RouteDefinition[],
    input: Keyed,
  ): Promise<Routing> {
    const known = await this.knownChannels(context, definitions);
    return mutate(this.database, context, { field: 'setAlertRoutes', input }, async (transaction) => {
      checkRoutes(definitions, await knownLabels(transaction), known);
      if (((await transaction.queryOne(routingVersion())) ?? 0) !== version) throw mismatch();
      const now = await transaction.queryOne(nextRoutingVersion(version));
      if (now === null) throw mismatch();
      const before = await transaction.query(listRoutes(this.table));
      // A route that keeps its name is the same route: its groups go on.
      const ids = new Map(before.map(({ name, id }) => [name, id]));
      const rows = definitions.map((definition, position) => ({
        id: ids.get(definition.name) ?? newUuid(),
        position,
        ...definition,
        steps: definition.steps.map(({ afterSeconds, channelIds }) => ({
          afterSeconds,
          channelIds: channelIds.map((id) => uuidOf('channel', id)!),
        })),
      }));
      const told = await this.groups.toldGroups(transaction);
      await transaction.query(deleteRoutes());
      const routes = await transaction.repository(RouteRow).insert('alert.insertRoutes', rows);
      const left = routes.map(({ id }) => id);
      await transaction.query(deleteGroupsWithout(left));
      await transaction.query(deleteMembersWithout(left));
      await this.groups.regroup(transaction, routes);
      await this.groups.leave(transaction, told, before, routes);
      audit(transaction, {
        actor: context.principal.actor,
        action: 'alertRoute.set',
        entityType: 'AlertRoutes',
        entityId: encodeId('ws', transaction.workspaceId),
        before: { routes: before.map(shownOf), version },
        after: { routes: routes.map(shownOf), version: now },
        requestId: context.requestId,
      });
      return { routes, version: now };
    });
  }

  /** Which of these channels (bare uuids) there are; public ids. */
  async existingChannels(context: RequestContext, uuids: readonly string[]): Promise<string[]> {
    const loader = batchLoader<string, string>(context, 'alert.channels', async (wanted) => {
      const ids = wanted.map((uuid) => encodeId('channel', uuid));
      const found = await this.askForChannels(context, ids);
      return new Map(found.map((id) => [uuidOf('channel', id)!, id]));
    });
    const found = await Promise.all(uuids.map((uuid) => loader.load(uuid)));
    return found.filter((id) => id !== null);
  }

  private async knownChannels(
    context: RequestContext,
    definitions: readonly RouteDefinition[],
  ): Promise<ReadonlySet<string>> {
    const ids = [...new Set(definitions.flatMap(({ steps }) => steps.flatMap(({ channelIds }) => channelIds)))];
    const wanted = ids.filter((id) => uuidOf('channel', id) !== null).slice(0, 1_000);
    return new Set(wanted.length === 0 ? [] : await this.askForChannels(context, wanted));
  }

  private askForChannels(context: RequestContext, ids: readonly string[]): Promise<string[]> {
    const principal = systemPrincipal(context.principal.workspaceId, 'alert.channels');
    return this.commands.call(existingCommand.delivery, { ids: [...ids] }, { ...context, principal });
  }

  private async load(context: RequestContext): Promise<readonly RouteRow[]> {
    const loader = batchLoader<string, readonly RouteRow[]>(context, 'alert.routes', async (keys) => {
      const routes = await this.database.read(scopeOf(context), listRoutes(this.table));
      return new Map(keys.map((key) => [key, routes]));
    });
    return (await loader.load('all')) ?? [];
  }

  private get table() {
    return this.database.table(RouteRow);
  }
}

function shownOf(route: RouteRow): Readonly<Record<string, unknown>> {
  const { name, matchers, goOn, groupBy, groupWaitSeconds, groupIntervalSeconds, repeatSeconds, steps } = route;
  return { name, matchers, goOn, groupBy, groupWaitSeconds, groupIntervalSeconds, repeatSeconds, steps };
}

function mismatch(): CodedError {
  return new CodedError(
    'RESOURCE_CONFLICT',
    'The routes were changed since they were read. Read them again, then decide.',
    { reason: 'VERSION_MISMATCH' },
  );
}
