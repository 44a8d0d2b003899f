import type { SourceProfile } from '../profile/SourceProfile.js';
import type { NoteCode, SourceNote } from '../source/SourceNotes.js';

const codes: ReadonlySet<NoteCode> = new Set(['KEPT_APART', 'SHARED_ID']);

/** The profile with what was found out about rows that share a name or an id and are different things. */
export function withApart(profile: SourceProfile, keptApart: number): SourceProfile {
  const others = (profile.notes ?? []).filter(({ code }) => !codes.has(code));
  const tables = [profile, ...(profile.sheets ?? [])];
  const shared = tables.reduce(
    (sum, { repeatedNames: found }) => sum + (found?.sharedIds?.length ?? 0) + (found?.sharedHardware?.length ?? 0),
    0,
  );
  const notes: SourceNote[] = [...others];
  if (keptApart > 0) notes.push({ code: 'KEPT_APART', count: keptApart, samples: [] });
  if (shared > 0) notes.push({ code: 'SHARED_ID', count: shared, samples: [] });
  return { ...profile, notes };
}

/** The same, with those that have the name of what other sources brought. Saying it again changes nothing. */
export function withNamesakes(profile: SourceProfile, count: number): SourceProfile {
  const others = profile.notes.filter(({ code }) => code !== 'NAMESAKE');
  return { ...profile, notes: [...others, { code: 'NAMESAKE', count, samples: [] }] };
}
