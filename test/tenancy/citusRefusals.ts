/** A kind of SQL that Citus refuses on distributed tables under row-level security. */
interface Rule {
  readonly refused: string;
  readonly instead: string;
  readonly breaks: (text: string) => boolean;
}

/** Stable and volatile functions that our SQL uses; and intervals, whose length depends on the time zone. */
const unsteady =
  /\b(?:now|clock_timestamp|statement_timestamp|random|gen_random_uuid|convert_to|to_char|current_setting)\s*\(|\binterval\b/i;

const rules: readonly Rule[] = [
  {
    refused: 'a stable function in ON CONFLICT … DO UPDATE',
    instead: 'give the value as a parameter, or take excluded.*',
    breaks: (text) => conflictActions(text).some((action) => unsteady.test(action)),
  },
  {
    refused: 'INSERT … SELECT from values alone',
    instead: 'join workspace: from workspace w cross join unnest(…) where w.workspace_id = $1',
    breaks: (text) =>
      insertedSelects(text).some(
        (select) =>
          /\bfrom\s+(?:unnest|json_to_recordset|generate_series)\s*\(/i.test(select) &&
          !/\bfrom\s+workspace\b/i.test(select),
      ),
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

/** The SELECT of each INSERT … SELECT, up to the next INSERT. */
function insertedSelects(text: string): string[] {
  return [...text.matchAll(/\binsert into [^()]*\([^()]*\) (select\b.*?)(?=\binsert into\b|$)/gi)].map(
    ([, select]) => select!,
  );
}
