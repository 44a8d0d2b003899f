import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { parser } from '@prometheus-io/lezer-promql';
import { parse } from 'yaml';
import { clusterParts } from '../../parts.js';
import { discover } from '../e2e/discoveryRun.js';
import { startSystem, type Mode, type System } from '../e2e/harness.js';

const folder = join(import.meta.dirname, '../../deploy/observability');
const read = (file: string): string => readFileSync(join(folder, file), 'utf8');

interface Rule {
  readonly alert: string;
  readonly expr: string;
  readonly annotations: Readonly<Record<string, string>>;
}
interface Dashboard {
  readonly panels: readonly { readonly title: string; readonly targets: readonly { readonly expr: string }[] }[];
}

const rules = (parse(read('rules.yml')) as { groups: { rules: Rule[] }[] }).groups.flatMap((group) => group.rules);
const panels = globSync('grafana/dashboards/*.json', { cwd: folder }).flatMap(
  (file) => (JSON.parse(read(file)) as Dashboard).panels,
);
/** As Prometheus gets them from Grafana, whose variables stand for texts. */
const expressions = [
  ...rules.map(({ alert, expr }) => ({ of: alert, expr })),
  ...panels.flatMap(({ title, targets }) => targets.map(({ expr }) => ({ of: title, expr }))),
].map(({ of, expr }) => ({ of, expr: expr.replaceAll('$__rate_interval', '1m') }));

/** What stands in an expression: the metrics that it reads, the labels that it names, and whether it is PromQL at all. */
function readExpression(expr: string) {
  const metrics = new Set<string>();
  const labels = new Set<string>();
  let faults = 0;
  parser.parse(expr).iterate({
    enter({ name, from, to, type, node }) {
      const text = expr.slice(from, to);
      if (type.isError) faults += 1;
      if (name === 'Identifier' && node.parent?.name === 'VectorSelector') metrics.add(text);
      if (name === 'LabelName') labels.add(text);
    },
  });
  return { metrics: [...metrics], labels: [...labels], faults };
}

/** What Prometheus itself adds to a sample, and what histograms have. */
const addedLabels = ['job', 'instance', 'part', 'le'];

describe('what is watched of a running system', () => {
  test.each(expressions)('$of is asked in PromQL', ({ expr }) => {
    const { metrics, faults } = readExpression(expr);
    expect(faults).toBe(0);
    expect(metrics.length).toBeGreaterThan(0);
  });

  test('a misspelt expression is found out', () => {
    expect(readExpression('sum by (le (rate(x[1m]))').faults).toBeGreaterThan(0);
    expect(readExpression('rate(x[1m]) / up{job="a"}').metrics).toEqual(['x', 'up']);
  });

  test('every rule says what it means and where to look', () => {
    expect(rules.length).toBeGreaterThan(5);
    for (const { annotations } of rules)
      expect(annotations).toMatchObject({ summary: expect.any(String), description: expect.any(String) });
  });

  test('every part that runs for long is scraped', () => {
    const { scrape_configs } = parse(read('prometheus.yml')) as {
      scrape_configs: { static_configs: { targets: string[] }[] }[];
    };
    const targets = scrape_configs.flatMap(({ static_configs }) => static_configs.flatMap((each) => each.targets));
    const names = [...clusterParts.map(({ name }) => name), 'delivery-worker'];
    expect(targets.sort()).toEqual(names.map((name) => `${name}:4000`).sort());
  });

  test.each<Mode>(['embedded', 'cluster'])(
    'every figure that is asked for exists, with its labels, %s mode',
    async (mode) => {
      let output = '';
      const system = await startSystem(mode, { LOG_LEVEL: 'info' }, (text) => (output += text));
      try {
        const owner = await system.signIn();
        await discover(owner, { source: { name: 'm.csv', format: 'CSV', content: 'name,ip\nm-1,10.0.0.1' } });
        await owner.send('{ nothing }');
        const text = (await Promise.all(originsOf(system, output).map(metricsOf))).join('\n');
        const known = new Set(
          [...text.matchAll(/^# TYPE (\S+) (\S+)/gm)].flatMap(([, name, kind]) => seriesOf(name!, kind!)),
        );
        const labels = new Set([...text.matchAll(/(\w+)="/g)].map(([, name]) => name!).concat(addedLabels));

        expect(known.size).toBeGreaterThan(40);
        const missing = expressions.flatMap(({ of, expr }) => {
          const asked = readExpression(expr);
          const metrics = asked.metrics.filter((name) => name !== 'up' && !known.has(name));
          // A breaker has its label from the first call that did not come back.
          const names = asked.labels.filter((name) => name !== 'subgraph' && !labels.has(name));
          return [...metrics, ...names].map((name) => `${of}: ${name}`);
        });
        expect(missing).toEqual([]);
      } finally {
        await system.close();
      }
    },
    120_000,
  );
});

/** Of all processes: embedded mode has one port, and each part of a cluster says its own when it is ready. */
function originsOf(system: System, output: string): string[] {
  const ports = [...output.matchAll(/"port":(\d+),"msg":"/g)].map(([, port]) => `http://127.0.0.1:${port}`);
  return [...new Set([system.origin, ...ports])];
}

async function metricsOf(origin: string): Promise<string> {
  const response = await fetch(`${origin}/metrics`);
  expect(response.status).toBe(200);
  return response.text();
}

function seriesOf(name: string, kind: string): string[] {
  return kind === 'histogram' ? [`${name}_bucket`, `${name}_count`, `${name}_sum`] : [name];
}
