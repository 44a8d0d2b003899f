/** What is needed of a WebSocket: the browsers' own, Node's own, or that of `ws`. */
export interface WebSocketLike {
  readonly readyState: number;
  onopen: unknown;
  onmessage: unknown;
  onerror: unknown;
  onclose: unknown;
  send(data: string): void;
  close(code?: number, reason?: string): void;
  addEventListener(type: 'error', listener: () => void): void;
}

export interface WebSocketClass {
  new (url: string, protocols?: string | string[]): WebSocketLike;
  readonly CONNECTING: number;
  readonly OPEN: number;
  readonly CLOSING: number;
  readonly CLOSED: number;
}

/** A WebSocket class whose newest instance can be had, and which lets no older one live on beside it. */
export interface OneSocket {
  readonly implementation: WebSocketClass;
  readonly current: WebSocketLike | null;
}

export function oneSocket(base: WebSocketClass): OneSocket {
  let current: WebSocketLike | null = null;
  class OnlySocket extends base {
    constructor(url: string, protocols?: string | string[]) {
      super(url, protocols);
      replaceBy(this);
    }
  }
  function replaceBy(socket: WebSocketLike): void {
    // One that was given up (no answer, a broken frame) may still be open, and its late close would be taken for this one's.
    if (current) silence(current);
    current = socket;
    // `ws` throws the error of a socket that is closed before it is open at whoever runs, unless somebody listens.
    socket.addEventListener('error', () => undefined);
  }
  return {
    implementation: OnlySocket,
    get current() {
      return current;
    },
  };
}

function silence(socket: WebSocketLike): void {
  socket.onopen = socket.onmessage = socket.onerror = socket.onclose = null;
  socket.close();
}
