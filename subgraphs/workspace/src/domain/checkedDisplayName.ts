import { CodedError } from '@tributary/contracts/errors';

/** What a person is called, without blanks around it. Throws INVALID_INPUT (details.field `displayName`). */
export function checkedDisplayName(name: string): string {
  const trimmed = name.trim();
  if (trimmed !== '' && trimmed.length <= 100) return trimmed;
  throw new CodedError('INVALID_INPUT', 'A display name has 1 to 100 characters.', { field: 'displayName' });
}
