import { Sender } from 'ws';

declare module 'ws' {
  /** Part of the package, which its types leave out. */
  class Sender {
    /** The pieces of a frame, in the order in which they are sent: its header, then `data` as it is. */
    static frame(data: Buffer, options: { fin: boolean; opcode: number; readOnly: boolean }): Buffer[];
  }
}

const text = { fin: true, opcode: 1, readOnly: true };
/** Of the frame of a server, in bytes. */
const longestHeader = 10;
const closingBrace = 0x7d;

/**
 * Frames the `next` messages of an event for one client after the other, in one buffer: the payload stays where it is, and each
 * client's head is written in front of it. So thousands of clients cost neither memory nor a copy each.
 */
export class NextFrames {
  private payload: Buffer | null = null;
  private buffer = Buffer.alloc(0);
  private payloadAt = 0;
  private headLength = -1;
  private frame = this.buffer;

  /** The whole text frame of `head`, `payload` and a closing brace. It lasts until the next call, unless it is given away. */
  of(head: Buffer, payload: Buffer): Buffer {
    if (payload !== this.payload || head.length + longestHeader > this.payloadAt) this.begin(payload, head.length);
    if (head.length !== this.headLength) this.fit(head.length);
    this.buffer.set(head, this.payloadAt - head.length);
    return this.frame;
  }

  /** Leaves the last frame to whoever has it: the next one is made elsewhere. */
  giveAway(): void {
    this.payload = null;
  }

  private begin(payload: Buffer, headLength: number): void {
    this.payload = payload;
    this.payloadAt = longestHeader + headLength;
    // Of its own: a frame that waits for its connection keeps no more than itself.
    this.buffer = Buffer.allocUnsafeSlow(this.payloadAt + payload.length + 1);
    this.buffer.set(payload, this.payloadAt);
    this.buffer[this.payloadAt + payload.length] = closingBrace;
    this.headLength = -1;
  }

  private fit(headLength: number): void {
    const headAt = this.payloadAt - headLength;
    const header = Sender.frame(this.buffer.subarray(headAt), text)[0]!;
    this.buffer.set(header, headAt - header.length);
    this.frame = this.buffer.subarray(headAt - header.length);
    this.headLength = headLength;
  }
}
