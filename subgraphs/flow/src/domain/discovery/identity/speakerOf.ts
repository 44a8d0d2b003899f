import type { Speaker } from '@tributary/contracts/commands';
import { isBlankText } from '../normalise/blank.js';
import type { MappingDecision } from '../mapping/checkMappings.js';
import { scopeColumn, shapeOf } from '../cleanse/CleansingPlan.js';
import type { SourceProfile } from '../profile/SourceProfile.js';

/**
 * Who speaks by an import: exports of one known kind, or with the same columns, from the one place that they name, under one name. The
 * next export of the same thing is the same source, and takes the place of what this one said.
 */
export function speakerOf(profile: SourceProfile, mappings: readonly MappingDecision[], sourceName: string): Speaker {
  const kind = profile.recognised?.id ?? shapeOf(profile.columns.map(({ name }) => name));
  const place = onlyPlace(profile, mappings);
  return {
    key: [kind, place?.toLowerCase() ?? '', lastingName(sourceName)].join('\n'),
    name: place === null ? sourceName : `${sourceName} (${place})`,
  };
}

/** The site, account or namespace that all rows of the source have; null when they name none, or several. */
function onlyPlace(profile: SourceProfile, mappings: readonly MappingDecision[]): string | null {
  const mapped = mappings.find(({ targetField }) => targetField === 'scope')?.sourceField;
  const column = profile.columns.find(({ name }) => name === (mapped ?? scopeColumn(profile.columns)));
  const value = column?.distinct === 1 ? column.samples[0]?.trim() : undefined;
  return value === undefined || isBlankText(value) ? null : value;
}

/** Dates and times, as exports have them in their names: 2026-11, 20261127, 2026-11-27T21:04:00Z. */
const moment =
  /(?<!\d)(?:19|20)\d\d[-_.]?(?:0[1-9]|1[0-2])(?:[-_.]?(?:0[1-9]|[12]\d|3[01]))?(?:[ T_-]?\d\d[:h_.-]?\d\d(?:[:m_.-]?\d\d)?s?z?)?(?!\d)/gi;
const copy = /(?:\s*\(\d{1,3}\)|\s+-\s+copy|^copy of\s+)/gi;
const endings = /(?:\.[a-z][a-z0-9]{1,4}){1,2}$/i;

/** A file's name without what differs from one export to the next: `assets-2026-11 (3).csv` is `assets`. */
export function lastingName(sourceName: string): string {
  const bare = sourceName.trim().toLowerCase();
  const lasting = bare
    .replace(endings, '')
    .replace(copy, '')
    .replace(moment, '')
    .replace(/[\s_.-]+/g, ' ')
    .trim();
  return lasting === '' ? bare.replace(moment, '').trim() : lasting;
}
