import type { KnownOperation } from '../operations/KnownOperation.js';
import type { OperationContext } from '../result/OperationContext.js';

/** The engine's own context carries what is ours, which nothing of the engine knows. */
export interface EngineContext {
  readonly tributary: OperationContext;
  readonly known?: KnownOperation | undefined;
}
