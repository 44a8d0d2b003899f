import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

/** Tokens that each call is said to have used. */
export const usageOfCall = { input: 11, output: 7 } as const;

const text = 'Fine.';

/** Answers as OpenAI's API does, to chat completions and to responses: so that libraries make the spans they make of a model. */
export class StubModel implements AsyncDisposable {
  private readonly server: Server;

  private constructor() {
    this.server = createServer((request, response) => {
      request.resume();
      request.once('end', () => {
        response.setHeader('content-type', 'application/json');
        response.end(JSON.stringify(request.url?.endsWith('/responses') ? ofResponses() : ofChat()));
      });
    });
  }

  static async start(): Promise<StubModel> {
    const stub = new StubModel();
    await new Promise<void>((resolve) => stub.server.listen(0, '127.0.0.1', resolve));
    return stub;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}/v1`;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }
}

function ofChat(): object {
  return {
    id: 'chatcmpl-1',
    object: 'chat.completion',
    created: 1_772_323_200,
    model: 'gpt-4o-2024-08-06',
    choices: [{ index: 0, finish_reason: 'stop', message: { role: 'assistant', content: text } }],
    usage: {
      prompt_tokens: usageOfCall.input,
      completion_tokens: usageOfCall.output,
      total_tokens: usageOfCall.input + usageOfCall.output,
    },
  };
}

function ofResponses(): object {
  return {
    id: 'resp_1',
    object: 'response',
    created_at: 1_772_323_200,
    status: 'completed',
    model: 'gpt-4o-2024-08-06',
    output: [
      {
        type: 'message',
        id: 'msg_1',
        status: 'completed',
        role: 'assistant',
        content: [{ type: 'output_text', text, annotations: [] }],
      },
    ],
    usage: {
      input_tokens: usageOfCall.input,
      input_tokens_details: { cached_tokens: 0 },
      output_tokens: usageOfCall.output,
      output_tokens_details: { reasoning_tokens: 0 },
      total_tokens: usageOfCall.input + usageOfCall.output,
    },
  };
}
