import { execFile } from 'node:child_process';
import { cpSync, existsSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);
const maxOutput = 64 * 1024 * 1024;

export interface Sender {
  readonly name: string;
  /** What it is made of, as its installer calls it. */
  readonly packages: readonly string[];
  readonly program: string;
  readonly settings?: Readonly<Record<string, string>>;
  /** It makes so many spans as it is told to; others make what their instrumentation makes of so many calls. */
  readonly countsSpans: boolean;
}

const sdk = ['@opentelemetry/api', '@opentelemetry/sdk-trace-node'];

export const senders: readonly Sender[] = [
  {
    name: 'Node, exporter-trace-otlp-proto',
    packages: [...sdk, '@opentelemetry/exporter-trace-otlp-proto'],
    program: 'node.mjs',
    settings: { EXPORTER: '@opentelemetry/exporter-trace-otlp-proto' },
    countsSpans: true,
  },
  {
    name: 'Node, the same with gzip',
    packages: [...sdk, '@opentelemetry/exporter-trace-otlp-proto'],
    program: 'node.mjs',
    settings: { EXPORTER: '@opentelemetry/exporter-trace-otlp-proto', OTEL_EXPORTER_OTLP_COMPRESSION: 'gzip' },
    countsSpans: true,
  },
  {
    name: 'Node, exporter-trace-otlp-http (JSON)',
    packages: [...sdk, '@opentelemetry/exporter-trace-otlp-http'],
    program: 'node.mjs',
    settings: { EXPORTER: '@opentelemetry/exporter-trace-otlp-http' },
    countsSpans: true,
  },
  {
    name: 'Python, otlp-proto-http',
    packages: ['opentelemetry-sdk', 'opentelemetry-exporter-otlp-proto-http'],
    program: 'python.py',
    settings: { OTEL_EXPORTER_OTLP_COMPRESSION: 'gzip' },
    countsSpans: true,
  },
  {
    name: 'OpenLLMetry',
    packages: ['traceloop-sdk', 'openai', 'httpx'],
    program: 'openllmetry.py',
    countsSpans: false,
  },
  {
    name: 'LangGraph, OpenInference',
    packages: ['langgraph', 'langchain-openai', 'openinference-instrumentation-langchain'],
    program: 'graph.py',
    countsSpans: false,
  },
  {
    name: 'Vercel AI SDK',
    packages: ['ai', '@ai-sdk/openai', '@ai-sdk/otel', '@opentelemetry/sdk-node', 'zod'],
    program: 'vercel.mjs',
    countsSpans: false,
  },
];

/** A folder outside the project with the senders' own packages, of npm and of pip. */
export class SenderFolder {
  private readonly folder: string;

  constructor(folder: string) {
    this.folder = folder;
    cpSync(join(import.meta.dirname, 'senders'), folder, { recursive: true });
  }

  /** Null when it is there; else why it could not be installed. */
  async install({ program, packages }: Sender): Promise<string | null> {
    try {
      if (program.endsWith('.py')) {
        const python = join(this.folder, 'python');
        if (!existsSync(python)) {
          await run('python3', ['-m', 'venv', python]);
          // pip tries version after version of what OpenLLMetry is made of, for hours on some days.
          await run(join(python, 'bin/pip'), ['install', '--quiet', 'uv'], { maxBuffer: maxOutput });
        }
        const uv = ['pip', 'install', '--quiet', '--python', join(python, 'bin/python')];
        await run(join(python, 'bin/uv'), [...uv, ...packages], { maxBuffer: maxOutput });
      } else {
        const options = ['install', '--no-save', '--prefer-offline', '--no-audit', '--no-fund', '--legacy-peer-deps'];
        // All at once: without a manifest npm takes away what it is not told of.
        const all = [
          ...new Set(senders.filter((each) => !each.program.endsWith('.py')).flatMap((each) => each.packages)),
        ];
        if (!packages.every((name) => existsSync(join(this.folder, 'node_modules', name))))
          await run('npm', [...options, '--prefix', this.folder, ...all], { maxBuffer: maxOutput });
      }
      return null;
    } catch (error) {
      return lastLine(error);
    }
  }

  /** Null when it ended well; else what it said. */
  async send({ program, settings = {} }: Sender, env: Readonly<Record<string, string>>): Promise<string | null> {
    const command = program.endsWith('.py') ? join(this.folder, 'python/bin/python') : process.execPath;
    try {
      await run(command, [join(this.folder, program)], {
        cwd: this.folder,
        env: { ...process.env, ...env, ...settings },
        maxBuffer: maxOutput,
        timeout: 240_000,
      });
      return null;
    } catch (error) {
      return lastLine(error);
    }
  }
}

function lastLine(error: unknown): string {
  const { stderr, message } = error as { stderr?: string; message: string };
  const lines = (stderr ?? message).trim().split('\n');
  return lines.at(-1)!.slice(0, 160);
}
