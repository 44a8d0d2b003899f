// Loaded into the product's processes by `npm run bench:webhooks`, where it measures what one webhook could be sent if it were not held to 20
// requests a second, nor its host to 100.
interface Paces {
  readonly Pace: { readonly prototype: { wait: () => Promise<void> } };
}

const file = new URL('../../subgraphs/delivery/dist/domain/outgoing/Pace.js', import.meta.url).href;
const { Pace } = (await import(file)) as Paces;
Pace.prototype.wait = () => Promise.resolve();
