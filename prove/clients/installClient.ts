import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export type Language = 'go' | 'rust' | 'python';

interface Recipe {
  /** What it asks and follows with. */
  readonly library: string;
  readonly steps: readonly (readonly [string, ...string[]])[];
  readonly run: readonly [string, ...string[]];
}

export const recipes: Readonly<Record<Language, Recipe>> = {
  go: {
    library: 'genqlient 0.8.1, gorilla/websocket 1.5.3',
    steps: [
      ['go', 'run', 'github.com/Khan/genqlient', 'genqlient.yaml'],
      ['go', 'build', '-o', 'client', '.'],
    ],
    run: ['./client'],
  },
  rust: {
    library: 'graphql-ws-client 0.13.0, reqwest 0.13.5',
    steps: [['cargo', 'build', '--quiet']],
    run: ['target/debug/tributary-client'],
  },
  python: {
    library: 'gql 4.0.0 (aiohttp, websockets)',
    steps: [
      ['python3', '-m', 'venv', 'venv'],
      ['venv/bin/pip', 'install', '--quiet', '--disable-pip-version-check', '-r', 'requirements.txt'],
    ],
    run: ['venv/bin/python', 'client.py'],
  },
};

/** Installs a client in a folder of its own below the temporary one, where the next run finds it again. Answers that folder. */
export function installClient(language: Language): string {
  const folder = join(tmpdir(), 'tributary-clients', language);
  mkdirSync(folder, { recursive: true });
  cpSync(join(import.meta.dirname, language), folder, { recursive: true });
  cpSync(join(import.meta.dirname, '../../schema/api.graphql'), join(folder, 'schema.graphql'));
  for (const [file, ...args] of recipes[language].steps)
    execFileSync(file, args, { cwd: folder, stdio: ['ignore', 'inherit', 'inherit'] });
  return folder;
}
