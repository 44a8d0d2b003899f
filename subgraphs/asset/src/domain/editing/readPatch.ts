import { CodedError } from '@tributary/contracts/errors';
import type { Criticality } from '@tributary/contracts/values';
import { distinctTags } from '../inventory/mergeContent.js';

/** What a person wants changed: absent is left, null clears. */
export interface AssetPatch {
  readonly name?: string | null | undefined;
  readonly environment?: string | null | undefined;
  readonly department?: string | null | undefined;
  readonly criticality?: Criticality | null | undefined;
  readonly ownerEmail?: string | null | undefined;
  readonly tags?: readonly string[] | null | undefined;
}

/** A patch that can be stored: only what is to be changed. */
export interface SoundPatch {
  name?: string;
  environment?: string | null;
  department?: string | null;
  criticality?: Criticality;
  ownerEmail?: string | null;
  tags?: string[];
}

const maxText = 255;
const maxEmail = 254;
const maxTags = 50;
const maxTag = 64;
const email = /^[^\s@<>(),;:"\\]+@[^\s@<>(),;:"\\.]+(?:\.[^\s@<>(),;:"\\.]+)+$/;

const controlCharacter = /[\u0000-\u001f\u007f]/;

/** Throws INVALID_INPUT for null on a field that is never null, and for values that the field does not take. */
export function readPatch(patch: AssetPatch): SoundPatch {
  const sound: SoundPatch = {};
  if (patch.name !== undefined) sound.name = readText('name', notNull('name', patch.name));
  if (patch.environment !== undefined)
    sound.environment = patch.environment && readText('environment', patch.environment);
  if (patch.department !== undefined) sound.department = patch.department && readText('department', patch.department);
  if (patch.criticality !== undefined) sound.criticality = notNull('criticality', patch.criticality);
  if (patch.ownerEmail !== undefined) sound.ownerEmail = patch.ownerEmail && readEmail(patch.ownerEmail);
  if (patch.tags !== undefined) sound.tags = readTags(notNull('tags', patch.tags));
  if (sound.environment === '') refuseBlank('environment');
  if (sound.department === '') refuseBlank('department');
  if (sound.ownerEmail === '') refuseBlank('ownerEmail');
  return sound;
}

function notNull<Value>(field: string, value: Value | null): Value {
  if (value === null) throw refused(field, `\`${field}\` cannot be cleared. Leave it out to keep it as it is.`);
  return value;
}

function readText(field: string, value: string, max = maxText): string {
  const text = value.trim();
  if (text.length < 1 || text.length > max) throw refused(field, `\`${field}\` has 1 to ${max} characters.`);
  if (controlCharacter.test(text) || !text.isWellFormed())
    throw refused(field, `\`${field}\` has characters that cannot be shown.`);
  return text;
}

function readEmail(value: string): string {
  const text = readText('ownerEmail', value, maxEmail);
  if (!email.test(text)) throw refused('ownerEmail', '`ownerEmail` is no e-mail address, such as jane@example.com.');
  return text;
}

function readTags(values: readonly string[]): string[] {
  const tags = [...distinctTags(values.map((tag) => readText('tags', tag, maxTag)))];
  if (tags.length > maxTags) throw refused('tags', `An asset has at most ${maxTags} tags.`);
  return tags;
}

function refuseBlank(field: string): never {
  throw refused(field, `\`${field}\` cannot be blank. Give null to clear it.`);
}

function refused(field: string, message: string): CodedError {
  return new CodedError('INVALID_INPUT', message, { field });
}
