import { hash, verify, type Algorithm, type Options } from '@node-rs/argon2';
import { CodedError } from '@tributary/contracts/errors';

/** 19 MiB, two passes, one lane: OWASP's recommendation for argon2id. */
const parameters: Options = {
  algorithm: 2 satisfies Algorithm.Argon2id,
  memoryCost: 19_456,
  timeCost: 2,
  parallelism: 1,
  outputLen: 32,
};

const shortest = 10;
/** Longer input would only buy the caller more of our time. */
const longest = 256;

/** The hash of a password nobody has: what an unknown e-mail is checked against, so that it takes as long as a known one. */
let nobody: Promise<string> | undefined;

/** An argon2id hash in PHC form. Throws INVALID_INPUT, naming `field`, when it is shorter than 10 or longer than 256 characters. */
export async function hashPassword(password: string, field = 'password'): Promise<string> {
  if (password.length < shortest || password.length > longest) {
    throw new CodedError('INVALID_INPUT', `A password has ${shortest} to ${longest} characters.`, {
      field,
    });
  }
  return hash(password.normalize('NFC'), parameters);
}

/** Whether the password fits. `stored` is null for an unknown person: the answer is false, and takes as long. */
export async function verifyPassword(stored: string | null, password: string): Promise<boolean> {
  if (password.length > longest) return false;
  nobody ??= hash('a password that nobody has', parameters);
  const fits = await verify(stored ?? (await nobody), password.normalize('NFC'));
  return fits && stored !== null;
}
