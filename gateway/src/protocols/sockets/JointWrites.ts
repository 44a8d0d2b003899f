import type { Duplex } from 'node:stream';
import type { WebSocket } from 'ws';
import { NextFrames } from './NextFrames.js';

/** Where a client's messages are written. */
export interface ClientConnection {
  readonly socket: WebSocket;
  /** What the socket writes to. */
  readonly connection: Duplex;
}

/** A `next` message on its way to a client. */
interface HeldMessage extends ClientConnection {
  /** What is the client's own: id and type. */
  readonly head: Buffer;
  readonly payload: Buffer;
  readonly taken: () => void;
}

const nothing = Buffer.alloc(0);

/**
 * Hands the events of a turn of the event loop to the kernel at its end, in one go. In a fan-out that makes the work for each watcher
 * and the system calls two passes instead of thousands of changes between them.
 *
 * It writes past `ws`, which never has a frame of its own half written: nothing is compressed or sent in fragments.
 */
export class JointWrites {
  private held: HeldMessage[] = [];
  private readonly frames = new NextFrames();

  /** Calls `taken` when the connection has taken the message or is closed. Only then may that stream's next message be sent. */
  write(message: HeldMessage): void {
    if (this.held.push(message) === 1) process.nextTick(this.letGo);
  }

  private readonly letGo = (): void => {
    const { held } = this;
    this.held = [];
    for (const { socket, connection, head, payload, taken } of held) {
      if (socket.readyState !== socket.OPEN) {
        taken();
        continue;
      }
      connection.write(this.frames.of(head, payload));
      // Mostly the kernel has it by now: a callback for that would cost each client a turn of its own.
      if (connection.writableLength === 0) taken();
      else {
        this.frames.giveAway();
        connection.write(nothing, taken);
      }
    }
  };
}
