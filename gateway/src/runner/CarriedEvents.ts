import type { OperationRequest } from '../operations/OperationRequest.js';
import { InterruptibleEvents } from '../result/InterruptibleEvents.js';
import { StreamFailure, type ClientEvents, type EventSink, type FormattedResult } from '../result/operationOutcome.js';
import type { Runner, Succession } from './Runner.js';

export interface CarriedEventsOptions {
  readonly events: ClientEvents;
  /** What they come from. */
  readonly runner: Runner;
  readonly request: OperationRequest;
  readonly runners: Succession;
}

/**
 * The events of one client, over changes of the supergraph: when a newer one has taken over, the subscription is begun anew there, behind
 * the last event. Where it is not valid any more, the client is told so.
 */
export class CarriedEvents extends InterruptibleEvents<FormattedResult> implements ClientEvents {
  private events: ClientEvents;
  private runner: Runner;
  private isBegun = false;
  /** The cursor that these events were begun behind. */
  private behind: string | null = null;
  private ended = false;

  constructor(private readonly options: CarriedEventsOptions) {
    super();
    this.events = options.events;
    this.runner = options.runner;
  }

  get cursor(): string | null {
    return this.events.cursor ?? this.behind;
  }

  async follow(sink: EventSink): Promise<void> {
    await this.events.follow?.(sink);
  }

  async next(): Promise<IteratorResult<FormattedResult, void>> {
    for (;;) {
      try {
        const step = await this.events.next();
        this.isBegun = true;
        return step;
      } catch (error) {
        if (!(await this.isCarriedOver(error))) throw error;
      }
    }
  }

  async return(): Promise<IteratorResult<FormattedResult, void>> {
    this.ended = true;
    return this.events.return();
  }

  /** False: it ended for another reason, or cannot be resumed. Throws what the newer runner refuses. */
  private async isCarriedOver(error: unknown): Promise<boolean> {
    const { request, runners } = this.options;
    const { cursor } = this;
    const successor = runners.successorOf(this.runner);
    const isReplaced = error instanceof StreamFailure && error.cuts && successor !== null;
    if (!isReplaced || this.ended || (cursor === null && this.isBegun)) return false;
    const resumeFrom = cursor ?? request.resumeFrom ?? null;
    const outcome = await successor.run({ ...request, resumeFrom, isCarriedOver: true });
    if (outcome.kind !== 'stream')
      throw new StreamFailure((outcome.kind === 'refused' ? outcome.errors : outcome.result.errors) ?? []);
    this.events = outcome.events;
    this.runner = successor;
    this.behind = resumeFrom;
    if (this.ended) await this.events.return();
    return true;
  }
}
