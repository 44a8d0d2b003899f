import { describe, expect, test } from '@jest/globals';
import { roles, type Role } from '@tributary/contracts/roles';
import { systemPrincipal, type Principal } from '@tributary/contracts/principal';
import {
  actionNames,
  actions,
  actionsOfPeople,
  mayDo,
  permissionsOf,
  roleOfKey,
  scopesThatRoleMayGrant,
  type Action,
} from '@tributary/contracts/actions';

const workspaceId = '01900000-0000-7000-8000-000000000001';
const person = (role: Role): Principal => ({
  workspaceId,
  actor: { kind: 'user', id: workspaceId },
  role,
  scopes: null,
});
const key = (scopes: string[], role: Role = roleOfKey(scopes)): Principal => ({
  workspaceId,
  actor: { kind: 'apiKey', id: workspaceId },
  role,
  scopes,
});

describe('the catalogue of actions', () => {
  test('a higher role holds all that a lower one holds', () => {
    for (let index = 1; index < roles.length; index++) {
      const higher = permissionsOf(person(roles[index - 1]!));
      expect(higher).toEqual(expect.arrayContaining(permissionsOf(person(roles[index]!))));
    }
  });

  test('a viewer changes nothing but their own account', () => {
    expect(
      permissionsOf(person('VIEWER')).every(
        (action) => action.endsWith('.read') || action === 'operation.any' || action === 'account.manage',
      ),
    ).toBe(true);
  });

  test('actions of the product’s own parts are held by no person and no key', () => {
    const own = actionNames.filter((action) => actions[action].least === 'SYSTEM');
    expect(own.length).toBeGreaterThan(0);
    for (const action of own) {
      expect(mayDo(person('OWNER'), action)).toBe(false);
      expect(mayDo(key([action], 'OWNER'), action)).toBe(false);
      expect(mayDo(systemPrincipal(workspaceId, 'test'), action)).toBe(true);
    }
  });

  test('a key does what its scopes name and nothing else', () => {
    const granted = permissionsOf(key(['flow.read', 'flow.start']));
    expect(granted.sort()).toEqual(['flow.read', 'flow.start', 'node.read', 'viewer.read', 'workspace.read']);
  });

  test('a key without scopes, and a key whose scopes were lost, may only see who it is', () => {
    const harmless = ['node.read', 'viewer.read', 'workspace.read'];
    expect(permissionsOf(key([])).sort()).toEqual(harmless);
    expect(permissionsOf({ ...key([], 'OWNER'), scopes: null }).sort()).toEqual(harmless);
  });

  test('a scope above the key’s role gives nothing', () => {
    expect(mayDo(key(['audit.read'], 'VIEWER'), 'audit.read')).toBe(false);
    expect(mayDo(key(['audit.read'], 'ADMIN'), 'audit.read')).toBe(true);
  });

  test('a key never manages people or keys, whatever its scopes say', () => {
    for (const action of ['apiKey.write', 'member.setRole', 'member.setOwner', 'member.invite'] as const) {
      expect(mayDo(key([action], 'OWNER'), action)).toBe(false);
      expect(scopesThatRoleMayGrant('OWNER')).not.toContain(action);
    }
  });

  test('nobody can grant a scope that the role does not hold', () => {
    for (const role of roles) {
      const held = permissionsOf(person(role));
      expect(held).toEqual(expect.arrayContaining(scopesThatRoleMayGrant(role)));
    }
    expect(scopesThatRoleMayGrant('VIEWER')).not.toContain('flow.start');
  });

  test('a key’s role is the least that its scopes need', () => {
    expect(roleOfKey(['flow.read'])).toBe('VIEWER');
    expect(roleOfKey(['flow.read', 'flow.start'])).toBe('OPERATOR');
    expect(roleOfKey(['audit.read'])).toBe('ADMIN');
    expect(roleOfKey(['identity.resolve'])).toBe('VIEWER');
  });

  test('what is not in the catalogue is refused, names of object properties included', () => {
    for (const name of ['flow.destroy', '__proto__', 'constructor', 'toString', '']) {
      expect(mayDo(person('OWNER'), name as Action)).toBe(false);
      expect(mayDo(systemPrincipal(workspaceId, 'test'), name as Action)).toBe(false);
    }
    expect(mayDo(person('constructor' as Role), 'flow.read')).toBe(false);
  });

  test('role SYSTEM is worth nothing to a person or a key', () => {
    expect(permissionsOf({ ...person('OWNER'), role: 'SYSTEM' })).toEqual([]);
    expect(permissionsOf({ ...key(['flow.read']), role: 'SYSTEM' })).toEqual([]);
  });

  test('every action has a description, and a title of its own', () => {
    for (const action of actionNames) expect(actions[action].description).toMatch(/^[A-Z].{10,}\.$/);
    const titles = actionNames.map((action) => actions[action].title);
    for (const title of titles) expect(title).toMatch(/^[A-Z].{5,38}[^.]$/);
    expect(new Set(titles).size).toBe(titles.length);
  });

  test('whatever a person may do and whatever a key can be given is in the list of what can be allowed', () => {
    for (const role of roles) {
      expect(actionsOfPeople).toEqual(expect.arrayContaining(permissionsOf(person(role))));
      expect(actionsOfPeople).toEqual(expect.arrayContaining(scopesThatRoleMayGrant(role)));
    }
    expect(permissionsOf(person('OWNER'))).toEqual(actionsOfPeople);
  });
});
