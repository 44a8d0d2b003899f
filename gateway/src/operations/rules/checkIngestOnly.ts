import { CodedError } from '@tributary/contracts/errors';
import type { GraphFacts } from '../GraphFacts.js';
import type { KnownOperation } from '../KnownOperation.js';

/** The larger body and the longer time of `x-tributary-ingest: 1` are for a mutation that the schema marks with `@ingest`, and nothing beside it. */
export function checkIngestOnly(
  { rootFields, rootType }: KnownOperation,
  { ingest }: Pick<GraphFacts, 'ingest'>,
): void {
  if (rootFields.length === 1 && ingest.has(`${rootType}.${rootFields[0]!.name.value}`)) return;
  const fields = [...ingest].map((coordinate) => coordinate.slice(coordinate.indexOf('.') + 1)).join(' or ');
  throw new CodedError('INVALID_INPUT', `With x-tributary-ingest: 1, ${fields} must be the only root field.`, {
    header: 'x-tributary-ingest',
  });
}
