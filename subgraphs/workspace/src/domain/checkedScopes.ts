import { CodedError } from '@tributary/contracts/errors';
import type { RequestContext } from '@tributary/kernel';
import { isAction, scopesThatRoleMayGrant } from '@tributary/contracts/actions';

const maxScopes = 50;

/** Scopes that the caller may give to a key, sorted, each once. Throws MISSING_REQUIRED_FIELD, INVALID_INPUT, INSUFFICIENT_PERMISSIONS. */
export function checkedScopes(context: RequestContext, wanted: readonly string[]): string[] {
  const scopes = [...new Set(wanted)].sort();
  if (scopes.length === 0)
    throw new CodedError('MISSING_REQUIRED_FIELD', 'Name at least one scope; viewer.permissions lists them.', {
      field: 'scopes',
    });
  const unknown = scopes.filter((scope) => !isAction(scope));
  if (unknown.length > 0 || scopes.length > maxScopes) {
    throw new CodedError('INVALID_INPUT', `These are no scopes: ${unknown.slice(0, 10).join(', ').slice(0, 200)}.`, {
      field: 'scopes',
    });
  }
  const { role } = context.principal;
  const grantable: readonly string[] = role === 'SYSTEM' ? [] : scopesThatRoleMayGrant(role);
  const refused = scopes.filter((scope) => !grantable.includes(scope));
  if (refused.length > 0) {
    throw new CodedError(
      'INSUFFICIENT_PERMISSIONS',
      `A key cannot be given these scopes by you: ${refused.join(', ')}.`,
      { scopes: refused },
    );
  }
  return scopes;
}
