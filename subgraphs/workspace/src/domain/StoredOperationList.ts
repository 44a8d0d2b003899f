import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { readOperationManifest } from '@tributary/kernel';
import { checkedFirst, positionAfter, toPage } from '@tributary/data';
import type { Page, PageRequest } from '@tributary/data';

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
