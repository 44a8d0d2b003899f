import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { fromLines, verifyAudit } from '@tributary/data/audit';
import type { AuditReport, TrailReport } from '@tributary/data/audit';
import { runAsProcess, settingsWithSecrets } from '@tributary/process';
import { auditVerifyingKeys } from './auditKeys.js';
import { readOperateConfig } from './config.js';
import { openForOperator } from './openForOperator.js';

// `npm run audit:verify`: exit code 0 when every trail is whole, 1 when one is not.
await runAsProcess(async () => {
  const { values } = parseArgs({
    options: {
      workspace: { type: 'string' },
      checkpoint: { type: 'string', multiple: true, default: [] },
      json: { type: 'boolean', default: false },
    },
  });
  const config = readOperateConfig(await settingsWithSecrets());
  await using database = await openForOperator(config);
  const report = await verifyAudit({
    adminUrl: database.adminUrl,
    keys: auditVerifyingKeys(database, config),
    slug: values.workspace,
    checkpoints: values.checkpoint.flatMap((file) => fromLines(readFileSync(file, 'utf8'))),
    onReport: (trail) => {
      if (!values.json) console.log(describe(trail));
    },
  });
  console.log(values.json ? JSON.stringify(report, null, 2) : conclusion(report));
  if (report.faults > 0) process.exitCode = 1;
});

function describe({ workspaceId, slug, entries, signedUpTo, faults }: TrailReport): string {
  const name = slug ?? `${workspaceId} (gone)`;
  const signed = signedUpTo === null ? 'never signed' : `signed up to ${signedUpTo}`;
  return [
    `${name}: ${entries} entries, ${signed}`,
    ...faults.map((fault) => `  ${fault.fault}: ${fault.message}`),
  ].join('\n');
}

function conclusion({ trails, entries, faults }: AuditReport): string {
  const looked = `${entries} entries of ${trails.length} workspaces`;
  return faults === 0 ? `Whole: ${looked}.` : `BROKEN: ${faults} faults in ${looked}.`;
}
