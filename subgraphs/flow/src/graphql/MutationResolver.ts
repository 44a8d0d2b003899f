import { Arg, Ctx, Mutation, Resolver } from 'type-graphql';
import { Allow } from '@tributary/server';
import type { GraphqlContext } from '@tributary/server';
import type { ApproveFieldMappings } from '../domain/discovery/ApproveFieldMappings.js';
import type { ControlFlow } from '../domain/flow/ControlFlow.js';
import type { RunnerFlows } from '../domain/runners/RunnerFlows.js';
import type { StartDiscovery } from '../domain/discovery/StartDiscovery.js';
import {
  ApproveFieldMappingsInput,
  CreateFlowInput,
  FlowActionInput,
  ReportFlowProgressInput,
  StartDiscoveryInput,
} from './inputs.js';
import {
  ApproveFieldMappingsPayload,
  CancelFlowPayload,
  CreateFlowPayload,
  PauseFlowPayload,
  ReportFlowProgressPayload,
  ResumeFlowPayload,
  RetryFlowPayload,
  StartDiscoveryPayload,
  toPayload,
} from './payloads.js';
import type { FlowPayload } from './payloads.js';

export interface FlowMutations {
  readonly discovery: StartDiscovery;
  readonly approval: ApproveFieldMappings;
  readonly control: ControlFlow;
  readonly runners: RunnerFlows;
}

@Resolver()
export class MutationResolver {
  constructor(private readonly mutations: FlowMutations) {}

  @Mutation(() => StartDiscoveryPayload, {
    nullable: true,
    description: 'Starts a discovery: a flow that turns a source into assets.',
  })
  @Allow('flow.start')
  async startDiscovery(
    @Arg('input', () => StartDiscoveryInput, { description: 'What to discover.' }) input: StartDiscoveryInput,
    @Ctx() context: GraphqlContext,
  ): Promise<FlowPayload> {
    return toPayload(await this.mutations.discovery.start(input, context), context);
  }

  @Mutation(() => ApproveFieldMappingsPayload, {
    nullable: true,
    description: 'Approves the field mappings of a discovery that waits for it, and lets it go on.',
  })
  @Allow('flow.approve')
  async approveFieldMappings(
    @Arg('input', () => ApproveFieldMappingsInput, { description: 'What was decided.' })
    input: ApproveFieldMappingsInput,
    @Ctx() context: GraphqlContext,
  ): Promise<FlowPayload> {
    return toPayload(await this.mutations.approval.approve(input, context), context);
  }

  @Mutation(() => PauseFlowPayload, { nullable: true, description: 'Stops a queued or running flow where it stands.' })
  @Allow('flow.control')
  async pauseFlow(
    @Arg('input', () => FlowActionInput, { description: 'Which.' }) input: FlowActionInput,
    @Ctx() context: GraphqlContext,
  ): Promise<FlowPayload> {
    return toPayload(await this.mutations.control.pause(input, context), context);
  }

  @Mutation(() => ResumeFlowPayload, { nullable: true, description: 'Lets a paused flow go on where it stands.' })
  @Allow('flow.control')
  async resumeFlow(
    @Arg('input', () => FlowActionInput, { description: 'Which.' }) input: FlowActionInput,
    @Ctx() context: GraphqlContext,
  ): Promise<FlowPayload> {
    return toPayload(await this.mutations.control.resume(input, context), context);
  }

  @Mutation(() => CancelFlowPayload, { nullable: true, description: 'Ends a flow for good. What it has found stays.' })
  @Allow('flow.control')
  async cancelFlow(
    @Arg('input', () => FlowActionInput, { description: 'Which.' }) input: FlowActionInput,
    @Ctx() context: GraphqlContext,
  ): Promise<FlowPayload> {
    return toPayload(await this.mutations.control.cancel(input, context), context);
  }

  @Mutation(() => RetryFlowPayload, {
    nullable: true,
    description: 'Takes a failed flow up again at the phase that failed, if its failure is retryable.',
  })
  @Allow('flow.control')
  async retryFlow(
    @Arg('input', () => FlowActionInput, { description: 'Which.' }) input: FlowActionInput,
    @Ctx() context: GraphqlContext,
  ): Promise<FlowPayload> {
    return toPayload(await this.mutations.control.retry(input, context), context);
  }

  @Mutation(() => CreateFlowPayload, {
    nullable: true,
    description: 'Creates a flow that a runner outside this product drives with reportFlowProgress.',
  })
  @Allow('flow.report')
  async createFlow(
    @Arg('input', () => CreateFlowInput, { description: 'What it is.' }) input: CreateFlowInput,
    @Ctx() context: GraphqlContext,
  ): Promise<FlowPayload> {
    return toPayload(await this.mutations.runners.create(input, context), context);
  }

  @Mutation(() => ReportFlowProgressPayload, {
    nullable: true,
    description:
      'Tells how a phase of an outside runner’s flow goes. A phase never goes back: an older report changes nothing and succeeds. On a paused flow the answer’s status tells the runner to stop; on an ended one it is RESOURCE_CONFLICT. Without a report for 15 minutes (a workspace setting) the flow fails with RUNNER_LOST.',
  })
  @Allow('flow.report')
  async reportFlowProgress(
    @Arg('input', () => ReportFlowProgressInput, { description: 'The report.' }) input: ReportFlowProgressInput,
    @Ctx() context: GraphqlContext,
  ): Promise<FlowPayload> {
    return toPayload(await this.mutations.runners.report(input, context), context);
  }
}
