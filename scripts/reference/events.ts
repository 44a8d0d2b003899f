import { eventStreams, streamEventTypes } from '@tributary/contracts/events';
import {
  alertEventPayload,
  deliveryEventPayload,
  flowEventPayload,
  notificationPayload,
  tracesIngestedPayload,
} from '@tributary/contracts/payloads';
import { z } from 'zod';
import { code, table } from './table.ts';

const payloads = {
  flow: flowEventPayload,
  flows: flowEventPayload,
  alerts: alertEventPayload,
  traces: tracesIngestedPayload,
  notifications: notificationPayload,
  deliveries: deliveryEventPayload,
} as const;

interface JsonSchema {
  readonly type?: string | readonly string[];
  readonly format?: string;
  readonly enum?: readonly string[];
  readonly anyOf?: readonly JsonSchema[];
  readonly properties?: Readonly<Record<string, JsonSchema>>;
}

/** Streams, the types of their events, and what those carry. */
export function eventsPage(): string {
  const sections = Object.entries(eventStreams).map(([name, { description, historyStays, types }]) => {
    const { properties = {} } = z.toJSONSchema(payloads[name as keyof typeof payloads], { io: 'input' }) as JsonSchema;
    return `## Stream \`${name}\`

${description} ${historyStays ? 'Its history stays.' : 'Its events are deleted once they are older than `EVENT_RETENTION_HOURS`.'}

Types: ${types.map(code).join(', ')}.

${table(
  ['payload', 'type'],
  Object.entries(properties).map(([field, schema]) => [code(field), typeOf(schema)]),
)}`;
  });
  return `# Events

Events of a stream are numbered 1, 2, 3 … without a gap, within its workspace. Subscriptions tell them with \`sequence\`, \`cursor\` and
\`previousCursor\`; [protocols.md](../protocols.md) says how to go on from a cursor. Types may be added: ignore those that you do not know.
The payloads are those of the log, from which the fields of subscriptions are made.

${sections.join('\n\n')}

## About the stream itself

These are sent and never stored: ${streamEventTypes.map(code).join(', ')}.
`;
}

function typeOf({ type, format, enum: values, anyOf }: JsonSchema): string {
  if (anyOf) return anyOf.map(typeOf).join(' or ');
  if (values) return values.map(code).join(', ');
  return format ?? [type ?? 'anything'].flat().join(' or ');
}
