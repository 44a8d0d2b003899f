import type { Interface } from 'node:readline/promises';
import type { GraphAccess } from './GraphAccess.js';
import { Refused } from './GraphAccess.js';

const approve = `mutation ($input: ApproveFieldMappingsInput!) { approveFieldMappings(input: $input) { flow { id } } }`;
const question =
  'Take it in like this? Enter for yes, n to leave it waiting, or a change as column=field (column= keeps it as an attribute): ';

export interface Decision {
  readonly sourceField: string;
  readonly targetField: string | null;
}

export async function approveMappings(
  access: GraphAccess,
  flowId: string,
  mappings: readonly Decision[],
): Promise<void> {
  await access.ask(approve, { input: { flowId, mappings } });
}

/**
 * Asks the person at the terminal until they say yes or no. True: it is approved, with their changes. False: they said no, or nobody is
 * there to answer.
 */
export async function askApproval(access: GraphAccess, flowId: string, terminal: Interface): Promise<boolean> {
  const decisions = new Map<string, Decision>();
  const answers = terminal[Symbol.asyncIterator]();
  for (;;) {
    process.stdout.write(question);
    const { value, done } = await answers.next();
    const answer = done ? null : value.trim();
    if (answer === null || /^no?$/i.test(answer)) return false;
    const change = readChange(answer);
    if (change) {
      decisions.set(change.sourceField, change);
      process.stdout.write(`  ${change.sourceField} → ${change.targetField ?? '(kept as an attribute)'}\n`);
    } else if (answer === '' || /^y(es)?$/i.test(answer)) {
      try {
        await approveMappings(access, flowId, [...decisions.values()]);
        return true;
      } catch (error) {
        // A column or field that there is not: said, and asked again without what was said.
        if (!(error instanceof Refused) || error.code !== 'INVALID_INPUT') throw error;
        process.stdout.write(`${error.message}\n`);
        decisions.clear();
      }
    }
  }
}

/** `column=field`; a column may have a `=` in its own name, a field has none. */
function readChange(answer: string): Decision | null {
  const at = answer.lastIndexOf('=');
  if (at <= 0) return null;
  return { sourceField: answer.slice(0, at).trim(), targetField: answer.slice(at + 1).trim() || null };
}
