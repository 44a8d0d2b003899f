import { getNamedType, getNullableType, isEnumType, isListType, isObjectType, type GraphQLObjectType } from 'graphql';
import { canariesIn, letterOf } from '../world/canaries.ts';
import { sendOperation } from '@tributary/kit/client';
import type { World } from '../world/World.ts';
import { inParallel, type Net } from './Net.ts';
import { coordinatesOf, walkAnswer, type Template } from './templates.ts';
import { isExplained } from './neverShown.ts';
import { makeValue } from './values.ts';

/** Reads as the owner of a workspace whatever the graph shows of it, keeps the cursors, and notes which fields showed something. */
export async function readRightfully(net: Net, world: World): Promise<void> {
  const { owner } = world.people;
  const queries = net.templates.filter(({ kind }) => kind === 'query');
  const withCursor = (coordinate: string) => hasCursor(net, coordinate);
  const key = world.people.everybody.find(({ name }) => name === 'key')!;
  await inParallel(queries, async (template) => {
    for (const id of leadingIds(net, template, world)) await read(template, id);
    // Of what is drawn, six draws may have shown nothing: a trend by the month of what lies in one month has no slope.
    for (let draws = 0; draws < mostDraws && isDrawn(template) && hidesSomething(net, template, world); draws += 1) {
      await read(template, null);
    }
  });

  async function read(template: Template, id: string | null): Promise<void> {
    const variables = rightfulVariables(net, template, world, id);
    const reader = template.target === 'Viewer.apiKey' ? key : owner;
    const answer = await sendOperation(net.cluster.origin, reader.headers, { query: template.document, variables });
    net.counts.requests += 1;
    const body = JSON.parse(answer.text) as { data?: unknown; errors?: { message: string }[] };
    if (body.errors && !body.data) {
      throw new Error(
        `The net’s own document for ${template.target} was refused: ${answer.text.slice(0, 800)}\n${template.document}\n${JSON.stringify(variables)}`,
      );
    }
    walkAnswer(
      body.data,
      template.selection,
      (coordinate, value, list) => note(net, world, coordinate, value, list),
      withCursor,
    );
  }
}

const mostDraws = 60;

/** Whether it depends on chance what a document asks for. */
function isDrawn({ places }: Template): boolean {
  return places.some(({ type }) => isEnumType(getNamedType(type)));
}

/** Whether something that it asks for, and that could be seen, has never shown anything. Only of the first workspace is it noted what has. */
function hidesSomething(net: Net, { selection }: Template, { letter }: World): boolean {
  return letter === 'a' && net.coverage.neverShown(coordinatesOf(selection)).some((name) => !isExplained(name));
}

/** Notes what a field showed to somebody who may see it. */
export function note(net: Net, world: World, coordinate: string, value: unknown, list: string | null): void {
  if (value === null || value === undefined) return;
  const [typeName, fieldName] = coordinate.split('.') as [string, string];
  const field = (net.schema.getType(typeName) as GraphQLObjectType).getFields()[fieldName]!;
  const inner = getNamedType(field.type);
  if (world.letter === 'a') {
    net.coverage.shown(coordinate);
    const text = typeof value === 'string' ? value : inner.name === 'JSONObject' ? JSON.stringify(value) : '';
    if (canariesIn(text).some((found) => letterOf(found) === 'a')) net.coverage.shown(`${coordinate} with its canary`);
  }
  if (inner.name === 'Cursor' && typeof value === 'string') {
    const place = list ?? coordinate;
    const known = world.cursors.get(place) ?? [];
    if (known.length < 20 && !known.includes(value)) world.cursors.set(place, [...known, value]);
  }
}

function hasCursor(net: Net, coordinate: string): boolean {
  const [typeName, fieldName] = coordinate.split('.') as [string, string];
  const type = net.schema.getType(typeName);
  return (
    isObjectType(type) && type.getFields()[fieldName]!.args.some(({ type: of }) => getNamedType(of).name === 'Cursor')
  );
}

/** What few of the things that it is asked of have: runs that came as trees. */
const ofFew: ReadonlySet<string> = new Set(['Trace.children', 'Trace.parent']);

/** Every own id that the way to the field can begin with; one null when it begins with none. */
function leadingIds(net: Net, template: Template, world: World): (string | null)[] {
  const place = template.places.find(({ type }) => getNamedType(type).name === 'ID');
  // Without an id what is chosen at random, such as what to group by, is chosen some times.
  if (!place) return template.places.length > 0 ? Array<null>(6).fill(null) : [null];
  const ids = new Set<string>();
  const most = ofFew.has(template.target) ? 64 : 16;
  for (let tries = 0; tries < most * 6 && ids.size < most; tries += 1) {
    const value = makeValue(place.type, place.coordinate, { world, present: () => false, random: net.random });
    ids.add(value as string);
  }
  return [...ids];
}

/** Without them there may be nothing to show: a changed rule that does not group may fire just when the rule as it is does. */
const always: ReadonlySet<string> = new Set([
  'AlertRuleInput.groupBy',
  'Query.previewWebhook.last',
  'WebhookInput.document',
]);

/** A rule that has something to show in a preview. */
const firing = {
  'AlertRuleInput.metric': 'REQUESTS',
  'AlertRuleInput.comparison': 'ABOVE',
  'AlertRuleInput.threshold': 0,
  'AlertRuleInput.windowSeconds': 3_600,
  'AlertRuleInput.groupBy': 'AGENT',
};

export function rightfulVariables(
  net: Net,
  template: Template,
  world: World,
  id: string | null,
): Record<string, unknown> {
  const variables: Record<string, unknown> = {};
  const optional = new Map<string, boolean>();
  const present = (coordinate: string): boolean => {
    if (always.has(coordinate)) return true;
    if (!/(groupBy|\.by)$/.test(coordinate)) return false;
    if (!optional.has(coordinate)) optional.set(coordinate, net.random.next() < 0.7);
    return optional.get(coordinate)!;
  };
  for (const place of template.places.filter(({ isRequired, coordinate }) => isRequired || present(coordinate))) {
    const isId = getNamedType(place.type).name === 'ID' && !isListType(getNullableType(place.type));
    variables[place.variable] =
      isId && id !== null
        ? id
        : makeValue(place.type, place.coordinate, { world, present, random: net.random, fixed: firing });
  }
  return variables;
}
