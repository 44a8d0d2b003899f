import type { TraceKind } from '@tributary/contracts/values';
import type { Attributes } from './Span.js';

/** What the values of an attribute say of a span, lower case. The first attribute with a value that is known decides. */
export const kindsByAttribute: Readonly<Record<string, Readonly<Record<string, TraceKind>>>> = {
  'gen_ai.operation.name': {
    chat: 'MODEL',
    generate_content: 'MODEL',
    text_completion: 'MODEL',
    completion: 'MODEL',
    embeddings: 'MODEL',
    embedding: 'MODEL',
    invoke_agent: 'RUN',
    invoke_workflow: 'RUN',
    create_agent: 'RUN',
    execute_tool: 'TOOL',
    retrieval: 'TOOL',
  },
  'openinference.span.kind': {
    llm: 'MODEL',
    embedding: 'MODEL',
    agent: 'RUN',
    chain: 'RUN',
    tool: 'TOOL',
    retriever: 'TOOL',
    reranker: 'TOOL',
  },
  'llm.request.type': { chat: 'MODEL', completion: 'MODEL', embedding: 'MODEL', rerank: 'TOOL' },
  'traceloop.span.kind': { workflow: 'RUN', task: 'RUN', agent: 'RUN', tool: 'TOOL' },
  'ai.operationId': {
    'ai.generatetext': 'RUN',
    'ai.streamtext': 'RUN',
    'ai.generateobject': 'RUN',
    'ai.streamobject': 'RUN',
    'ai.embed': 'RUN',
    'ai.embedmany': 'RUN',
    'ai.generatetext.dogenerate': 'MODEL',
    'ai.streamtext.dostream': 'MODEL',
    'ai.generateobject.dogenerate': 'MODEL',
    'ai.streamobject.dostream': 'MODEL',
    'ai.embed.doembed': 'MODEL',
    'ai.embedmany.doembed': 'MODEL',
    'ai.toolcall': 'TOOL',
  },
};

/** Whether a span is a whole run, one call of a model or one use of a tool. OTHER when nothing says so. */
export function spanKind(attributes: Attributes): TraceKind {
  for (const [name, kinds] of Object.entries(kindsByAttribute)) {
    const value = attributes.get(name);
    const kind = typeof value === 'string' ? kinds[value.toLowerCase()] : undefined;
    if (kind) return kind;
  }
  return 'OTHER';
}
