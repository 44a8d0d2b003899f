import { stringify } from 'yaml';
import type { z } from 'zod';
import { clusterParts, parts, type Part } from '../../parts.ts';

/** What the Helm chart knows of the parts: `deploy/helm/tributary/parts.yaml`. */
export function chartParts(): string {
  const migrate = parts.find(({ name }) => name === 'migrate')!;
  const known = [...clusterParts, migrate].map((part) => ({
    name: part.name,
    does: part.does,
    command: ['node', ...part.nodeFlags, part.entry],
    ...environmentOf(part),
  }));
  return `# Made by "npm run reference" from parts.ts: what runs, and the settings and secrets that each part reads.\n${stringify({ parts: known }, { lineWidth: 0 })}`;
}

type Entry = [name: string, schema: z.ZodType];

function environmentOf({ groups }: Part) {
  const all = groups.flatMap(({ settings }) => Object.entries(settings.shape) as Entry[]);
  const isSecret = ([, schema]: Entry) => schema.meta()?.['secret'] === true;
  const names = (entries: readonly Entry[]) => [...new Set(entries.map(([name]) => name))].sort();
  return {
    settings: names(all.filter((entry) => !isSecret(entry))),
    secrets: names(all.filter(isSecret)),
    // Without these it does not start.
    demanded: names(all.filter((entry) => isSecret(entry) && !entry[1].safeParse(undefined).success)),
  };
}
