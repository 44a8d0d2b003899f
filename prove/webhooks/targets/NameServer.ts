import { createSocket, type Socket } from 'node:dgram';
import { isIPv4 } from 'node:net';

const types = { a: 1, aaaa: 28 };

/** Answers for names as it is told, each time with the next of their answers, which nobody may keep. */
export class NameServer implements Disposable {
  readonly asked = new Map<string, number>();
  readonly #socket: Socket;

  private constructor(names: ReadonlyMap<string, readonly (readonly string[])[]>) {
    this.#socket = createSocket('udp4', (question, from) => {
      const { name, type, end } = readQuestion(question);
      const answers = names.get(name);
      // IPv4 and IPv6 are asked for side by side, and are one question.
      const turn = Math.floor((this.asked.get(name) ?? 0) / 2);
      this.asked.set(name, (this.asked.get(name) ?? 0) + 1);
      const addresses = (answers?.[Math.min(turn, answers.length - 1)] ?? []).filter(
        (address) => type === (isIPv4(address) ? types.a : types.aaaa),
      );
      const header = Buffer.from(question.subarray(0, 12));
      header.writeUInt16BE(answers ? 0x8580 : 0x8583, 2);
      header.writeUInt16BE(addresses.length, 6);
      header.writeUInt32BE(0, 8);
      const records = addresses.map((address) => {
        const bytes = bytesOf(address);
        const record = Buffer.alloc(12);
        record.writeUInt16BE(0xc00c, 0);
        record.writeUInt16BE(type, 2);
        record.writeUInt16BE(1, 4);
        record.writeUInt16BE(bytes.length, 10);
        return Buffer.concat([record, bytes]);
      });
      this.#socket.send(Buffer.concat([header, question.subarray(12, end), ...records]), from.port, from.address);
    });
  }

  static async start(names: ReadonlyMap<string, readonly (readonly string[])[]>, port: number): Promise<NameServer> {
    const server = new NameServer(names);
    await new Promise<void>((resolve) => server.#socket.bind(port, '127.0.0.1', resolve));
    return server;
  }

  [Symbol.dispose](): void {
    this.#socket.close();
  }
}

function readQuestion(message: Buffer): { readonly name: string; readonly type: number; readonly end: number } {
  const labels: string[] = [];
  let at = 12;
  for (let length = message[at]!; length > 0; length = message[at]!) {
    labels.push(
      message
        .subarray(at + 1, at + 1 + length)
        .toString('latin1')
        .toLowerCase(),
    );
    at += 1 + length;
  }
  return { name: labels.join('.'), type: message.readUInt16BE(at + 1), end: at + 5 };
}

function bytesOf(address: string): Buffer {
  if (isIPv4(address)) return Buffer.from(address.split('.').map(Number));
  // The URL standard writes IPv4 within IPv6 as numbers of it.
  const [front = '', back] = new URL(`http://[${address}]`).hostname.slice(1, -1).split('::');
  const groups = (text: string) => text.split(':').filter((group) => group !== '');
  const [before, after] = [groups(front), groups(back ?? '')];
  const all = [...before, ...Array.from({ length: 8 - before.length - after.length }, () => '0'), ...after];
  return Buffer.from(all.map((group) => group.padStart(4, '0')).join(''), 'hex');
}
