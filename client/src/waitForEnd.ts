import { hasEnded } from './events.js';
import type { Flow, FlowEvent } from './events.js';
import { TributaryError } from './TributaryError.js';

/** Reads the events of a flow, from its state now on, until it has ended. `follow` may be called again. */
export async function waitForEnd(follow: () => AsyncIterable<FlowEvent>, signal?: AbortSignal): Promise<Flow> {
  for (;;) {
    let begunAnew = false;
    for await (const event of follow()) {
      // The flow is as of delivery: when one that failed was started again meanwhile, it has not ended.
      if (event.flow && hasEnded(event.flow.status)) return event.flow;
      // The flow could not be had with the event that should be the last: a new snapshot brings it.
      if (!event.flow && hasEnded(event.status)) {
        begunAnew = true;
        break;
      }
    }
    signal?.throwIfAborted();
    if (!begunAnew) throw new TributaryError('CLIENT_CLOSED', 'This client was closed before the flow had ended.');
  }
}
