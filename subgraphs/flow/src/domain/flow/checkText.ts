import { CodedError } from '@tributary/contracts/errors';

/** Trims a text that a person gave. Throws MISSING_REQUIRED_FIELD when nothing is left and INVALID_INPUT when it is too long. */
export function checkText(text: string, field: string, longest: number): string {
  const trimmed = text.trim();
  if (trimmed === '') throw new CodedError('MISSING_REQUIRED_FIELD', `\`${field}\` must not be blank.`, { field });
  if (trimmed.length > longest)
    throw new CodedError('INVALID_INPUT', `\`${field}\` has more than ${longest} characters.`, { field });
  if (trimmed.includes('\0')) throw new CodedError('INVALID_INPUT', `\`${field}\` holds a NUL character.`, { field });
  return trimmed;
}
