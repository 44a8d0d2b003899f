import type { HttpAnswer } from '@tributary/kit/client';
import { sendOperation } from '@tributary/kit/client';
import type { Person } from '../world/people.ts';
import { canariesIn, letterOf } from '../world/canaries.ts';
import { checkAuthority } from './authority.ts';
import type { Net } from './Net.ts';

const month = new Date().toISOString().slice(0, 7);
/**
 * Everything that the cache keeps, named in words that are the same for all. Runs that failed are those of the world alone: among the slowest
 * of all there may be none but the product's own, which name nobody.
 */
const query = `query {
  kpis(range: { last: YEAR }) { computedAt requests { value } }
  metricSeries(metric: REQUESTS, range: { last: YEAR }, bucket: MONTH, groupBy: AGENT) { key }
  metricBreakdown(by: DEPARTMENT, range: { last: YEAR }) { key }
  usage(by: AGENT, range: { last: YEAR }) { groups { key } }
  cost(by: MODEL, range: { last: YEAR }) { groups { key } }
  performance(by: VERSION, range: { last: YEAR }) { groups { key } slowest { agent operation user externalId } }
  failed: performance(range: { last: YEAR }, filter: { status: [ERROR] }) { slowest { user externalId } }
  trend(metric: REQUESTS, range: { last: YEAR }, bucket: MONTH) { points { value } }
  monthlyReport(month: "${month}") { kpis { requests { value } } byAgent { key } byModel { key } byDepartment { key } byEnvironment { key } }
}`;

/** Asks what others have just asked: first B for A, then within A whoever may see more for whoever may see less. */
export async function attackCache(net: Net): Promise<void> {
  const { a, b } = net.worlds;
  const ask = (person: Person) => {
    net.counts.probes += 1;
    net.counts.requests += 1;
    return sendOperation(net.cluster.origin, person.headers, { query });
  };
  let kept = 0;
  for (let round = 0; round < 2; round += 1) {
    const ofB = await ask(b.people.owner);
    if (!canariesIn(ofB.text).some((canary) => letterOf(canary) === 'b'))
      throw new Error(`B sees nothing of its own, so that nothing can leak: ${ofB.text.slice(0, 300)}`);
    const first = await ask(a.people.owner);
    net.judge.checkSeen('cached figures', first, '', a.people.owner.principal);
    if (!net.judge.columnsIn(first.text).has('trace.user_id'))
      throw new Error(`Whoever may read what is masked sees none of it: ${first.text.slice(0, 2_000)}`);
    for (const person of a.people.everybody) {
      const answer = await ask(person);
      net.judge.checkSeen(`cached figures, as ${person.name}`, answer, '', person.principal);
      checkAuthority(net, `cached figures, as ${person.name}`, answer, [], person.principal);
      if (person.principal && computedAt(answer) && computedAt(answer) === computedAt(first)) kept += 1;
    }
  }
  if (kept === 0) throw new Error('No answer was given twice, so the look at the cache proves nothing.');
}

function computedAt({ text }: HttpAnswer): string | null {
  return /"computedAt":"([^"]+)"/.exec(text)?.[1] ?? null;
}
