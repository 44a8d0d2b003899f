// The gateway of a build that nobody should get: with BAD_BUILD=errors every twentieth operation fails, with BAD_BUILD=slow each takes twice as
// long. `npm run prove:canary` starts it; nothing else can.
import { setTimeout as delay } from 'node:timers/promises';

/** What the product answers operations by, as far as it is changed here. */
interface Runs {
  readonly OperationRunner: { readonly prototype: { execute: (...given: unknown[]) => Promise<object> } };
}

const built = (file: string) => new URL(`../../../${file}`, import.meta.url).href;
const { OperationRunner } = (await import(built('gateway/dist/runner/OperationRunner.js'))) as Runs;
const execute = Reflect.get<Runs['OperationRunner']['prototype'], 'execute'>(OperationRunner.prototype, 'execute');
const isSlow = process.env['BAD_BUILD'] === 'slow';
const failsEvery = 20;
let operations = 0;

OperationRunner.prototype.execute = async function (...given) {
  operations += 1;
  if (!isSlow && operations % failsEvery === 0) throw new Error('This build is broken.');
  const started = performance.now();
  const outcome = await execute.apply(this, given);
  if (isSlow) await delay(performance.now() - started);
  return outcome;
};

await import(built('gateway/dist/main.js'));
