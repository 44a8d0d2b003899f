import type { SourceNote } from '../source/SourceNotes.js';
import type { SourceProfile } from './SourceProfile.js';

/** A profile with what a later phase noticed: in the place of what the same phase noticed before, when it runs again. */
export function withNotes(profile: SourceProfile, notes: readonly SourceNote[]): SourceProfile {
  const keyOf = ({ code, sheet }: SourceNote): string => `${code} ${sheet ?? ''}`;
  const newer = new Set(notes.map(keyOf));
  return { ...profile, notes: [...profile.notes.filter((note) => !newer.has(keyOf(note))), ...notes] };
}
