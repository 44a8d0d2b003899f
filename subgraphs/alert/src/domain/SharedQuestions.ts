import type { Readable } from 'node:stream';
import type { CommandClient } from '@tributary/commands';
import { slidingFiguresCommand } from '@tributary/contracts/commands';
import type { Command, InputOf, WindowFigure } from '@tributary/contracts/commands';
import { isCodedError } from '@tributary/contracts/errors';
import type { RequestContext } from '@tributary/kernel';
import { isBeyond } from './alertMachine.js';

type Question = InputOf<typeof slidingFiguresCommand>;
type Key = string | null;

interface Waiting {
  readonly question: Question;
  readonly context: RequestContext;
  readonly answer: (figures: readonly WindowFigure[]) => void;
  readonly refuse: (error: unknown) => void;
}

/** Keys that one question names at most. */
const mostKeys = 10_000;

/**
 * Questions of rules of one workspace that are evaluated together. The same question is put once; figures that differ in nothing but the
 * condition and the groups that are asked for are computed once, and each rule is answered what it would be alone. What fails together is
 * asked one by one, so that no rule suffers from another.
 */
export class SharedQuestions implements CommandClient {
  private readonly asked = new Map<string, Promise<unknown>>();
  private waiting: Waiting[] = [];

  constructor(private readonly commands: CommandClient) {}

  call<Input, Output>(command: Command<Input, Output>, input: Input, context: RequestContext): Promise<Output> {
    if (command.name === slidingFiguresCommand.name) return this.slide(input as Question, context) as Promise<Output>;
    const key = `${command.subgraph} ${command.name} ${JSON.stringify(input)}`;
    let answer = this.asked.get(key) as Promise<Output> | undefined;
    if (!answer) this.asked.set(key, (answer = this.commands.call(command, input, context)));
    return answer;
  }

  stream<Input, Output>(
    command: Command<Input, Output>,
    input: Input,
    body: Readable,
    context: RequestContext,
  ): Promise<Output> {
    return this.commands.stream(command, input, body, context);
  }

  /** Waits for what else is asked in this turn of the event loop. */
  private slide(question: Question, context: RequestContext): Promise<readonly WindowFigure[]> {
    return new Promise((answer, refuse) => {
      if (this.waiting.length === 0) setImmediate(() => this.askWaiting());
      this.waiting.push({ question, context, answer, refuse });
    });
  }

  private askWaiting(): void {
    const alike = Map.groupBy(this.waiting, ({ question }) => figuresOf(question));
    this.waiting = [];
    for (const group of alike.values()) void this.askTogether(group);
  }

  private async askTogether(group: readonly Waiting[]): Promise<void> {
    const keys = new Set(group.flatMap(({ question }) => question.keys ?? []));
    if (group.length === 1 || keys.size > mostKeys) return this.askOneByOne(group);
    const question = { ...group[0]!.question, condition: loosest(group), keys: group[0]!.question.keys && [...keys] };
    try {
      const figures = await this.commands.call(slidingFiguresCommand, question, group[0]!.context);
      for (const { question: own, answer } of group) answer(chosenBy(own, figures));
    } catch (error) {
      // Together it was too much: alone it may not be.
      if (isCodedError(error) && error.code === 'INVALID_INPUT') return this.askOneByOne(group);
      for (const { refuse } of group) refuse(error);
    }
  }

  private async askOneByOne(group: readonly Waiting[]): Promise<void> {
    for (const { question, context, answer, refuse } of group) {
      try {
        answer(await this.commands.call(slidingFiguresCommand, question, context));
      } catch (error) {
        refuse(error);
      }
    }
  }
}

/** What figures a question is about; of those, its condition and keys choose. */
function figuresOf({ condition, keys, ...figures }: Question): string {
  return JSON.stringify([figures, condition?.comparison ?? null, keys === null || keys === undefined]);
}

function loosest(group: readonly Waiting[]): Question['condition'] {
  const conditions = group.flatMap(({ question }) => question.condition ?? []);
  const [first] = conditions;
  if (!first) return null;
  const thresholds = conditions.map(({ threshold }) => threshold);
  return { ...first, threshold: first.comparison === 'ABOVE' ? Math.min(...thresholds) : Math.max(...thresholds) };
}

/** A group is answered whole when it is asked for or meets the condition in one window; with neither condition nor keys, all are. */
function chosenBy({ groupBy, condition, keys }: Question, figures: readonly WindowFigure[]): readonly WindowFigure[] {
  if (groupBy === null || (!condition && !keys)) return figures;
  const chosen = new Set<Key>(keys);
  for (const { key, value } of figures)
    if (condition && isBeyond(condition.comparison, condition.threshold, value)) chosen.add(key);
  return figures.filter(({ key }) => chosen.has(key));
}
