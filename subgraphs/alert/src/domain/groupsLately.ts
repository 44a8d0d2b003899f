import { figuresCommand } from '@tributary/contracts/commands';
import type { CommandClient } from '@tributary/commands';
import type { RequestContext } from '@tributary/kernel';
import { newInstance } from './alertMachine.js';
import { subjectOfRule } from './EvaluatedRule.js';
import type { EvaluatedRule } from './EvaluatedRule.js';
import { isOfTraces } from './ruleSubject.js';
import { fingerprintOf, groupMemoryMs, remembersGroups } from './evaluateTick.js';
import type { Tracked } from './evaluateTick.js';
import { belowEverything } from './readTickFigures.js';

/** At a rule's first tick: groups whose silence may be what is wrong, and that had data lately. They do not appear by themselves. */
export async function groupsLately(
  commands: CommandClient,
  context: RequestContext,
  rule: EvaluatedRule,
  tick: number,
): Promise<Tracked[]> {
  if (!remembersGroups(rule)) return [];
  const { groupBy, scope, timeBasis } = rule;
  if (subjectOfRule(rule) !== 'RUNS' || !isOfTraces(groupBy)) return [];
  const range = { from: new Date(tick - groupMemoryMs), to: new Date(tick) };
  const question = { metric: 'REQUESTS', groupBy, scope, timeBasis, condition: belowEverything, ...range } as const;
  const lately = await commands.call(figuresCommand, question, context);
  return lately.map(({ key }) => ({
    fingerprint: fingerprintOf(rule, key),
    cause: 'CONDITION',
    key,
    instance: newInstance(tick),
  }));
}
