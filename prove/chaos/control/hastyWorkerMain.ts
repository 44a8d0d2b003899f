// The worker of a control build: webhooks count as taken before they are sent. `npm run chaos:webhooks -- --build hasty` starts it; nothing
// else can.
import { Outgoing, type OutgoingRequest } from '../../../subgraphs/delivery/src/domain/outgoing/Outgoing.ts';

const send = Reflect.get<Outgoing, 'post'>(Outgoing.prototype, 'post');

Outgoing.prototype.post = function (request: OutgoingRequest) {
  // Others have their turn first, as when what is sent is put into a queue of this process.
  setTimeout(() => void send.call(this, request), 1_000);
  return Promise.resolve({ status: 200, headers: {}, text: '', refused: false, durationMs: 0 });
};

await import('../../../worker/src/main.ts');
