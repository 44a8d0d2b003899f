import { CodedError } from '@tributary/contracts/errors';
import { z } from 'zod';
import type { Settings } from '../storage/WorkspaceRow.js';

/** Settings that parts of the product read. Other names are the frontends' own and are kept as they come. */
const known = {
  runnerLostAfterMinutes: z
    .number('must be a number of minutes')
    .int('must be a whole number')
    .min(1, 'must be at least 1')
    .max(1440, 'must be at most 1440'),
  retireAfterMissing: z
    .number('must be a number of imports')
    .int('must be a whole number')
    .min(1, 'must be at least 1')
    .max(1000, 'must be at most 1000'),
} as const;

const largestText = 16_384;
const nameRule = /^[A-Za-z][A-Za-z0-9_.-]{0,63}$/;

/**
 * Settings after a patch: an absent name is left, null clears. Throws INVALID_INPUT for a value that a known setting cannot
 * have, and for names or sizes out of bounds.
 */
export function patchSettings(settings: Settings, patch: Settings): Settings {
  const next: Settings = { ...settings };
  for (const [name, value] of Object.entries(patch)) {
    if (!nameRule.test(name))
      throw invalid(
        name,
        'Names of settings have 1 to 64 letters, digits, dots, hyphens and underscores, a letter first.',
      );
    if (value === null) delete next[name];
    else next[name] = checked(name, value);
  }
  if (JSON.stringify(next).length > largestText) throw invalid('', 'All settings together take at most 16 KB as JSON.');
  return next;
}

function checked(name: string, value: unknown): unknown {
  const rule = Object.hasOwn(known, name) ? known[name as keyof typeof known] : null;
  const outcome = rule?.safeParse(value);
  if (outcome && !outcome.success)
    throw invalid(name, `${name} ${outcome.error.issues[0]?.message ?? 'is not valid'}.`);
  return value;
}

function invalid(name: string, message: string): CodedError {
  return new CodedError('INVALID_INPUT', message, { field: name === '' ? 'settings' : `settings.${name}` });
}
