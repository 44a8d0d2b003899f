import { lateMinutesCommand } from '@tributary/contracts/commands';
import type { LateMinutes } from '@tributary/contracts/commands';
import type { CommandClient } from '@tributary/commands';
import type { RequestContext } from '@tributary/kernel';

/** Answers of many batches that are asked for at most. */
const mostAnswers = 20;

/** Everything that came late behind a batch. `after` null: only which batch is the last. */
export async function readLate(
  commands: CommandClient,
  context: RequestContext,
  after: number | null,
): Promise<LateMinutes> {
  let late = await commands.call(lateMinutesCommand, { after }, context);
  for (let asked = 1; late.hasMore && asked < mostAnswers; asked += 1) {
    const more = await commands.call(lateMinutesCommand, { after: late.last }, context);
    late = { ...more, started: [...late.started, ...more.started], ended: [...late.ended, ...more.ended] };
  }
  return late;
}
