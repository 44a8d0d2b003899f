// The product of a control build: what an owner may do is asked for once, and believed for ever. `npm run prove:webhooks` starts it, and must
// find it out; nothing else can start it.
type Call = (command: { readonly name: string }, input: unknown, context: unknown) => Promise<unknown>;

interface Pages {
  readonly WebhookPages: {
    readonly prototype: { deliver: (this: unknown, input: unknown, context: unknown) => Promise<unknown> };
  };
}

const built = (file: string) => new URL(`../../../${file}`, import.meta.url).href;
const { WebhookPages } = (await import(built('gateway/dist/runner/WebhookPages.js'))) as Pages;
const deliver = Reflect.get<Pages['WebhookPages']['prototype'], 'deliver'>(WebhookPages.prototype, 'deliver');
const known = new Map<string, Promise<unknown>>();

WebhookPages.prototype.deliver = function (input, context) {
  const { options } = this as { readonly options: { readonly commands: { call: Call } } };
  const call: Call = (command, asked, within) => {
    if (command.name !== 'presentPrincipal') return options.commands.call(command, asked, within);
    const key = JSON.stringify(asked);
    const answer = known.get(key) ?? options.commands.call(command, asked, within);
    known.set(key, answer);
    return answer;
  };
  const trusting = Object.create(this as object, { options: { value: { ...options, commands: { call } } } }) as unknown;
  return deliver.call(trusting, input, context);
};

await import(built('embedded/dist/main.js'));
