import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { eventually } from '@tributary/kit';
import { discover } from './discoveryRun.js';
import { flowPage, servers } from './documents.js';
import { modes, startSystem } from './harness.js';
import type { Session, System } from './harness.js';

interface Span {
  readonly name: string;
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId?: string;
  readonly attributes: readonly { key: string; value: { stringValue?: string } }[];
}

/** Takes spans as any OpenTelemetry collector does. */
async function startCollector() {
  const spans: Span[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const body = JSON.parse(Buffer.concat(chunks).toString('utf8')) as {
        resourceSpans: { scopeSpans: { spans: Span[] }[] }[];
      };
      spans.push(...body.resourceSpans.flatMap((resource) => resource.scopeSpans.flatMap((scope) => scope.spans)));
      response.end('{}');
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    spans,
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1/traces`,
    [Symbol.asyncDispose]: () => new Promise<void>((resolve) => server.close(() => resolve())),
  };
}

describe.each(modes)('tracing, %s mode', (mode) => {
  let collector: Awaited<ReturnType<typeof startCollector>>;
  let system: System;
  let owner: Session;
  beforeAll(async () => {
    collector = await startCollector();
    system = await startSystem(mode, { OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: collector.url });
    owner = await system.signIn();
  }, 120_000);
  afterAll(async () => {
    await system?.close();
    await collector?.[Symbol.asyncDispose]();
  });

  test('an operation is one trace from the gateway through a subgraph down to its SQL', async () => {
    await owner.ask('query TracedPage { flows(first: 1) { nodes { id } } }');
    await eventually(
      () => {
        const gateway = collector.spans.find((span) => span.name === 'graphql TracedPage');
        expect(gateway).toBeDefined();
        const trace = collector.spans.filter((span) => span.traceId === gateway!.traceId);
        const subgraph = trace.find((span) => span.name === 'subgraph flow');
        const sql = trace.find(
          (span) => span.name === 'sql' && ancestors(trace, span).includes(subgraph?.spanId ?? ''),
        );
        expect(ancestors(trace, subgraph!)).toContain(gateway!.spanId);
        expect(sql?.attributes.find(({ key }) => key === 'db.operation.name')?.value.stringValue).toMatch(/^flow\./);
      },
      { timeoutMs: 15_000 },
    );
  }, 120_000);

  if (mode !== 'embedded') return;

  /** The statements of the page that README's first query and the benchmarks ask for: one for each relation, however many rows. */
  test('one operation over all subgraphs takes a fixed set of statements, whatever it finds', async () => {
    const statementsFor = async (rows: number) => {
      const { id } = await discover(owner, {
        source: { name: 's.csv', format: 'CSV', content: servers(rows, `golden${rows}`) },
      });
      const before = collector.spans.length;
      await owner.ask(flowPage, { id });
      let names: string[] = [];
      await eventually(
        () => {
          const gateway = collector.spans.slice(before).find((span) => span.name === 'graphql FlowPage');
          expect(gateway).toBeDefined();
          const sql = collector.spans.filter((span) => span.name === 'sql' && span.traceId === gateway!.traceId);
          names = sql
            .map((span) => span.attributes.find(({ key }) => key === 'db.operation.name')!.value.stringValue!)
            .sort();
          expect(names).toContain('alert.listAlertsOf');
        },
        { timeoutMs: 15_000 },
      );
      return names;
    };
    const few = await statementsFor(2);
    expect(await statementsFor(60)).toEqual(few);
    expect(few).toMatchInlineSnapshot(`
    [
      "alert.listAlertsOf",
      "alert.listAlertsOf",
      "asset.byIds",
      "asset.countOfFlows",
      "asset.dependencies",
      "asset.ofFlows",
      "flow.discoveriesOf",
      "flow.flowsById",
      "flow.flowsById",
      "flow.mappingsOf",
      "flow.phasesOf",
      "flow.rejectedCountsOf",
      "flow.rejectedRowsOf",
      "metrics.totalsOfFlows",
      "workspace.membersByUserIds",
    ]
  `);
  }, 120_000);
});

function ancestors(trace: readonly Span[], span: Span): string[] {
  const found: string[] = [];
  for (let at: Span | undefined = span; at?.parentSpanId; at = trace.find((other) => other.spanId === at.parentSpanId))
    found.push(at.parentSpanId);
  return found;
}
