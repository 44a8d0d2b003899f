import { describe, expect, test } from '@jest/globals';
import { CommandRegistry, LocalCommandClient } from '@tributary/commands';
import { lateMinutesCommand, slidingFiguresCommand } from '@tributary/contracts/commands';
import type { InputOf } from '@tributary/contracts/commands';
import { CodedError } from '@tributary/contracts/errors';
import { systemPrincipal } from '@tributary/contracts/principal';
import { Deadline, newUuid } from '@tributary/kernel';
import { SharedQuestions } from '../src/domain/SharedQuestions.js';

type Question = InputOf<typeof slidingFiguresCommand>;

const values: Record<string, number> = { calm: 1, busy: 5, wild: 9 };
const context = {
  principal: systemPrincipal(newUuid(), 'alert.rules'),
  requestId: newUuid(),
  deadline: Deadline.in(60_000),
};
const question: Question = {
  metric: 'ERRORS',
  groupBy: 'AGENT',
  scope: null,
  timeBasis: 'ENDED',
  condition: { comparison: 'ABOVE', threshold: 4 },
  keys: [],
  firstEnd: new Date(0),
  count: 2,
  stepMs: 60_000,
  windowMs: 60_000,
};

/** What metrics answers: of each group that meets the condition in the first window, or is asked for, both windows. */
function world(refuse: (asked: Question) => Error | null = () => null) {
  const asked: Question[] = [];
  let late = 0;
  const registry = new CommandRegistry()
    .register(slidingFiguresCommand, async (input) => {
      asked.push(input);
      const error = refuse(input);
      if (error) throw error;
      const { condition, keys } = input;
      const isMet = (value: number) =>
        condition
          ? condition.comparison === 'ABOVE'
            ? value > condition.threshold
            : value < condition.threshold
          : false;
      const groups = Object.entries(values).filter(([key, value]) => keys?.includes(key) || isMet(value));
      return groups.flatMap(([key, value]) => [
        { key, index: 0, value },
        { key, index: 1, value: 0 },
      ]);
    })
    .register(lateMinutesCommand, async ({ after }) => {
      late += 1;
      return { last: after ?? 0, hasMore: false, isIncomplete: false, started: [], ended: [] };
    });
  const questions = new SharedQuestions(new LocalCommandClient(registry));
  const ask = async (change: Partial<Question>) => {
    const found = await questions.call(slidingFiguresCommand, { ...question, ...change }, context);
    return found.map(({ key, index, value }) => `${key} ${index} ${value}`);
  };
  return { asked, questions, ask, late: () => late };
}

const above = (threshold: number) => ({ comparison: 'ABOVE', threshold }) as const;

describe('rules that look at the same figures', () => {
  test('are answered what they would be alone, by one question', async () => {
    const changes: Partial<Question>[] = [
      { condition: above(4) },
      { condition: above(8) },
      { condition: above(8), keys: ['calm'] },
      { condition: above(100) },
      { condition: null, keys: ['wild', 'gone'] },
      { condition: { comparison: 'BELOW', threshold: 1 } },
    ];
    const together = world();
    const answers = await Promise.all(changes.map((change) => together.ask(change)));
    // Conditions on the other side, and none, are questions of their own.
    expect(together.asked).toMatchObject([
      { condition: above(4), keys: ['calm'] },
      { condition: null, keys: ['wild', 'gone'] },
      { condition: { comparison: 'BELOW', threshold: 1 }, keys: [] },
    ]);
    const alone = world();
    const each: string[][] = [];
    for (const change of changes) each.push(await alone.ask(change));
    expect(alone.asked).toHaveLength(changes.length);
    expect(each[1]).toEqual(['wild 0 9', 'wild 1 0']);
    // The last window of the first question’s groups is below 1 as well: what the other side asks for stays apart.
    expect(answers).toEqual(each);
  });

  test('are asked for one by one when together they are too much', async () => {
    const { asked, ask } = world(({ condition }) =>
      condition && condition.threshold < 2 ? new CodedError('INVALID_INPUT', 'These are too many groups.') : null,
    );
    const answers = await Promise.allSettled([1, 4, 8].map((threshold) => ask({ condition: above(threshold) })));
    expect(answers).toMatchObject([
      { status: 'rejected', reason: { code: 'INVALID_INPUT' } },
      { status: 'fulfilled', value: ['busy 0 5', 'busy 1 0', 'wild 0 9', 'wild 1 0'] },
      { status: 'fulfilled', value: ['wild 0 9', 'wild 1 0'] },
    ]);
    expect(asked).toHaveLength(4);
  });

  test('that measure other things do not share an answer', async () => {
    const { asked, ask } = world();
    await Promise.all(
      [{}, { windowMs: 90_000 }, { scope: { agent: ['busy'] } }, { groupBy: 'MODEL' as const }].map(ask),
    );
    expect(asked).toHaveLength(4);
  });

  test('are told together when no answer comes', async () => {
    const { asked, ask } = world(() => new Error('no answer'));
    const answers = await Promise.allSettled([ask({}), ask({ keys: ['calm'] })]);
    expect(answers.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    expect(asked).toHaveLength(1);
  });

  test('ask once what came late', async () => {
    const { questions, late } = world();
    const ask = (after: number) => questions.call(lateMinutesCommand, { after }, context);
    expect(await Promise.all([ask(3), ask(3), ask(4)])).toMatchObject([{ last: 3 }, { last: 3 }, { last: 4 }]);
    expect(late()).toBe(2);
  });
});
