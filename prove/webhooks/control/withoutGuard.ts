// Loaded ahead of the product by the controls of `npm run prove:webhooks`, which name a guard: its file is read without it.
import { registerHooks } from 'node:module';
import { guards, type GuardName } from './guards.ts';

const { file, find, replace } = guards[process.env['WITHOUT_GUARD'] as GuardName];
const built = new URL(`../../../${file.replace('/src/', '/dist/').replace(/\.ts$/, '.js')}`, import.meta.url).href;

registerHooks({
  load(url, context, nextLoad) {
    const loaded = nextLoad(url, context);
    if (url !== built) return loaded;
    const text = Buffer.from(loaded.source as Uint8Array).toString('utf8');
    if (text.split(find).length !== 2) throw new Error(`What is to be taken away does not stand once in ${built}.`);
    return { ...loaded, source: text.replace(find, () => replace) };
  },
});
