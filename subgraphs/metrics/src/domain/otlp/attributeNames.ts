/**
 * What senders call things: for each field of a trace the names of attributes that may hold it, the first that is there wins; for each name
 * the span is looked at first, then its resource. GenAI's conventions of OpenTelemetry are still in development and have renamed things, so
 * old names stay beside new ones. A name that is new needs a line here and one in the test.
 */
export const attributeNames = {
  agent: [
    'tributary.agent',
    'gen_ai.agent.name',
    'agent.name',
    'gen_ai.workflow.name',
    'traceloop.workflow.name',
    'ai.telemetry.functionId',
    'service.name',
  ],
  operation: ['gen_ai.operation.name', 'ai.operationId'],
  model: [
    'gen_ai.response.model',
    'gen_ai.request.model',
    'llm.response.model_name',
    'llm.model_name',
    'embedding.model_name',
    'reranker.model_name',
    'ai.model.id',
  ],
  provider: ['gen_ai.provider.name', 'gen_ai.system', 'llm.provider', 'llm.system', 'ai.model.provider'],
  inputTokens: [
    'gen_ai.usage.input_tokens',
    'gen_ai.usage.prompt_tokens',
    'llm.token_count.prompt',
    'llm.usage.prompt_tokens',
    'ai.usage.inputTokens',
    'ai.usage.promptTokens',
  ],
  outputTokens: [
    'gen_ai.usage.output_tokens',
    'gen_ai.usage.completion_tokens',
    'llm.token_count.completion',
    'llm.usage.completion_tokens',
    'ai.usage.outputTokens',
    'ai.usage.completionTokens',
  ],
  cachedInputTokens: [
    'gen_ai.usage.cache_read.input_tokens',
    'gen_ai.usage.cache_read_input_tokens',
    'llm.token_count.prompt_details.cache_read',
    'ai.usage.cachedInputTokens',
  ],
  cacheWriteTokens: [
    'gen_ai.usage.cache_write.input_tokens',
    'gen_ai.usage.cache_creation.input_tokens',
    'gen_ai.usage.cache_creation_input_tokens',
    'llm.token_count.prompt_details.cache_write',
  ],
  costUsd: ['tributary.cost_usd', 'llm.cost.total', 'gen_ai.usage.cost'],
  sessionId: ['gen_ai.conversation.id', 'session.id'],
  userId: ['user.id', 'enduser.id'],
  version: ['gen_ai.agent.version', 'service.version'],
  environment: ['deployment.environment.name', 'deployment.environment'],
  department: ['tributary.department'],
  flowId: ['tributary.flow.id'],
  errorType: ['error.type'],
} as const satisfies Readonly<Record<string, readonly string[]>>;

export type MappedField = keyof typeof attributeNames;

/** Whose a span is: what it does not say of these, the spans above it say for it. */
export const ofRun: ReadonlySet<MappedField> = new Set([
  'agent',
  'version',
  'sessionId',
  'userId',
  'flowId',
  'department',
] as const);

/** Names of the program that sends, which stand in where nobody says more. */
export const ofService: ReadonlySet<string> = new Set(['service.name', 'service.version']);

/** Any one of these says that a span is work of an agent or a model. */
export const agentMarks: readonly string[] = [
  'gen_ai.operation.name',
  'openinference.span.kind',
  'tributary.agent',
  'gen_ai.provider.name',
  'gen_ai.system',
  'traceloop.span.kind',
  'llm.request.type',
  'ai.operationId',
];

/** What was said to models and by them, and what tools took and gave: the beginnings of names. Kept only where an operator wants it. */
export const contentNames: readonly string[] = [
  'gen_ai.input.messages',
  'gen_ai.output.messages',
  'gen_ai.system_instructions',
  'gen_ai.tool.call.arguments',
  'gen_ai.tool.call.result',
  'gen_ai.tool.definitions',
  'gen_ai.prompt',
  'gen_ai.completion',
  'gen_ai.retrieval.documents',
  'gen_ai.retrieval.query.text',
  'input.value',
  'output.value',
  'llm.input_messages',
  'llm.output_messages',
  'llm.prompts',
  'llm.prompt_template',
  'llm.tools',
  'llm.invocation_parameters',
  'embedding.embeddings',
  'embedding.text',
  'retrieval.documents',
  'reranker.input_documents',
  'reranker.output_documents',
  'reranker.query',
  'tool.parameters',
  'tool_call.function.arguments',
  'traceloop.entity.input',
  'traceloop.entity.output',
  'ai.prompt',
  'ai.response.text',
  'ai.response.object',
  'ai.response.reasoning',
  'ai.response.toolCalls',
  'ai.toolCall.args',
  'ai.toolCall.result',
  'ai.value',
  'ai.values',
  'ai.embedding',
  'ai.embeddings',
  'ai.schema',
];
