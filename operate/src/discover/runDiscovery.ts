import { randomUUID } from 'node:crypto';
import { basename } from 'node:path';
import { createInterface } from 'node:readline/promises';
import { createTributaryClient, hasEnded } from '@tributary/client';
import { approveMappings, askApproval } from './askApproval.js';
import type { GraphAccess } from './GraphAccess.js';
import type { ProgressLine } from './ProgressLine.js';
import type { DiscoverArguments } from './readArguments.js';
import { columnsShown } from './summary.js';
import { understoodBy } from './understood.js';
import type { Understood } from './understood.js';

const start = `mutation ($input: StartDiscoveryInput!) { startDiscovery(input: $input) { flow { id } } }`;

/** Sends the file, starts the discovery, and follows it to its end or to where it waits for a person. Answers what became of it. */
export async function runDiscovery(
  access: GraphAccess,
  wanted: DiscoverArguments,
  path: string,
  line: ProgressLine,
  signal: AbortSignal,
): Promise<Understood> {
  const name = basename(path);
  line.show(0, `sending ${name}`);
  const uploadId = await access.upload(path, name);
  const input = {
    name: wanted.name ?? name,
    source: { name, uploadId, ...wanted.source },
    requireApproval: wanted.review,
    idempotencyKey: randomUUID(),
  };
  const { startDiscovery } = await access.ask<{ startDiscovery: { flow: { id: string } } }>(start, { input });
  const flowId = startDiscovery.flow.id;
  while (await reaches(access, flowId, line, signal)) {
    if (!(await approved(access, flowId, wanted))) break;
  }
  return understoodBy(access, flowId);
}

/** Follows the flow. True when it waits for approval, false when it has ended. */
async function reaches(access: GraphAccess, flowId: string, line: ProgressLine, signal: AbortSignal): Promise<boolean> {
  const client = createTributaryClient({ url: access.graphqlUrl, ...access.credentials });
  try {
    for await (const { status, progress, phase, message } of client.flowProgress(flowId, { signal })) {
      line.show(progress ?? 0, [phase, message].filter(Boolean).join(': '));
      if (status === 'AWAITING_APPROVAL') return true;
      if (hasEnded(status)) return false;
    }
    throw new Error(`Nobody follows it any more; it goes on. Its flow is ${flowId}.`);
  } finally {
    client.close();
    line.end();
  }
}

/** Lets the person see what was understood, and say what they think of it. */
async function approved(access: GraphAccess, flowId: string, { yes }: DiscoverArguments): Promise<boolean> {
  process.stdout.write(columnsShown(await understoodBy(access, flowId)));
  if (yes) {
    await approveMappings(access, flowId, []);
    return true;
  }
  const terminal = createInterface({ input: process.stdin });
  try {
    return await askApproval(access, flowId, terminal);
  } finally {
    terminal.close();
  }
}
