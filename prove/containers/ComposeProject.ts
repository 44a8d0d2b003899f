import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { runProgram } from './runProgram.ts';

export interface RunningPart {
  readonly name: string;
  /** Of its container. */
  readonly id: string;
  /** From the start of its container to the first answer that it is ready, in seconds. Null: it is asked by nobody. */
  readonly readySeconds: number | null;
}

const patienceMs = 180_000;

/** `docker-compose.yml`, run by podman-compose with secrets of its own. */
export class ComposeProject {
  readonly #folder: string;
  readonly #name = 'tributary-proof';

  constructor(root: string, folder: string, secrets: Readonly<Record<string, string>>) {
    this.#folder = join(folder, 'project');
    mkdirSync(this.#folder);
    // podman-compose 1.0.3, which Debian has, knows no default that is empty; to it, a name alone may be absent.
    const compose = readFileSync(join(root, 'docker-compose.yml'), 'utf8').replaceAll(':-}', '}');
    writeFileSync(join(this.#folder, 'docker-compose.yml'), compose);
    const lines = Object.entries(secrets).map(([name, value]) => `${name}="${value.trim().replaceAll('\n', '\\n')}"`);
    writeFileSync(join(this.#folder, '.env'), `${lines.join('\n')}\n`);
  }

  up(services: readonly string[]): void {
    this.#compose(['up', '--no-build', '--detach', ...services]);
  }

  down(): void {
    this.#compose(['down', '--volumes', '--timeout', '12']);
  }

  idOf(service: string): string {
    return runProgram('podman', ['ps', '--all', '--quiet', '--filter', `name=^${this.#name}_${service}_1$`]);
  }

  /** Resolves when the part says that it is ready. Throws with its last words when it does not. */
  async untilReady(service: string): Promise<RunningPart> {
    const id = this.idOf(service);
    const deadline = Date.now() + patienceMs;
    const url = `http://${this.addressOf(id)}:4000/health/ready`;
    while (Date.now() < deadline) {
      const ready = await fetch(url, { signal: AbortSignal.timeout(1_000) }).then(
        ({ status }) => status === 200,
        () => false,
      );
      if (ready) {
        // It may have been started again until what it needs was there.
        const startedAt = Date.parse(this.inspect(id, '{{.State.StartedAt.Format "2006-01-02T15:04:05.000Z07:00"}}'));
        return { name: service, id, readySeconds: (Date.now() - startedAt) / 1_000 };
      }
      await delay(25);
    }
    throw new Error(`${service} is not ready after ${patienceMs / 1_000} s:\n${this.logs(id)}`);
  }

  /** Resolves when a service that ends by itself has. Throws when it failed. */
  async untilDone(service: string): Promise<void> {
    const id = this.idOf(service);
    const deadline = Date.now() + patienceMs;
    while (Date.now() < deadline) {
      const [status, code] = this.inspect(id, '{{.State.Status}} {{.State.ExitCode}}').split(' ');
      if (status === 'exited' && code === '0') return;
      if (status === 'exited') throw new Error(`${service} ended with ${code}:\n${this.logs(id)}`);
      await delay(100);
    }
    throw new Error(`${service} has not ended after ${patienceMs / 1_000} s:\n${this.logs(id)}`);
  }

  addressOf(id: string): string {
    return this.inspect(id, '{{range .NetworkSettings.Networks}}{{.IPAddress}}{{end}}');
  }

  /** What a program in the container printed, or what it failed with. */
  run(id: string, program: readonly string[]): string {
    try {
      return runProgram('podman', ['exec', id, ...program]);
    } catch (error) {
      return (error as Error).message;
    }
  }

  /** Bytes of memory of the container's processes, each its part of what several share. */
  memoryOf(id: string): number {
    const pids = runProgram('podman', ['top', id, 'hpid']).split('\n').slice(1);
    return pids.reduce((sum, pid) => sum + proportionalBytes(pid.trim()), 0);
  }

  inspect(id: string, format: string): string {
    return runProgram('podman', ['inspect', '--format', format, id]);
  }

  logs(id: string): string {
    return runProgram('sh', ['-c', 'podman logs --tail 20 "$1" 2>&1', 'sh', id]);
  }

  #compose(args: readonly string[]): void {
    runProgram('podman-compose', ['--project-name', this.#name, ...args], { cwd: this.#folder });
  }
}

function proportionalBytes(pid: string): number {
  const kilobytes = /^Pss:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8'))?.[1];
  return Number(kilobytes ?? 0) * 1_024;
}
