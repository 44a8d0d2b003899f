import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { ConfigError } from '@tributary/kernel';
import { runAsProcess } from '@tributary/process';
import { parse } from 'graphql';
import { defaultSettings } from '@tributary/gateway/settings';
import { storeOperations } from '@tributary/gateway/store-operations';

const usage = `npm run operations -- --out partner.json flows.graphql alerts.graphql
Checks the named operations of .graphql files against the supergraph and writes a manifest for STORED_OPERATIONS:
each with its id (SHA-256 of its text) and what it may cost at most.
  --out     the manifest; without it, it goes to standard output
  --schema  default schema/supergraph.graphql`;

await runAsProcess(
  async () => {
    const { values, positionals } = parseArgs({
      allowPositionals: true,
      options: { out: { type: 'string' }, schema: { type: 'string' }, help: { type: 'boolean' } },
    });
    if (values.help || positionals.length === 0) throw new ConfigError(usage);
    const schemaFile = values.schema ?? fileURLToPath(new URL('../../schema/supergraph.graphql', import.meta.url));
    const manifest = storeOperations(
      parse(readFileSync(schemaFile, 'utf8')),
      positionals.map((file) => ({ file, text: readFileSync(file, 'utf8') })),
    );
    const text = `${JSON.stringify(manifest, null, 2)}\n`;
    if (values.out) writeFileSync(values.out, text);
    else process.stdout.write(text);
    for (const { name, id, cost } of manifest.operations) {
      const note = cost > defaultSettings.limits.cost ? '  over what an operation may cost that is not stored' : '';
      process.stderr.write(`${id}  ${String(cost).padStart(9)}  ${name}${note}\n`);
    }
  },
  (error) => (error instanceof Error ? error.message : String(error)),
);
