import type { Edit } from '../tenancy/mutants/TreeCopy.ts';

/** What alerts did wrong before, or a guard, brought back by a small edit; a test must turn red. */
export interface Defect {
  readonly name: string;
  readonly says: string;
  readonly edit: Edit;
  readonly suite: string;
  /** The beginning of the test's title. */
  readonly title: string;
}

const domain = 'subgraphs/alert/src/domain';
const tests = 'subgraphs/alert/test';

export const defects: readonly Defect[] = [
  {
    name: 'D1',
    says: 'windows hold the runs that began in them, so that a long run is never seen',
    edit: {
      file: `${domain}/readTickFigures.ts`,
      find: 'timeBasis: rule.timeBasis,',
      replace: "timeBasis: 'STARTED' as const,",
    },
    suite: 'test/alerts/lateAndLong.db.test.ts',
    title: 'a run that takes longer than the window',
  },
  {
    name: 'D2',
    says: 'what comes late is not looked at (repair switched off)',
    edit: {
      file: `${domain}/RuleEvaluator.ts`,
      find: "if (subjectOfRule(evaluated) !== 'RUNS') return",
      replace: 'return',
    },
    suite: 'test/alerts/lateAndLong.db.test.ts',
    title: 'what comes after its evaluation',
  },
  {
    name: 'D3',
    says: 'an alert ends when its data stop',
    edit: {
      file: `${domain}/alertMachine.ts`,
      find: "if (rule.noData !== 'RESOLVE') return { instance, effects: [] };",
      replace: '',
    },
    suite: `${tests}/defects.db.test.ts`,
    title: 'silence is not told as health',
  },
  {
    name: 'D4',
    says: 'what never was is silent at once',
    edit: {
      file: `${domain}/evaluateTick.ts`,
      find: 'if (!hasData && isAwaited && !isKnown && tick < rule.graceUntil) return null;',
      replace: '',
    },
    suite: `${tests}/defects.db.test.ts`,
    title: 'a rule that waits for less is given a window',
  },
  {
    name: 'D5',
    says: 'groups beyond the most alerts are told to nobody',
    edit: {
      file: `${domain}/evaluateTick.ts`,
      find: "'OVERFLOW', null, droppedGroups, tick",
      replace: "'OVERFLOW', null, 0, tick",
    },
    suite: `${tests}/defects.db.test.ts`,
    title: 'groups beyond the most alerts are told',
  },
  {
    name: 'D6',
    says: 'an alert that a person has resolved fires again while its condition holds',
    edit: { file: `${domain}/alertMachine.ts`, find: "if (holds && refire === 'WHEN_CLEARED')", replace: 'if (false)' },
    suite: `${tests}/people.db.test.ts`,
    title: 'that a person has called over while its condition holds',
  },
  {
    name: 'D7',
    says: 'a comment is not in the history of its alert',
    edit: {
      file: `${domain}/AlertActions.ts`,
      find: 'announce(transaction, trigger, type, [changed], facts, comment)',
      replace: 'announce(transaction, trigger, type, [changed], facts)',
    },
    suite: `${tests}/people.db.test.ts`,
    title: 'is taken over, handed on and given back',
  },
  {
    name: 'D8',
    says: 'an alert that comes back at once is another alert',
    edit: {
      file: `${domain}/alertMachine.ts`,
      find: 'const isSame = instance.endedAt !== null && tick - instance.endedAt <= rule.reopenMs;',
      replace: 'const isSame = false;',
    },
    suite: `${tests}/defects.db.test.ts`,
    title: 'good and bad data in turns are one alert',
  },
  {
    name: 'D9',
    says: 'a rule that looks at something else ends its alerts as healthy',
    edit: {
      file: `${domain}/AlertRules.ts`,
      find: "const reason = before.enabled && !rule.enabled ? 'RULE_DISABLED' : 'RULE_CHANGED';",
      replace: "const reason = 'BACK_TO_NORMAL';",
    },
    suite: `${tests}/defects.db.test.ts`,
    title: 'a rule that looks at something else',
  },
  {
    name: 'D10',
    says: 'a rule that is blind does not say so',
    edit: {
      file: `${domain}/RuleEvaluator.ts`,
      find: 'await this.writeFailure(context, { rule, at }, evaluated, err);',
      replace: '',
    },
    suite: `${tests}/defects.db.test.ts`,
    title: 'a rule that is blind says so',
  },
  {
    name: 'D11',
    says: 'a preview looks at every quarter of a window, and not at every tick',
    edit: {
      file: `${domain}/previewRule.ts`,
      find: 'const stepMs = everyMs * Math.max(1, Math.ceil(ticks / mostTicks));',
      replace: 'const stepMs = Math.max(everyMs, conditions[0]!.windowMs / 4);',
    },
    suite: `${tests}/rules.db.test.ts`,
    title: 'evaluates every tick as a rule at work would',
  },
  {
    name: 'D12',
    says: 'a workspace may take all lanes',
    edit: { file: `${domain}/Lanes.ts`, find: ': this.share;', replace: ': this.lanes;' },
    suite: `${tests}/lanes.test.ts`,
    title: 'a workspace with many rules leaves a lane free',
  },
  {
    name: 'D13',
    says: 'a blank comment is a comment',
    edit: { file: `${domain}/checkedComment.ts`, find: "comment.trim() === ''", replace: "comment === ''" },
    suite: `${tests}/people.db.test.ts`,
    title: 'takes no nonsense',
  },
  {
    name: 'D14',
    says: 'groups that have an instance are not asked for by key',
    edit: {
      file: `${domain}/RuleEvaluator.ts`,
      find: 'const keys = keysOf(known.tracked);',
      replace: 'const keys: string[] = [];',
    },
    suite: `${tests}/defects.db.test.ts`,
    title: 'a firing group that falls out of a page',
  },
  {
    name: 'hysteresis',
    says: 'what fires is over as soon as it is behind its threshold',
    edit: {
      file: `${domain}/alertMachine.ts`,
      find: 'holds ? (recoveryThreshold ?? threshold) : threshold',
      replace: 'holds ? threshold : threshold',
    },
    suite: `${tests}/alertMachine.test.ts`,
    title: 'what fired must get behind the recovery threshold',
  },
  {
    name: 'for',
    says: 'a condition that was over in between does not wait anew',
    edit: {
      file: `${domain}/alertMachine.ts`,
      find: "    case 'PENDING':\n      return to(instance, 'OK', tick);",
      replace: "    case 'PENDING':\n      return { instance, effects: [] };",
    },
    suite: `${tests}/alertMachine.test.ts`,
    title: 'waits anew when the condition was over',
  },
  {
    name: 'clock',
    says: 'ticks are those of the process',
    edit: {
      file: `${domain}/planTicks.ts`,
      find: 'Math.max(now - delayMs,',
      replace: 'Math.max(Date.now() - delayMs,',
    },
    suite: `${tests}/lanes.test.ts`,
    title: 'are whole multiples of the step',
  },
  {
    name: 'discoveries',
    says: 'rules over assets wait for the next tick of the grid',
    edit: {
      file: 'subgraphs/alert/src/alert.ts',
      find: 'await lookAfterDiscoveries(transaction, events);',
      replace: '',
    },
    suite: `${tests}/measures.db.test.ts`,
    title: 'a rule over assets is evaluated at the end of a discovery',
  },
];
