import type { Duplex } from 'node:stream';
import type { WebSocket } from 'ws';

/** A frame on its way to a client. */
interface HeldFrame {
  readonly socket: WebSocket;
  /** What the socket writes to. */
  readonly connection: Duplex;
  readonly frame: Buffer;
  readonly taken: () => void;
}

/**
 * Hands what is written in a turn of the event loop to the kernel at its end, in one go. In a fan-out that makes the work for each watcher
 * and the system calls two passes instead of thousands of changes between them.
 *
 * It writes past `ws`, which never has a frame of its own half written: nothing is compressed or sent in fragments.
 */
export class JointWrites {
  private held: HeldFrame[] = [];

  /** Calls `taken` when the connection has taken the frame or is closed. Only then may that stream's next message be sent. */
  write(socket: WebSocket, connection: Duplex, frame: Buffer, taken: () => void): void {
    if (this.held.push({ socket, connection, frame, taken }) === 1) process.nextTick(this.letGo);
  }

  private readonly letGo = (): void => {
    const { held } = this;
    this.held = [];
    for (const { socket, connection, frame, taken } of held) {
      if (socket.readyState === socket.OPEN) connection.write(frame, taken);
      else taken();
    }
  };
}
