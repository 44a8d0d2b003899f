import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { readOperationManifest } from '@tributary/kernel';
import { checkedFirst, positionAfter, toPage } from '@tributary/data';
import type { Database, Page, PageRequest } from '@tributary/data';
import { noteOperationsUsed, operationsUsed } from '../storage/operationUseStatements.js';

/** An operation that is stored at the gateways. */
export interface ListedOperation {
  readonly id: string;
  readonly name: string | null;
  readonly cost: number | null;
  readonly body: string;
  readonly manifest: string;
  readonly audience: 'everybody' | 'people';
}

const listName = 'storedOperations';

/** What is stored, by the name of its manifest: whoever is asked says what there is now. */
export class StoredOperationList {
  constructor(private readonly read: () => readonly ListedOperation[]) {}

  page(request: PageRequest): Page<ListedOperation> {
    checkedFirst(request.first);
    const after = Number(positionAfter(listName, request.after, 1)?.[0] ?? -1);
    const rows = this.read()
      .map((operation, index) => ({ ...operation, index }))
      .filter(({ index }) => index > after)
      .slice(0, request.first + 1);
    return toPage(listName, request, rows, ({ index }) => [index]);
  }

  count(): number {
    return this.read().length;
  }
}

/** Notes when a workspace ran operations; no id twice. */
export async function noteUse(
  database: Database,
  workspaceId: string,
  operations: readonly { readonly documentId: string; readonly at: string }[],
): Promise<void> {
  const latest = new Map<string, Date>();
  for (const { documentId, at } of operations) {
    const time = new Date(at);
    if (time >= (latest.get(documentId) ?? time)) latest.set(documentId, time);
  }
  if (latest.size === 0) return;
  const used = [...latest].map(([documentId, at]) => ({ documentId, at }));
  await database.withWorkspace({ workspaceId }, (transaction) => transaction.query(noteOperationsUsed(used)));
}

/** When a workspace last ran each of these operations, by their ids; those that it never ran are not among them. */
export async function lastUses(
  database: Database,
  workspaceId: string,
  documentIds: readonly string[],
): Promise<ReadonlyMap<string, Date>> {
  if (documentIds.length === 0) return new Map();
  const used = await database.read({ workspaceId }, operationsUsed(documentIds));
  return new Map(used.map(({ documentId, at }) => [documentId, at]));
}

/** Operations of manifests, read when they are asked for. Throws a ConfigError that names a file which is none. */
export function operationsInFiles(files: readonly string[]): ListedOperation[] {
  return files.flatMap((file) =>
    readOperationManifest(JSON.parse(readFileSync(file, 'utf8')), file).map(({ id, name, cost, body }) => ({
      id,
      name: name ?? null,
      cost: cost ?? null,
      body,
      manifest: basename(file),
      audience: 'everybody' as const,
    })),
  );
}
