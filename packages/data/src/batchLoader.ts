import DataLoader from 'dataloader';

const loadersOfRequest = new WeakMap<object, Map<string, DataLoader<unknown, unknown, string>>>();

/**
 * The request's DataLoader of that name, made at its first use. `name` must say all that the batch function closes over
 * besides the key (a filter, a page size). `batch` gets distinct keys and answers a map; a key without an entry loads null.
 */
export function batchLoader<Key, Value>(
  request: object,
  name: string,
  batch: (keys: readonly Key[]) => Promise<ReadonlyMap<Key, Value>>,
): { load(key: Key): Promise<Value | null> } {
  let loaders = loadersOfRequest.get(request);
  if (!loaders) loadersOfRequest.set(request, (loaders = new Map<string, DataLoader<unknown, unknown, string>>()));
  let loader = loaders.get(name) as DataLoader<Key, Value | null> | undefined;
  if (!loader) {
    loader = new DataLoader<Key, Value | null>(async (keys) => {
      const values = await batch(keys);
      return keys.map((key) => values.get(key) ?? null);
    });
    loaders.set(name, loader);
  }
  return loader;
}
