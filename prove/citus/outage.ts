import { setTimeout as delay } from 'node:timers/promises';
import { eventually } from '@tributary/kit';
import { postJson } from '@tributary/kit/client';
import type { CitusNode } from './CitusNode.ts';
import { codeOf, createFlow, ownerOf, type Slug } from './people.ts';
import type { Product } from './Product.ts';

const page = '{ flows(first: 5) { nodes { id status assets(first: 3) { totalCount } metrics { requests } } } }';
const backWithinMs = 5_000;

interface Outage {
  readonly faults: readonly string[];
  /** Of a sign-in while the worker is away, in ms. */
  readonly signInMs: number;
  readonly degradedAfterMs: number;
  /** From the moment on at which the worker takes connections. */
  readonly backAfterMs: number;
}

/** Takes away the worker that the rows of `gone` lie on, and brings it back, while people of both workspaces go on. */
export async function outage(product: Product, worker: CitusNode, gone: Slug, other: Slug): Promise<Outage> {
  const faults: string[] = [];
  const need = (holds: boolean, otherwise: string) => void (holds || faults.push(otherwise));
  const lost = ownerOf(product, gone);
  const living = ownerOf(product, other);
  await Promise.all([lost.authorization(), living.authorization()]);
  await worker.kill();
  const begun = performance.now();

  const degradedAfterMs = await since(begun, async () => {
    const report = await health(product);
    if (report.status !== 'degraded' || !report.degraded.some((part) => part.includes(String(worker.port))))
      throw new Error(`health says ${JSON.stringify(report)}`);
  }).catch((error: unknown) => (faults.push(`while a worker is away, ${String((error as Error).message)}`), Infinity));

  const signingIn = performance.now();
  const entered = await login(product, other);
  const signInMs = performance.now() - signingIn;
  need(entered.status === 200, `signing in to the other workspace answered ${entered.status}: ${entered.text}`);
  for (let n = 0; n < 5; n += 1) {
    const code = await codeOf(living, page);
    need(code === null, `a page of the other workspace answered ${code}`);
    await createFlow(living).catch((error: unknown) =>
      faults.push(`a change in the other workspace: ${String(error)}`),
    );
    const refused = await codeOf(lost, page);
    need(refused === 'SERVICE_UNAVAILABLE', `a page of the workspace that is away answered ${refused}`);
    await delay(300);
  }
  const shut = await login(product, gone);
  need(
    shut.text.includes('SERVICE_UNAVAILABLE'),
    `signing in to the workspace that is away answered ${shut.status}: ${shut.text}`,
  );

  await worker.start();
  const back = performance.now();
  const backAfterMs = await since(back, async () => {
    const code = await codeOf(lost, page);
    if (code !== null) throw new Error(`a page answers ${code}`);
    await createFlow(lost);
    const again = await login(product, gone);
    if (again.status !== 200) throw new Error(`signing in answers ${again.status}`);
    const report = await health(product);
    if (report.status !== 'ready') throw new Error(`health says ${JSON.stringify(report)}`);
  }).catch((error: unknown) => (faults.push(`with the worker back, ${String((error as Error).message)}`), Infinity));
  need(backAfterMs <= backWithinMs, `all was back after ${Math.round(backAfterMs)} ms, not within ${backWithinMs}`);
  lost.close();
  living.close();
  return { faults, signInMs, degradedAfterMs, backAfterMs };
}

function login(product: Product, slug: Slug) {
  return postJson(`${product.origin}/auth/login`, { email: `owner@${slug}.example`, password: 'tributary-demo' });
}

async function health(product: Product): Promise<{ status: string; degraded: string[] }> {
  return (await (await fetch(`${product.origin}/health/ready`)).json()) as { status: string; degraded: string[] };
}

/** Milliseconds until `holds` throws no more. */
async function since(begun: number, holds: () => Promise<void>): Promise<number> {
  await eventually(holds, { timeoutMs: 20_000 });
  return performance.now() - begun;
}
