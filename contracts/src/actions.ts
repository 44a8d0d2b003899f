import type { Principal } from './principal.js';
import type { Role } from './roles.js';

/** How a partner's key comes to hold an action: every key has it, only with the scope of that name, or never. */
export type KeyRule = 'always' | 'byScope' | 'never';

export interface ActionDefinition {
  /** Two to five words for people, such as the label of a checkbox. */
  readonly title: string;
  /** The least role of a person that holds it; every higher role holds it too. SYSTEM: parts of this product only. */
  readonly least: Role | 'SYSTEM';
  readonly keys: KeyRule;
  /** Whether jobs and internal commands (role SYSTEM) hold it. */
  readonly system: boolean;
  readonly description: string;
}

/**
 * The closed catalogue of everything that can be allowed or refused. Every root field, every sensitive field and every
 * field that joins another subgraph's data names one of these; the scopes of a key are these names. What is not here
 * cannot be asked for, and what is not granted here is refused.
 */
export const actions = {
  'viewer.read': {
    title: 'See who one is',
    least: 'VIEWER',
    keys: 'always',
    system: false,
    description: 'See who one is and what one may do.',
  },
  'node.read': {
    title: 'Look up by id',
    least: 'VIEWER',
    keys: 'always',
    system: false,
    description: 'Look up a node by id; the action of the node’s own type is asked for too.',
  },

  'operation.any': {
    title: 'Run any operation',
    least: 'VIEWER',
    keys: 'byScope',
    system: true,
    description: 'Run operations that are not stored, where keys are held to stored ones.',
  },

  'account.manage': {
    title: 'Manage one’s own account',
    least: 'VIEWER',
    keys: 'never',
    system: false,
    description: 'Change one’s own name and password, and end one’s own sessions.',
  },

  'workspace.read': {
    title: 'See the workspace',
    least: 'VIEWER',
    keys: 'always',
    system: true,
    description: 'See the workspace’s name and settings.',
  },
  'workspace.update': {
    title: 'Change the workspace',
    least: 'ADMIN',
    keys: 'byScope',
    system: false,
    description: 'Change the workspace’s settings.',
  },
  'member.read': {
    title: 'See members',
    least: 'VIEWER',
    keys: 'byScope',
    system: true,
    description: 'See who belongs to the workspace, and the names of people and keys that did something.',
  },
  'member.readPersonal': {
    title: 'See members’ addresses',
    least: 'ADMIN',
    keys: 'byScope',
    system: false,
    description: 'See the e-mail addresses of other members unmasked.',
  },
  'member.invite': {
    title: 'Invite members',
    least: 'ADMIN',
    keys: 'never',
    system: false,
    description: 'Invite a person to the workspace.',
  },
  'member.remove': {
    title: 'Remove members',
    least: 'ADMIN',
    keys: 'never',
    system: false,
    description: 'Take a member out of the workspace.',
  },
  'member.setRole': {
    title: 'Change members’ roles',
    least: 'ADMIN',
    keys: 'never',
    system: false,
    description: 'Give a member another role, up to ADMIN.',
  },
  'member.setOwner': {
    title: 'Name owners',
    least: 'OWNER',
    keys: 'never',
    system: false,
    description: 'Make a member an OWNER, or take that role from one.',
  },
  'apiKey.read': {
    title: 'See API keys',
    least: 'ADMIN',
    keys: 'byScope',
    system: false,
    description: 'See the workspace’s API keys and their scopes.',
  },
  'apiKey.write': {
    title: 'Manage API keys',
    least: 'ADMIN',
    keys: 'never',
    system: false,
    description: 'Create, roll and revoke API keys.',
  },
  'audit.read': {
    title: 'Read the audit trail',
    least: 'ADMIN',
    keys: 'byScope',
    system: false,
    description: 'Read the audit trail.',
  },

  'flow.read': {
    title: 'See flows',
    least: 'VIEWER',
    keys: 'byScope',
    system: true,
    description: 'See and watch flows, their phases, events and rejected rows.',
  },
  'flow.readPersonal': {
    title: 'See personal data in rejected rows',
    least: 'ADMIN',
    keys: 'byScope',
    system: false,
    description: 'See personal data in rejected rows unmasked.',
  },
  'flow.start': {
    title: 'Start discoveries',
    least: 'OPERATOR',
    keys: 'byScope',
    system: true,
    description: 'Start a discovery.',
  },
  'flow.approve': {
    title: 'Approve field mappings',
    least: 'OPERATOR',
    keys: 'byScope',
    system: false,
    description: 'Approve the field mappings of a discovery.',
  },
  'flow.control': {
    title: 'Control flows',
    least: 'OPERATOR',
    keys: 'byScope',
    system: true,
    description: 'Pause, resume, cancel and retry flows.',
  },
  'flow.report': {
    title: 'Report flows of a runner',
    least: 'OPERATOR',
    keys: 'byScope',
    system: true,
    description: 'Create flows that an outside runner drives, and report their progress.',
  },
  'sourceDefinition.read': {
    title: 'See source definitions',
    least: 'OPERATOR',
    keys: 'byScope',
    system: true,
    description: 'See the workspace’s own definitions of sources, and try one on a sample.',
  },
  'sourceDefinition.write': {
    title: 'Manage source definitions',
    least: 'ADMIN',
    keys: 'byScope',
    system: false,
    description: 'Create, change and delete the workspace’s own definitions of sources.',
  },
  'upload.create': {
    title: 'Upload files',
    least: 'OPERATOR',
    keys: 'byScope',
    system: false,
    description: 'Upload a source file.',
  },

  'asset.read': {
    title: 'See assets',
    least: 'VIEWER',
    keys: 'byScope',
    system: true,
    description: 'See assets, their dependencies and their impact.',
  },
  'asset.readPersonal': {
    title: 'See personal data of assets',
    least: 'ADMIN',
    keys: 'byScope',
    system: false,
    description:
      'See the e-mail addresses of asset owners, and personal data in attributes of assets and traces, unmasked.',
  },
  'asset.update': {
    title: 'Change assets',
    least: 'OPERATOR',
    keys: 'byScope',
    system: true,
    description: 'Change assets.',
  },
  'asset.retire': {
    title: 'Retire assets',
    least: 'OPERATOR',
    keys: 'byScope',
    system: true,
    description: 'Retire assets.',
  },
  'asset.inventory': {
    title: 'Write the inventory',
    least: 'SYSTEM',
    keys: 'never',
    system: true,
    description: 'Write what a flow found into the inventory.',
  },

  'metrics.read': {
    title: 'See metrics and traces',
    least: 'VIEWER',
    keys: 'byScope',
    system: true,
    description: 'See KPIs, series and traces.',
  },
  'price.update': {
    title: 'Set prices of models',
    least: 'ADMIN',
    keys: 'byScope',
    system: false,
    description: 'Set what calls of models cost in this workspace.',
  },
  'trace.ingest': {
    title: 'Send traces',
    least: 'OPERATOR',
    keys: 'byScope',
    system: true,
    description: 'Send traces of agent runs.',
  },

  'alert.read': {
    title: 'See alerts',
    least: 'VIEWER',
    keys: 'byScope',
    system: true,
    description: 'See and watch alerts.',
  },
  'alert.acknowledge': {
    title: 'Acknowledge alerts',
    least: 'OPERATOR',
    keys: 'byScope',
    system: false,
    description: 'Acknowledge alerts.',
  },
  'alert.assign': {
    title: 'Hand alerts over',
    least: 'OPERATOR',
    keys: 'byScope',
    system: false,
    description: 'Say who works on an alert.',
  },
  'alert.silence': {
    title: 'Silence alerts',
    least: 'OPERATOR',
    keys: 'byScope',
    system: false,
    description: 'Hold the notifications of alerts for a time: silences and maintenance windows.',
  },
  'alert.resolve': {
    title: 'Resolve alerts',
    least: 'OPERATOR',
    keys: 'byScope',
    system: true,
    description: 'Resolve alerts.',
  },
  'alert.raise': {
    title: 'Raise alerts',
    least: 'SYSTEM',
    keys: 'never',
    system: true,
    description: 'Raise an alert for a failed flow or a rule.',
  },
  'alertRoute.write': {
    title: 'Set alert routes',
    least: 'ADMIN',
    keys: 'byScope',
    system: false,
    description: 'Say who is told of which alerts: set the routes of alerts.',
  },
  'alertRule.read': {
    title: 'See alert rules',
    least: 'VIEWER',
    keys: 'byScope',
    system: true,
    description: 'See alert rules, and try one on past figures.',
  },
  'alertRule.write': {
    title: 'Manage alert rules',
    least: 'OPERATOR',
    keys: 'byScope',
    system: false,
    description: 'Create, change and delete alert rules.',
  },

  'webhook.read': {
    title: 'See webhooks',
    least: 'OPERATOR',
    keys: 'byScope',
    system: true,
    description: 'See webhooks, what was tried for them, and what could not be delivered.',
  },
  'webhook.write': {
    title: 'Manage webhooks',
    least: 'ADMIN',
    keys: 'byScope',
    system: false,
    description:
      'Create, change, test, pause, replay and delete webhooks. Each acts with the rights of whoever created it.',
  },
  'channel.read': {
    title: 'See channels',
    least: 'OPERATOR',
    keys: 'byScope',
    system: true,
    description: 'See the channels by which people are told of alerts.',
  },
  'channel.write': {
    title: 'Manage channels',
    least: 'ADMIN',
    keys: 'byScope',
    system: false,
    description: 'Create, change, test and delete the channels by which people are told of alerts.',
  },
  'webhook.deliver': {
    title: 'Deliver events',
    least: 'SYSTEM',
    keys: 'never',
    system: true,
    description: 'Ask for the events that a webhook is sent, for the part that delivers them.',
  },

  'identity.resolve': {
    title: 'Sign in and look up keys',
    least: 'SYSTEM',
    keys: 'never',
    system: true,
    description: 'Sign people in, rotate sessions and look up keys, for the gateway.',
  },
  'entity.exists': {
    title: 'Check ids',
    least: 'SYSTEM',
    keys: 'never',
    system: true,
    description: 'Ask whether ids belong to the workspace, for node(id).',
  },
} as const satisfies Record<string, ActionDefinition>;

