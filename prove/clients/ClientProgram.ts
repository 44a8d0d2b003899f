import { spawn, type ChildProcess } from 'node:child_process';
import { createInterface } from 'node:readline';

const patienceMs = 60_000;

/** A client in another language: says what it sees, a line of JSON each, and goes on at a line that it is sent. */
export class ClientProgram implements Disposable {
  private readonly child: ChildProcess;
  private readonly lines: AsyncIterator<string>;
  private readonly ended: Promise<number | null>;

  constructor(folder: string, [file, ...args]: readonly [string, ...string[]], told: NodeJS.ProcessEnv) {
    this.child = spawn(file, args, {
      cwd: folder,
      env: { ...process.env, ...told },
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    this.ended = new Promise((resolve) => this.child.once('close', resolve));
    this.lines = createInterface({ input: this.child.stdout! })[Symbol.asyncIterator]();
  }

  /** The next thing that it says, which must be of this step. Throws when it is another, or none within a minute. */
  async says(step: string): Promise<unknown> {
    const timer = setTimeout(() => this.child.kill('SIGKILL'), patienceMs);
    const { value, done } = await this.lines.next();
    clearTimeout(timer);
    if (done) throw new Error(`It ended before it said "${step}".`);
    const said = JSON.parse(value) as Record<string, unknown>;
    if (!(step in said)) throw new Error(`It was to say "${step}" and said ${value}.`);
    return said[step];
  }

  goOn(): void {
    this.child.stdin!.write('\n');
  }

  /** Its exit code, once it has ended. */
  end(): Promise<number | null> {
    return this.ended;
  }

  [Symbol.dispose](): void {
    this.child.kill('SIGKILL');
  }
}
