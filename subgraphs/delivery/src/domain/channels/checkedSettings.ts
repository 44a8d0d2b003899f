import { CodedError } from '@tributary/contracts/errors';
import type { z } from 'zod';

/** Settings of a channel in the form that its kind has. Throws INVALID_INPUT that names the place. */
export function checkedSettings<Settings>(form: z.ZodType<Settings>, given: unknown): Settings {
  const parsed = form.safeParse(given);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const place = ['settings', ...(issue?.path ?? [])].map(String).join('.');
  throw new CodedError('INVALID_INPUT', `\`${place}\` is not right: ${issue?.message ?? 'it cannot be read'}.`, {
    field: 'settings',
  });
}

export function refusedSecret(message: string): CodedError {
  return new CodedError('INVALID_INPUT', message, { field: 'secret' });
}