export type Action = keyof typeof actions;

/** Every action, in the catalogue's order. */
export const actionNames = Object.keys(actions) as readonly Action[];

/** Whether `name` is an action of the catalogue. */
export function isAction(name: string): name is Action {
  return Object.hasOwn(actions, name);
}

const rank: Record<Role, number> = { VIEWER: 1, OPERATOR: 2, ADMIN: 3, OWNER: 4 };

function roleHolds(role: Role, definition: ActionDefinition): boolean {
  return definition.least !== 'SYSTEM' && Object.hasOwn(rank, role) && rank[role] >= rank[definition.least];
}

/** Whether the principal may do it. Unknown actions, roles and actors are refused. */
export function mayDo(principal: Principal, action: Action): boolean {
  if (!isAction(action)) return false;
  const definition: ActionDefinition = actions[action];
  if (principal.role === 'SYSTEM') {
    return definition.system && principal.actor.kind === 'system' && principal.scopes === null;
  }
  if (!roleHolds(principal.role, definition)) return false;
  // Scopes limit whoever carries them: a key always does, and so does the shared watcher that stands for some keys.
  if (principal.actor.kind !== 'apiKey' && principal.scopes === null) return true;
  if (definition.keys === 'always') return true;
  return definition.keys === 'byScope' && principal.scopes !== null && principal.scopes.includes(action);
}

/** Every action that the principal may do, in the catalogue's order. */
export function permissionsOf(principal: Principal): Action[] {
  return actionNames.filter((action) => mayDo(principal, action));
}

/** Every action that a person can hold, in the catalogue's order: what is left are those of the product's own parts. */
export const actionsOfPeople: readonly Action[] = actionNames.filter((action) => actions[action].least !== 'SYSTEM');

/** The scopes that a person of this role may give to a new key: only what the role holds itself, and no action that keys never hold. */
export function scopesThatRoleMayGrant(role: Role): Action[] {
  return actionNames.filter((action) => {
    const definition: ActionDefinition = actions[action];
    return definition.keys === 'byScope' && roleHolds(role, definition);
  });
}

/** The role that a key acts with: the least one that holds all its scopes, so that a key never ranks above its use. */
export function roleOfKey(scopes: readonly string[]): Role {
  let highest: Role = 'VIEWER';
  for (const scope of scopes) {
    const least = isAction(scope) ? actions[scope].least : 'VIEWER';
    if (least !== 'SYSTEM' && rank[least] > rank[highest]) highest = least;
  }
  return highest;
}
