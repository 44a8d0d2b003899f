import { createTlsFetch, type MutualTls } from '@tributary/commands';
import type { SubgraphConnection } from '../upstream/connections.js';

/** Something that a gateway can do without, or cannot. */
export interface ReadinessFinding {
  readonly part: string;
  readonly ready: boolean;
  /** Without it nothing can be served. */
  readonly essential: boolean;
}

export interface ReadinessReport {
  readonly status: 'ready' | 'degraded' | 'unavailable' | 'draining';
  /** The parts that are missing. */
  readonly degraded: readonly string[];
}

export interface ReadinessOptions {
  readonly subgraphs: Readonly<Record<string, SubgraphConnection>>;
  /** What else this process needs, such as its database in embedded mode. */
  readonly checks: () => Promise<readonly ReadinessFinding[]>;
}

const probeMs = 1_000;
const rememberMs = 1_000;

/** Whether a load balancer should send requests here. Asks at most once a second, however often it is asked. */
export class Readiness {
  private draining = false;
  private last: { at: number; report: Promise<ReadinessReport> } | null = null;

  constructor(private readonly options: ReadinessOptions) {}

  drain(): void {
    this.draining = true;
  }

  report(): Promise<ReadinessReport> {
    if (this.draining) return Promise.resolve({ status: 'draining', degraded: [] });
    const now = performance.now();
    if (!this.last || now - this.last.at > rememberMs) this.last = { at: now, report: this.ask() };
    return this.last.report;
  }

  private async ask(): Promise<ReadinessReport> {
    const names = Object.keys(this.options.subgraphs);
    const [reached, findings] = await Promise.all([
      Promise.all(names.map((name) => probe(this.options.subgraphs[name]!))),
      this.options.checks().catch(() => [{ part: 'checks', ready: false, essential: true }]),
    ]);
    const degraded = [
      ...names.filter((_name, index) => !reached[index]),
      ...findings.filter((finding) => !finding.ready).map((finding) => finding.part),
      // Several subgraphs miss the same part of one database.
      ...new Set(reached.flatMap((missing) => missing ?? [])),
    ];
    const unavailable =
      reached.every((missing) => missing === null) || findings.some((finding) => finding.essential && !finding.ready);
    return { status: unavailable ? 'unavailable' : degraded.length > 0 ? 'degraded' : 'ready', degraded };
  }
}

const fetches = new WeakMap<MutualTls, typeof fetch>();

/** One pool of connections for each certificate, however often is probed. */
function probes(tls: MutualTls | null): typeof fetch {
  if (!tls) return fetch;
  const known = fetches.get(tls) ?? createTlsFetch(tls);
  fetches.set(tls, known);
  return known;
}

/** What of its surroundings a subgraph misses that can be reached; null when it cannot. */
async function probe(connection: SubgraphConnection): Promise<readonly string[] | null> {
  try {
    if (connection.kind === 'inProcess') return ((await connection.ready?.()) ?? true) ? [] : null;
    const response = await probes(connection.tls ?? null)(new URL('/health/ready', connection.url), {
      signal: AbortSignal.timeout(probeMs),
    });
    if (!response.ok) {
      await response.body?.cancel();
      return null;
    }
    const { degraded } = (await response.json()) as { degraded?: unknown };
    return Array.isArray(degraded) ? degraded.map(String) : [];
  } catch {
    return null;
  }
}
