import { spawnSync } from 'node:child_process';
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const unified = '/sys/fs/cgroup/unified';
const inside = 'TRIBUTARY_IN_OWN_MOUNTS';

/**
 * Runs this program again where containers can be started: on a machine whose cgroups are of both versions at once, in a mount namespace
 * without the second, which crun does not take beside the first. All of podman's commands must share it. Does not return there.
 */
export function inOwnMounts(): void {
  if (!existsSync(unified) || process.env[inside]) return;
  const script = `umount ${unified} && exec "$@"`;
  const again = [process.execPath, ...process.execArgv, ...process.argv.slice(1)];
  const done = spawnSync('unshare', ['--mount', 'sh', '-c', script, 'sh', ...again], {
    stdio: 'inherit',
    env: { ...process.env, [inside]: 'yes' },
  });
  process.exit(done.status ?? 1);
}

/** The settings that podman needs on a machine that gives no more processes and files to a container than it has itself. Answers their file. */
export function writeContainersConf(folder: string): string {
  const file = join(folder, 'containers.conf');
  const lines = [
    '[containers]',
    'default_ulimits = ["nofile=4096:4096", "nproc=4096:4096"]',
    '[engine]',
    'cgroup_manager = "cgroupfs"',
    'events_logger = "file"',
    'runtime = "crun"',
  ];
  writeFileSync(file, `${lines.join('\n')}\n`);
  return file;
}
