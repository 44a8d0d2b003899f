import type { GraphFacts } from '../GraphFacts.js';
import type { KnownOperation } from '../KnownOperation.js';
import { checkIngestOnly } from './checkIngestOnly.js';
import { checkIntrospection } from './checkIntrospection.js';
import { checkReadOnly } from './checkReadOnly.js';

export interface RuleFacts {
  /** It came by GET. */
  readonly readOnly: boolean;
  /** It came with `x-tributary-ingest: 1`. */
  readonly ingest: boolean;
  /** Whether the schema may be asked for. */
  readonly introspection: boolean;
}

/** The rules about an operation and the way that it came, the same at the gateway and at an edge. Throws what the first broken one says. */
export function checkRules(operation: KnownOperation, facts: RuleFacts, graph: Pick<GraphFacts, 'ingest'>): void {
  if (facts.readOnly) checkReadOnly(operation);
  if (facts.ingest) checkIngestOnly(operation, graph);
  checkIntrospection(operation, facts.introspection);
}
