import type { z } from 'zod';
import { parts, type Part, type SettingGroup } from '../../parts.ts';
import { code, table } from './table.ts';

/** Every setting, from the schemas that processes read them with. */
export function settingsPage(): string {
  const groups = [...new Set(parts.flatMap((part) => part.groups))];
  return `# Settings

All settings are environment variables, read once at start; one that is missing or weak is named. \`NAME_FILE\` gives the path of a file
that holds the value, for mounted secrets; a secret may also say where it is kept: \`vault:<mount>/<path>#<field>\` or
\`aws:<secret id>#<field>\`. Sizes are in bytes. \`npm start\` needs none. 🔒 marks a secret.

## Processes

${table(
  ['process', 'starts', 'port', 'does'],
  parts.map(({ name, entry, port, does }) => [name, code(entry), port === null ? '' : String(port || 'any'), does]),
)}

${groups.map(section).join('\n\n')}
`;
}

function section(group: SettingGroup): string {
  const readers = parts.filter((part: Part) => part.groups.includes(group)).map(({ name }) => name);
  const rows = Object.entries(group.settings.shape).map(([name, schema]) => row(name, schema as z.ZodType));
  return `## ${group.title}\n\nRead by ${readers.join(', ')}.\n\n${table(['setting', 'default', 'meaning'], rows)}`;
}

function row(name: string, schema: z.ZodType): string[] {
  const { description = '', secret, otherwise } = (schema.meta() ?? {}) as Meta;
  return [code(name) + (secret ? ' 🔒' : ''), otherwise ?? fallback(schema), description];
}

interface Meta {
  readonly description?: string;
  readonly secret?: boolean;
  /** What holds without it, where that is no value. */
  readonly otherwise?: string;
}

function fallback(schema: z.ZodType): string {
  const { defaultValue, innerType, in: input } = schema.def as Definition;
  if (defaultValue !== undefined) return String(defaultValue);
  const inner = innerType ?? input;
  // A pipe or a transformation begins with what may have a default.
  if (inner && schema.def.type !== 'optional') return fallback(inner);
  return schema.safeParse(undefined).success ? '' : 'required';
}

/** Of zod's wrappers: a default, what is wrapped, and what a pipe begins with. */
interface Definition {
  readonly defaultValue?: string | number | boolean;
  readonly innerType?: z.ZodType;
  readonly in?: z.ZodType;
}
