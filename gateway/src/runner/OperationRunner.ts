import { withSpan } from '@tributary/observability';
import { execute, OperationTypeNode, type ExecutionResult } from 'graphql';
import type { CallerBudgets } from '../callers/CallerBudgets.js';
import { formatRequestErrors } from '../result/formatError.js';
import { formatResult } from '../result/formatResult.js';
import { measuredOutcome, operationSeconds } from './operationMetrics.js';
import type { OperationOutcome } from '../result/operationOutcome.js';
import type { PreparedOperation } from '../upstream/PreparedOperation.js';
import { OperationLog } from './OperationLog.js';
import { OperationPreparer, type OperationPreparerOptions } from './OperationPreparer.js';
import { signedOutAnswer } from '../operations/rules/signedOutAnswer.js';
import type { OperationRequest } from '../operations/OperationRequest.js';
import type { Runner } from './Runner.js';
import { Subscriptions, type SubscriptionsOptions } from '../streams/Subscriptions.js';

export interface OperationRunnerOptions extends OperationPreparerOptions, SubscriptionsOptions {
  readonly budgets: CallerBudgets;
}

/** One way for every operation, whatever protocol brought it: prepare it, let its caller pay, execute, format. */
export class OperationRunner implements Runner {
  private readonly preparer: OperationPreparer;
  private readonly subscriptions: Subscriptions;
  private readonly log: OperationLog;
  private inFlight = 0;
  private idle: (() => void)[] = [];

  constructor(private readonly options: OperationRunnerOptions) {
    this.preparer = new OperationPreparer(options);
    this.subscriptions = new Subscriptions(options);
    this.log = new OperationLog(options.logger, options.settings.loggedShare);
  }

  /** Never throws. */
  async run(request: OperationRequest): Promise<OperationOutcome> {
    this.inFlight += 1;
    const started = performance.now();
    let prepared: PreparedOperation | null = null;
    let outcome: OperationOutcome;
    try {
      prepared = await this.prepare(request);
      outcome = await this.execute(prepared, request);
    } catch (error) {
      outcome = this.refuse(error, request);
    } finally {
      this.inFlight -= 1;
      if (this.inFlight === 0) for (const resolve of this.idle.splice(0)) resolve();
    }
    const tookMs = performance.now() - started;
    operationSeconds.observe(
      { operation: prepared?.operation.operation ?? 'none', outcome: measuredOutcome(outcome) },
      tookMs / 1000,
    );
    this.log.note(request, prepared, outcome, tookMs);
    return outcome;
  }

  /** Resolves when no query or mutation is being executed. */
  whenIdle(): Promise<void> {
    return this.inFlight === 0 ? Promise.resolve() : new Promise((resolve) => this.idle.push(resolve));
  }

  /** Ends every subscription with a code that tells its client to come back with its cursor. */
  endStreams(): Promise<void> {
    return this.subscriptions.end();
  }

  private async prepare(request: OperationRequest): Promise<PreparedOperation> {
    await this.preparer.turnFor(request.params);
    const principal = request.caller.identity?.principal;
    if (!principal || request.isCarriedOver) return this.preparer.prepare(request);
    return this.options.budgets.paidFor(principal, () => this.preparer.prepare(request), request.onBudgetStates);
  }

  private async execute(prepared: PreparedOperation, request: OperationRequest): Promise<OperationOutcome> {
    const { operation, known, context } = prepared;
    const refused = context.principal ? null : signedOutAnswer(known, this.options.graph.schema, context.refusal);
    if (refused) return { kind: 'result', result: formatResult(refused, context) };
    if (operation.operation === OperationTypeNode.SUBSCRIPTION) return this.subscriptions.open(prepared, request);
    const result = await withSpan(
      `graphql ${operation.name?.value ?? operation.operation}`,
      { 'tributary.request': context.requestId },
      () => this.answer(prepared),
    );
    return { kind: 'result', result: formatResult(result, context) };
  }

  private async answer(prepared: PreparedOperation): Promise<ExecutionResult> {
    const { engine } = this.options;
    if (!prepared.known.isIntrospection) return engine.execute(prepared);
    // No subgraph knows the whole schema.
    const { document, operationName, variables } = prepared;
    return execute({ schema: engine.schema, document, operationName, variableValues: variables });
  }

  private refuse(error: unknown, { requestId }: OperationRequest): OperationOutcome {
    const { logger, settings } = this.options;
    const errors = formatRequestErrors(error, { requestId, logger }, settings.suggestions);
    return { kind: 'refused', errors, cause: error };
  }
}
