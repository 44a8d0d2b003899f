import type { WebSocket } from 'ws';

/** Pings a client, and drops one that has not answered by the next ping. Answers how to stop. */
export function keepAlive(socket: WebSocket, everyMs: number): () => void {
  let answered = true;
  const timer = setInterval(() => {
    if (!answered) {
      socket.terminate();
      return;
    }
    answered = false;
    socket.ping();
  }, everyMs);
  timer.unref();
  socket.on('pong', () => (answered = true));
  return () => clearInterval(timer);
}
