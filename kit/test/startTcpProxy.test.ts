import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { eventually, freePort, startTcpProxy, type TcpProxy } from '../src/index.js';

describe('startTcpProxy', () => {
  let echo: Server;
  let proxy: TcpProxy;
  const clients: Socket[] = [];

  beforeEach(async () => {
    echo = createServer((socket) => {
      socket.on('error', () => undefined);
      socket.pipe(socket);
    });
    await new Promise<void>((resolve) => echo.listen(0, '127.0.0.1', resolve));
    proxy = await startTcpProxy((echo.address() as AddressInfo).port);
  });

  afterEach(async () => {
    clients.splice(0).forEach((client) => client.destroy());
    await proxy.close();
    await new Promise((resolve) => echo.close(resolve));
  });

  async function open(port = proxy.port): Promise<{ socket: Socket; heard: () => string }> {
    const socket = connect(port, '127.0.0.1');
    clients.push(socket);
    let text = '';
    socket.on('data', (chunk) => (text += chunk.toString()));
    socket.on('error', () => undefined);
    await new Promise<void>((resolve, reject) => socket.once('connect', resolve).once('error', reject));
    return { socket, heard: () => text };
  }

  test('passes bytes through', async () => {
    const { socket, heard } = await open();
    socket.write('hello');
    await eventually(() => expect(heard()).toBe('hello'));
    expect(proxy.connections).toBe(1);
  });

  test('cut drops connections and refuses new ones until it is resumed on the same port', async () => {
    const { socket } = await open();
    const closed = new Promise((resolve) => socket.once('close', resolve));
    await proxy.cut();
    await closed;
    expect(proxy.connections).toBe(0);
    await expect(open()).rejects.toMatchObject({ code: 'ECONNREFUSED' });
    const { port } = proxy;
    await proxy.resume();
    expect(proxy.port).toBe(port);
    await open();
  });

  test('stall holds bytes back, old and new connections alike, and resume delivers them', async () => {
    const before = await open();
    proxy.stall();
    const during = await open();
    before.socket.write('one');
    during.socket.write('two');
    await delay(60);
    expect(before.heard() + during.heard()).toBe('');
    await proxy.resume();
    await eventually(() => expect([before.heard(), during.heard()]).toEqual(['one', 'two']));
  });

  test('drop ends the connections that there are, and takes new ones', async () => {
    const { socket } = await open();
    const closed = new Promise((resolve) => socket.once('close', resolve));
    proxy.drop();
    await closed;
    const { socket: next, heard } = await open();
    next.write('again');
    await eventually(() => expect(heard()).toBe('again'));
  });

  test('of several servers a connection takes one that answers', async () => {
    const { port } = echo.address() as AddressInfo;
    await using balanced = await startTcpProxy([await freePort(), port]);
    for (const word of ['one', 'two']) {
      const { socket, heard } = await open(balanced.port);
      socket.write(word);
      await eventually(() => expect(heard()).toBe(word));
    }
  });

  test('a client that leaves takes its upstream connection with it', async () => {
    const { socket } = await open();
    await eventually(() => expect(proxy.connections).toBe(1));
    socket.end();
    await eventually(() => expect(proxy.connections).toBe(0));
  });
});

describe('eventually', () => {
  test('answers as soon as an attempt succeeds', async () => {
    let tries = 0;
    const answer = await eventually(() => {
      tries += 1;
      if (tries < 3) throw new Error('not yet');
      return tries;
    });
    expect(answer).toBe(3);
  });

  test('throws the last failure as it is when time is up', async () => {
    await expect(eventually(() => Promise.reject(new Error('never')), { timeoutMs: 50 })).rejects.toThrow('never');
  });
});

test('freePort finds a port that can be listened on', async () => {
  const port = await freePort();
  const server = createServer();
  await new Promise<void>((resolve, reject) => server.once('error', reject).listen(port, '127.0.0.1', resolve));
  await new Promise((resolve) => server.close(resolve));
});
