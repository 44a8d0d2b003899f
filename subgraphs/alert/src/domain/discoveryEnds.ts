import { discoveryEndsCommand } from '@tributary/contracts/commands';
import type { CommandClient } from '@tributary/commands';
import type { RequestContext } from '@tributary/kernel';
import { subjectOfRule } from './EvaluatedRule.js';
import type { EvaluatedRule } from './EvaluatedRule.js';

/**
 * The ends of discoveries since a rule was evaluated, at which rules over assets are evaluated, too: what a discovery brings is news at once,
 * and not at the next tick. None for other rules, and for one that was never evaluated. Milliseconds since 1970, ascending.
 */
export async function discoveryEnds(
  commands: CommandClient,
  context: RequestContext,
  rule: EvaluatedRule,
  { evaluatedUntil, now }: { readonly evaluatedUntil: number | null; readonly now: number },
): Promise<number[]> {
  if (subjectOfRule(rule) !== 'ASSETS' || evaluatedUntil === null) return [];
  const span = { from: new Date(evaluatedUntil), to: new Date(now) };
  return commands.call(discoveryEndsCommand, span, context);
}
