import { spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ComposeProject } from './ComposeProject.ts';

/** The suite of what holds in every mode, over the containers of a project that nobody has used yet. Answers what it said of itself. */
export function runEndToEnd(
  project: ComposeProject,
  { root, folder, origin, privateKey }: { root: string; folder: string; origin: string; privateKey: string },
): { readonly passed: boolean; readonly said: string } {
  const dataFolder = join(folder, 'given');
  mkdirSync(dataFolder);
  writeFileSync(join(dataFolder, 'cluster-secrets.json'), JSON.stringify({ privateKey }), { mode: 0o600 });
  const file = join(dataFolder, 'system.json');
  const redis = project.idOf('redis');
  writeFileSync(
    file,
    JSON.stringify({
      ...{ origin, dataFolder },
      admin: ['podman', 'exec', project.idOf('workspace'), 'node', 'operate/dist/adminMain.js'],
      killRedis: ['podman', 'kill', redis],
      startRedis: ['podman', 'start', redis],
      kill: { gateway: killOf(project.idOf('gateway')), worker: killOf(project.idOf('worker')) },
    }),
  );
  const done = spawnSync(process.execPath, ['scripts/test.mjs', 'test/e2e/everyMode/cluster.e2e'], {
    cwd: root,
    env: { ...process.env, E2E_SYSTEM: file },
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
    timeout: 20 * 60_000,
  });
  const said = `${done.stdout}${done.stderr}`;
  return { passed: done.status === 0, said };
}

/** Kills a container's program, which is the second process in it: the first is what starts it. */
function killOf(id: string): string[] {
  return ['sh', '-c', `kill -9 "$(podman top "$1" pid hpid | awk '$1 == 2 { print $2 }')"`, 'sh', id];
}
