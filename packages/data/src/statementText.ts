/** `workspace_id = $1`, of whatever alias, quoted or not. */
const filter = /\bworkspace_id"?\s*=\s*\$1\b/i;
/** An insert whose first column is the workspace and whose first value is $1. */
const insertion = /\binsert\s+into\s[^(]*\(\s*"?workspace_id"?\s*[,)][^;]*?\b(?:values\s*\(\s*|select\s+)\$1\b/i;

/** The highest parameter number of each text that was found good. */
const highestOf = new Map<string, number>();
const maxTexts = 5_000;

/**
 * Throws unless the text holds itself to the workspace that is bound as $1 and takes just as many values more as it is given. Looked at
 * once for each text.
 */
export function checkWorkspaceText(name: string, text: string, values: number): void {
  let highest = highestOf.get(text);
  if (highest === undefined) {
    if (!filter.test(text) && !insertion.test(text)) {
      throw new Error(
        `${name} says nowhere workspace_id = $1. The workspace is bound as $1 by the handle that sends the statement; filter every table by it.`,
      );
    }
    highest = highestParameter(text);
    if (highestOf.size >= maxTexts) highestOf.clear();
    highestOf.set(text, highest);
  }
  if (highest !== values + 1) {
    throw new Error(
      `${name} goes up to $${highest} and has ${values} values. $1 is the workspace, so own values start at $2: the last is $${values + 1}.`,
    );
  }
}

function highestParameter(text: string): number {
  let highest = 0;
  for (const [, number] of text.matchAll(/\$(\d+)/g)) highest = Math.max(highest, Number(number));
  return highest;
}
