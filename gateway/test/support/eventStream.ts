/** What came over a stream of HTTP, told from its frames. */
export interface StreamMessage {
  readonly id: string | null;
  /** `next`, `complete`, or `heartbeat`. */
  readonly type: string;
  readonly data: any;
}

const readers: Readonly<Record<string, (text: string) => { messages: StreamMessage[]; rest: string }>> = {
  'text/event-stream': (text) => {
    const frames = text.split('\n\n');
    const rest = frames.pop()!;
    return { messages: frames.map(readEvent), rest };
  },
  'multipart/mixed': (text) => {
    const messages: StreamMessage[] = [];
    let rest = text;
    for (let part = partPattern.exec(rest); part; part = partPattern.exec(rest)) {
      rest = rest.slice(part.index + part[0].length);
      if (part[1] === undefined) messages.push({ id: null, type: 'complete', data: null });
      else if (part[1] === '{}') messages.push({ id: null, type: 'heartbeat', data: null });
      else messages.push({ id: null, type: 'next', data: JSON.parse(part[1]) });
    }
    return { messages, rest };
  },
};

/** A part is one when its delimiter is there; that one begins the next. */
const partPattern = /--graphql(?:--\r\n|\r\ncontent-type: application\/json\r\n\r\n(.*)\r\n(?=--graphql))/;

function readEvent(frame: string): StreamMessage {
  const field = (name: string) => new RegExp(`^${name}: ?(.*)$`, 'm').exec(frame)?.[1] ?? null;
  const data = field('data');
  return { id: field('id'), type: field('event') ?? 'heartbeat', data: data ? JSON.parse(data) : null };
}

/** A stream over HTTP, read message by message. */
export class HttpStream {
  readonly received: StreamMessage[] = [];
  /** How it ended, once it has: with its last frame, or cut off. */
  ended: 'completed' | 'cut' | null = null;
  private readonly stopping = new AbortController();

  static async open(
    url: string,
    accept: string,
    request: { body?: unknown; search?: Record<string, string>; headers?: Record<string, string> },
  ): Promise<HttpStream> {
    const stream = new HttpStream();
    const response = await fetch(`${url}${request.search ? `?${new URLSearchParams(request.search)}` : ''}`, {
      method: request.body === undefined ? 'GET' : 'POST',
      headers: {
        ...(request.headers?.['x-api-key'] === undefined ? { authorization: 'Bearer good' } : {}),
        accept,
        ...(request.body === undefined ? {} : { 'content-type': 'application/json' }),
        ...request.headers,
      },
      ...(request.body === undefined ? {} : { body: JSON.stringify(request.body) }),
      signal: stream.stopping.signal,
    });
    void stream.read(response);
    return stream;
  }

  stop(): void {
    this.stopping.abort();
  }

  get events(): StreamMessage[] {
    return this.received.filter(({ type }) => type === 'next');
  }

  private async read(response: Response): Promise<void> {
    const type = response.headers.get('content-type')!.split(';', 1)[0]!;
    let text = '';
    try {
      for await (const chunk of response.body!.pipeThrough(new TextDecoderStream())) {
        text += chunk;
        const { messages, rest } = readers[type]!(text);
        text = rest;
        this.received.push(...messages);
      }
      this.ended = 'completed';
    } catch {
      this.ended = 'cut';
    }
  }
}

export const eventStream = 'text/event-stream';
export const multipart = 'multipart/mixed;boundary=graphql;subscriptionSpec=1.0,application/json';
