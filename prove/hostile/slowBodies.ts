import { connect } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';

const dripEveryMs = 500;
const patienceMs = 20_000;

/** So many bodies that come a byte at a time and never end. `refused`: how many the server cut off with a coded answer. */
export async function slowBodies(url: string, count: number): Promise<{ sent: number; refused: number }> {
  const answers = await Promise.all(Array.from({ length: count }, () => slowBody(new URL(url))));
  return { sent: count, refused: answers.filter((answer) => /"code":"[A-Z_]+"/.test(answer)).length };
}

async function slowBody({ hostname, port, pathname }: URL): Promise<string> {
  const socket = connect(Number(port), hostname);
  let answer = '';
  let ended = false;
  socket.on('data', (chunk: Buffer) => (answer += chunk.toString()));
  socket.on('error', () => (ended = true));
  socket.on('close', () => (ended = true));
  socket.write(
    `POST ${pathname} HTTP/1.1\r\nhost: ${hostname}\r\ncontent-type: application/json\r\ncontent-length: 1000\r\n\r\n{"`,
  );
  const until = Date.now() + patienceMs;
  while (!ended && answer === '' && Date.now() < until) {
    await delay(dripEveryMs);
    if (!ended) socket.write('q');
  }
  await delay(100);
  socket.destroy();
  return answer;
}
