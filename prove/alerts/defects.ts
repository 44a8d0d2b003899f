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
      file: `${domain}/RuleReader.ts`,
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
      file: `${domain}/RuleReader.ts`,
      find: 'return this.blind(context, claimed, err);',
      replace: 'return null;',
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
    edit: { file: `${domain}/Lanes.ts`, find: '> 1 ? this.share', replace: '> 1 ? this.lanes' },
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
      file: `${domain}/RuleReader.ts`,
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
  {
    name: 'migration',
    says: 'open alerts of rules from before the machine are not carried over',
    edit: {
      file: 'migrations/0047-alert-machine.ts',
      find: "and r.id = a.rule_id where a.status <> 'RESOLVED'`);",
      replace: "and r.id = a.rule_id where a.status = 'NONE'`);",
    },
    suite: 'test/alerts/oldRules.db.test.ts',
    title: 'open alerts of rules from before the machine go on',
  },
  {
    name: 'fifty',
    says: 'whoever acknowledges does not hold the alert meanwhile',
    edit: {
      file: `${domain}/AlertActions.ts`,
      find: "const alert = (await repository.findById('alert.lockAlert', seen.id, { lock: true }))!;",
      replace: 'const alert = seen;',
    },
    suite: `${tests}/people.db.test.ts`,
    title: 'is taken up by one of fifty',
  },
  {
    name: 'orders',
    says: 'whoever resolves an alert does not hold its instance',
    edit: {
      file: `${domain}/AlertActions.ts`,
      find: 'const held = refire && (await this.instances.hold(transaction, seen));',
      replace: 'const held = null as Awaited<ReturnType<InstanceWriter["hold"]>> | null;',
    },
    suite: `${tests}/people.db.test.ts`,
    title: 'that is acknowledged, resolved and evaluated while its silence ends',
  },
  {
    name: 'zone',
    says: 'maintenance is by UTC, whatever zone it names',
    edit: { file: `${domain}/silenceWindow.ts`, find: "timeZone ?? 'UTC'", replace: "timeZone && 'UTC'" },
    suite: `${tests}/silenceWindow.test.ts`,
    title: 'begins at the same time of day on both sides of the change to winter time',
  },
  {
    name: 'summer',
    says: 'maintenance comes again after whole days of 24 hours',
    edit: {
      file: `${domain}/silenceWindow.ts`,
      find: "    rruleString: rrule ?? '',",
      replace: "    rruleString: (rrule ?? '').replace('FREQ=WEEKLY;BYDAY=SU', 'FREQ=HOURLY;INTERVAL=168'),",
    },
    suite: `${tests}/silenceWindow.test.ts`,
    title: 'begins at the same time of day on both sides of the change to summer time',
  },
  {
    name: 'wait',
    says: 'a group is told at once, whoever comes behind',
    edit: {
      file: `${domain}/decideGroup.ts`,
      find: 'const first = newsAt + groupWaitMs;',
      replace: 'const first = newsAt;',
    },
    suite: `${tests}/decideGroup.test.ts`,
    title: 'is told once of what fires within its wait',
  },
  {
    name: 'stuck',
    says: 'a workspace that is stuck takes all lanes',
    edit: {
      file: `${domain}/Lanes.ts`,
      find: 'Math.max(1, this.lanes - this.share)',
      replace: 'this.lanes',
    },
    suite: `${tests}/rules.db.test.ts`,
    title: 'a workspace whose figures do not come',
  },
  {
    name: 'together',
    says: 'rules that are evaluated together are answered what any of them looks for',
    edit: {
      file: `${domain}/SharedQuestions.ts`,
      find: 'figures.filter(({ key }) => chosen.has(key))',
      replace: 'figures',
    },
    suite: `${tests}/sharedQuestions.test.ts`,
    title: 'are answered what they would be alone',
  },
  {
    name: 'poison',
    says: 'a rule that cannot be written takes the others of its batch with it',
    edit: {
      file: `${domain}/RuleEvaluator.ts`,
      find: 'together.length > 1 ? together : []',
      replace: 'together.length > 1 ? [] : []',
    },
    suite: `${tests}/batches.db.test.ts`,
    title: 'one that cannot be written does not keep the others',
  },
  {
    name: 'dear',
    says: 'a lane stays with a workspace until all of its rules are measured',
    edit: {
      file: `${domain}/RuleEvaluator.ts`,
      find: 'performance.now() - begun > batchMs',
      replace: 'performance.now() - begun > 60_000',
    },
    suite: `${tests}/batches.db.test.ts`,
    title: 'those that are dear leave the others',
  },
];
