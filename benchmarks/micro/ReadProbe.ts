import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

/** CPU milliseconds of one read, Node and PostgreSQL together. */
export interface ReadCost {
  /** Through `Database.read`, under row-level security. */
  readonly bound: number;
  /** The same statement through the driver's pool, past row-level security. */
  readonly bare: number;
}

/** Measures single reads of a checkout, over a PostgreSQL of its own. */
export class ReadProbe implements AsyncDisposable {
  readonly #child: ChildProcess;
  /** Rejects when it ends before its time. */
  readonly #ended: Promise<never>;

  private constructor(child: ChildProcess) {
    this.#child = child;
    this.#ended = ended(child);
    this.#ended.catch(() => undefined);
  }

  static async start(checkout: string): Promise<ReadProbe> {
    const child = fork(fileURLToPath(new URL('readProbeMain.ts', import.meta.url)), [checkout]);
    const probe = new ReadProbe(child);
    await Promise.race([once(child, 'message'), probe.#ended]);
    return probe;
  }

  async measure(callers: number): Promise<ReadCost> {
    this.#child.send({ callers });
    const [cost] = (await Promise.race([once(this.#child, 'message'), this.#ended])) as [ReadCost];
    return cost;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const exit = once(this.#child, 'exit');
    this.#child.disconnect();
    await exit;
  }
}

async function ended(child: ChildProcess): Promise<never> {
  const [code, signal] = (await once(child, 'exit')) as [number | null, string | null];
  throw new Error(`The probe of single reads ended with ${signal ?? code}.`);
}
