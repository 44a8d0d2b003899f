import { actions, type ActionDefinition } from '@tributary/contracts/actions';
import { auditActions } from '@tributary/contracts/audit';
import { roles } from '@tributary/contracts/roles';
import { code, table } from './table.ts';

const keys = { always: 'every key', byScope: 'with the scope', never: 'no key' } as const;

/** Roles, scopes and actions, from the catalogue that every root field names one of. */
export function accessPage(): string {
  const rows = Object.entries(actions).map(([name, definition]: [string, ActionDefinition]) => [
    code(name),
    definition.title,
    definition.least === 'SYSTEM' ? 'nobody' : definition.least,
    keys[definition.keys],
    definition.system ? 'yes' : 'no',
    definition.description,
  ]);
  return `# Roles, scopes and actions

A person has one role in a workspace: ${[...roles].map(code).join(', ')}. Each holds what those below it hold. An API key has scopes, which are names of
actions; it acts with the least role that holds them all. Every root field, every sensitive field and every field that joins another
subgraph's data names an action: what is not granted here answers \`INSUFFICIENT_PERMISSIONS\`.

${table(['action', 'title', 'least role', 'API keys', 'parts of the product', 'what it allows'], rows)}

## What the audit trail records

${table(
  ['audit action', 'what happened'],
  Object.entries(auditActions).map(([name, meaning]) => [code(name), meaning]),
)}
`;
}
