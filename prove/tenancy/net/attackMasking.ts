import { sendOperation } from '@tributary/kit/client';
import type { Net } from './Net.ts';
import { attackVariables, leavesOf } from './attackQueries.ts';

/** Breaks a table under the product, and looks whether an answer says more than that something went wrong. */
export async function attackMasking(net: Net): Promise<void> {
  const { owner } = net.worlds.a.people;
  let broken = 0;
  for (const table of ['alert', 'asset', 'flow', 'trace', 'member']) {
    await net.admin.query(`alter table "${table}" rename to "${table}_away"`);
    try {
      const roots = net.templates.filter(({ kind, target }) => kind === 'query' && target.startsWith('Query.'));
      for (const template of roots) {
        const leaf = leavesOf(template)[0] ?? null;
        const variables = attackVariables(net, template, leaf);
        const answer = await sendOperation(net.cluster.origin, owner.headers, { query: template.document, variables });
        net.counts.probes += 1;
        net.counts.requests += 1;
        if (/"code":"(DATABASE|INTERNAL)_ERROR"/.test(answer.text)) broken += 1;
        net.judge.checkMasking(`${template.target} without table ${table}`, answer.text);
      }
    } finally {
      await net.admin.query(`alter table "${table}_away" rename to "${table}"`);
    }
  }
  if (broken === 0) throw new Error('Nothing failed when its table was away, so the look at masking proves nothing.');
}
