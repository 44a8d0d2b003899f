import { createRequire } from 'node:module';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { once } from 'node:events';
import { describe, expect, test } from '@jest/globals';
import { WebSocket, WebSocketServer } from 'ws';
import { NextFrames } from '../src/protocols/sockets/NextFrames.js';

// NextFrames stands on parts of ws that its types leave out. Whoever raises ws looks here first: is all of this still so?
const { version } = createRequire(import.meta.url)('ws/package.json') as { version: string };

describe(`ws ${version}, past which frames are written`, () => {
  test('is the version of which the following is known; another one may have moved it', () => {
    expect(version).toBe('8.23.0');
  });

  test.each([0, 1, 100, 125 - 13, 126, 65_535 - 13, 65_536, 200_000])(
    'a payload of %i bytes reaches a client as it was, for one client after the other, between messages of ws',
    async (length) => {
      const http = createServer();
      const server = new WebSocketServer({ server: http, perMessageDeflate: false });
      const sender = new Promise<{ socket: WebSocket; raw: NodeJS.WritableStream }>((resolve) =>
        server.once('connection', (socket, request) => resolve({ socket, raw: request.socket })),
      );
      http.listen(0, '127.0.0.1');
      await once(http, 'listening');
      const client = new WebSocket(`ws://127.0.0.1:${(http.address() as AddressInfo).port}`);
      const heard: string[] = [];
      client.on('message', (data: Buffer) => heard.push(data.toString()));
      await once(client, 'open');
      const { socket, raw } = await sender;

      const frames = new NextFrames();
      const payload = Buffer.from('x'.repeat(length));
      const heads = [Buffer.from('{"id":"1",'), Buffer.from('{"id":"12345",')];
      socket.send('before');
      for (const head of heads) raw.write(Buffer.from(frames.of(head, payload)));
      socket.send('behind');
      socket.close();
      await once(client, 'close');

      expect(heard).toEqual(['before', ...heads.map((head) => `${head.toString()}${payload.toString()}}`), 'behind']);
      server.close();
      http.close();
    },
  );
});
