import { CodedError } from '@tributary/contracts/errors';
import type { KnownOperation } from '../KnownOperation.js';

/** The larger body and the longer time of `x-tributary-ingest: 1` are for `ingestTraces` and nothing beside it. */
export function checkIngestOnly({ rootFields }: KnownOperation): void {
  if (rootFields.length === 1 && rootFields[0]!.name.value === 'ingestTraces') return;
  throw new CodedError('INVALID_INPUT', 'With x-tributary-ingest: 1, ingestTraces must be the only root field.', {
    header: 'x-tributary-ingest',
  });
}
