/** A kind of SQL that Citus refuses on distributed tables under row-level security. */
interface Rule {
  readonly refused: string;
  readonly instead: string;
  readonly breaks: (text: string) => boolean;
}

/** Stable and volatile functions that our SQL uses; and intervals, whose length depends on the time zone. */
const unsteady =
  /\b(?:now|clock_timestamp|statement_timestamp|random|gen_random_uuid|convert_to|to_char|current_setting)\s*\(|\binterval\b/i;

const clock = /\b(?:now|clock_timestamp|statement_timestamp)\s*\(/i;
const clockInBranch =
  /\bcoalesce\s*\([^()]*(?:now|clock_timestamp|statement_timestamp)\s*\(|\bcase\b(?:(?!\bend\b).)*\b(?:now|clock_timestamp|statement_timestamp)\s*\(/i;

const rules: readonly Rule[] = [
  {
    refused: 'a stable function in ON CONFLICT … DO UPDATE',
    instead: 'give the value as a parameter, or take excluded.*',
    breaks: (text) => conflictActions(text).some((action) => unsteady.test(action)),
  },
  {
    refused: 'a stable function in CASE or COALESCE of an UPDATE',
    instead: 'take it out: now() + case when $2 then interval … end, or least(at, now())',
    breaks: (text) => updates(text).some((assignments) => clockInBranch.test(assignments)),
  },
  {
    refused: 'a stable function in RETURNING of an UPDATE',
    instead: 'make the UPDATE a step of a WITH, and call the function in the SELECT behind it',
    breaks: (text) => updates(text).some((assignments) => clock.test(assignments.split(/\breturning\b/i)[1] ?? '')),
  },
  {
    refused: 'an interval of a column in an UPDATE',
    instead: 'give the time as a parameter',
    breaks: (text) =>
      updates(text).some((assignments) => /(?<![:\w.$])[a-z_]\w*(?:\.\w+)? \* interval/i.test(assignments)),
  },
  {
    refused: 'RETURNING old, which only PostgreSQL 18 knows',
    instead: 'read the rows in a step before, for update, and join it',
    breaks: (text) => /\breturning\b[^()]*\bold\./i.test(text),
  },
  {
    refused: 'INSERT … SELECT from values or steps alone',
    instead: 'join workspace: from workspace w cross join unnest(…) where w.workspace_id = $1',
    breaks: (text) => insertedSelects(text).some((select) => !/\bworkspace_id = \$1/i.test(select)),
  },
];

/** What Citus would refuse in the text of a statement, and what to say instead. */
export function citusRefusals(text: string): string[] {
  const bare = text.replace(/\/\*.*?\*\//gs, ' ').replace(/\s+/g, ' ');
  return rules.filter(({ breaks }) => breaks(bare)).map(({ refused, instead }) => `${refused}: ${instead}`);
}

function conflictActions(text: string): string[] {
  return [...text.matchAll(/\bdo update set (.*?)(?=\breturning\b|$)/gi)].map(([, action]) => action!);
}

/** What each UPDATE of rows that are there sets, up to the end of its step. */
function updates(text: string): string[] {
  return [
    ...text.matchAll(/\bupdate \w+(?: \w+)? set (.*?)(?=\)\s*(?:,\s*\w+ as|select|update|insert|delete)\b|$)/gi),
  ].map(([, assignments]) => assignments!);
}

/** The SELECT of each INSERT … SELECT, up to the next INSERT. */
function insertedSelects(text: string): string[] {
  return [
    ...text.matchAll(
      /\binsert into [^()]*\([^()]*\) (select\b.*?)(?=\) ?, ?\w+ as|\) (?:select|insert|update|delete)\b|\binsert into\b|$)/gi,
    ),
  ].map(([, select]) => select!);
}
