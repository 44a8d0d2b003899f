import { hash } from 'node:crypto';
import type { Speaker } from '@tributary/contracts/commands';
import type { SourceRow } from '../storage/sourceStatements.js';
import { storable } from './inventory/foundAsset.js';

/** The source that speaks. Its id follows from its key, so that nobody has to look it up; it is another one in each workspace. */
export function sourceOf(workspaceId: string, speaker: Speaker): SourceRow {
  const { key, name } = storable(speaker) as Speaker;
  const digits = hash('sha256', `${workspaceId}\n${key}`, 'hex');
  // The form of a UUID of version 8, which is for ids that are made otherwise.
  const id = [
    digits.slice(0, 8),
    digits.slice(8, 12),
    `8${digits.slice(13, 16)}`,
    `a${digits.slice(17, 20)}`,
    digits.slice(20, 32),
  ].join('-');
  return { id, key, name };
}
