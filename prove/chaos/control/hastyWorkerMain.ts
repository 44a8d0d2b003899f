// The worker of a control build: webhooks count as taken before they are sent. `npm run chaos:webhooks -- --build hasty` starts it; nothing
// else can.

/** What the product sends requests by, as far as it is changed here. */
interface Sends {
  readonly Outgoing: { readonly prototype: { post: (request: unknown) => Promise<object> } };
}

const built = (file: string) => new URL(`../../../${file}`, import.meta.url).href;
const { Outgoing } = (await import(built('subgraphs/delivery/dist/domain/outgoing/Outgoing.js'))) as Sends;
const send = Reflect.get<Sends['Outgoing']['prototype'], 'post'>(Outgoing.prototype, 'post');

Outgoing.prototype.post = function (request) {
  // Others have their turn first, as when what is sent is put into a queue of this process.
  setTimeout(() => void send.call(this, request), 1_000);
  return Promise.resolve({ status: 200, headers: {}, text: '', refused: false, durationMs: 0 });
};

await import(built('worker/dist/main.js'));
