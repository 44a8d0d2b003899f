import type { IncomingMessage, ServerResponse } from 'node:http';
import { Random } from '@tributary/kit';

/** How often each answer is drawn for a first attempt, in a hundred. */
const weights = {
  taken: 55,
  'taken slowly': 4,
  'taken, with a huge answer': 2,
  '500': 6,
  '503, Retry-After': 4,
  '429': 4,
  '408': 1,
  '425': 1,
  cut: 7,
  'cut within the answer': 5,
  garbage: 5,
  'no answer': 0.3,
  '404': 1.2,
  '400': 0.8,
  redirect: 1.7,
  'abort-message': 2,
} as const;

export type AnswerKind = keyof typeof weights;

/** The receiver has what it was sent, and says so. */
export const isTaken = (kind: AnswerKind): boolean => kind.startsWith('taken');
/** A batch that gets this comes again in parts. */
export const splitsBatches = (kind: AnswerKind): boolean => ['404', '400', 'redirect'].includes(kind);

const slowMs = 1_500;
/** More than a sender reads of an answer. */
const hugeBytes = 200_000;

/** The same for the same seed, webhook and event, in whatever order requests come. */
export function drawAnswer(seed: string, path: string, sequence: number): AnswerKind {
  return new Random(`${seed} ${path} ${sequence}`).weighted(weights);
}

export function giveAnswer(kind: AnswerKind, request: IncomingMessage, response: ServerResponse): void {
  switch (kind) {
    case 'taken':
      return void response.writeHead(200).end('taken');
    case 'taken slowly':
      return void setTimeout(() => response.writeHead(202).end(), slowMs);
    case 'taken, with a huge answer':
      return void response.writeHead(200).end('x'.repeat(hugeBytes));
    case 'cut':
      return void request.socket.destroy();
    case 'cut within the answer':
      response.writeHead(200, { 'content-length': '100' });
      return void response.write('half of what was', () => request.socket.destroy());
    case 'garbage':
      return void request.socket.end('what is this\r\n\r\n');
    case 'no answer':
      return;
    case '503, Retry-After':
      return void response.writeHead(503, { 'retry-after': '1' }).end();
    case 'redirect':
      return void response.writeHead(307, { location: '/elsewhere' }).end();
    case 'abort-message':
      return void response.writeHead(422, { 'webhook-delivery': 'abort-message' }).end('never again');
    default:
      return void response.writeHead(Number(kind)).end('trouble');
  }
}
