import { CodedError } from '@tributary/contracts/errors';

const emailRule = /^[^\s@]+@[^\s@]+\.[^\s@]+$/;

/** The address in the form in which accounts are found. Throws INVALID_INPUT that names `field`. */
export function checkedEmail(text: string, field: string): string {
  const email = text.trim().toLowerCase();
  if (emailRule.test(email) && email.length <= 320) return email;
  throw new CodedError('INVALID_INPUT', `"${text}" is not an e-mail address.`, { field });
}
