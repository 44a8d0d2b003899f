import type { OperationRequest } from '../operations/OperationRequest.js';
import type { OperationOutcome } from '../result/operationOutcome.js';
import { CarriedEvents } from './CarriedEvents.js';
import type { Runner, Succession } from './Runner.js';

/** The runner over the newest supergraph. Clients notice nothing of a change: subscriptions go on over the new one behind their last event. */
export class CurrentRunner implements Runner, Succession {
  constructor(private newest: Runner) {}

  async run(request: OperationRequest): Promise<OperationOutcome> {
    const runner = this.newest;
    const outcome = await runner.run(request);
    if (outcome.kind !== 'stream') return outcome;
    return { kind: 'stream', events: new CarriedEvents({ events: outcome.events, runner, request, runners: this }) };
  }

  successorOf(runner: Runner): Runner | null {
    return runner === this.newest ? null : this.newest;
  }

  /** Takes a new one for all that comes. Resolves when nothing runs over the one before. */
  async replaceBy(next: Runner): Promise<void> {
    const before = this.newest;
    this.newest = next;
    await Promise.all([before.endStreams(), before.whenIdle()]);
  }

  whenIdle(): Promise<void> {
    return this.newest.whenIdle();
  }

  endStreams(): Promise<void> {
    return this.newest.endStreams();
  }
}
