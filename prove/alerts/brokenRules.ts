import type { CommandClient } from '@tributary/commands';
import type { LateMinutes } from '@tributary/contracts/commands';
import type { LiveRulesOptions } from './LiveRules.ts';

/** Rules at work with one thing taken away. Their previews must be found to say something else. */
export interface BrokenRules {
  readonly name: string;
  readonly options: LiveRulesOptions;
  /** Repair evaluates ticks that were missed, too: without it, and where nothing comes late, it is seen that they are made up for. */
  readonly isPunctual: boolean;
}

export const withoutRepair: LiveRulesOptions = { evaluatorsAsk: withoutLateMinutes };

export const brokenRules: readonly BrokenRules[] = [
  { name: 'without repair of late data', options: withoutRepair, isPunctual: false },
  { name: 'without ticks that were missed', options: { ...withoutRepair, catchUpTicks: 1 }, isPunctual: true },
  { name: 'with windows by when runs began', options: { evaluatorsAsk: byWhenRunsBegan }, isPunctual: false },
];

function withoutLateMinutes(commands: CommandClient): CommandClient {
  const nothing: LateMinutes = { last: 0, hasMore: false, isIncomplete: false, started: [], ended: [] };
  return changed(commands, 'lateMinutes', async () => nothing);
}

function byWhenRunsBegan(commands: CommandClient): CommandClient {
  return changed(commands, 'slidingFigures', (input, ask) => ask({ ...input, timeBasis: 'STARTED' }));
}

type Answer = (input: object, ask: (input: object) => Promise<unknown>) => Promise<unknown>;

/** The same commands, but for one of them. */
function changed(commands: CommandClient, name: string, answer: Answer): CommandClient {
  return {
    stream: commands.stream.bind(commands),
    call: (command, input, context) =>
      command.name === name
        ? (answer(input as object, (other) => commands.call(command, other as typeof input, context)) as never)
        : commands.call(command, input, context),
  };
}
