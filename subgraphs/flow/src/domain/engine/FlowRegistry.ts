import { phasesOf } from './phases.js';
import type { PhaseDefinition, PhaseMethod } from './phases.js';

export interface FlowDefinition {
  readonly kind: string;
  readonly phases: readonly PhaseDefinition[];
  method(phase: string): PhaseMethod;
}

/** The kinds of flows that our own workers run, each a class whose methods are phases. */
export class FlowRegistry {
  private readonly definitions = new Map<string, FlowDefinition>();

  /** Throws when the kind is taken or the phases of the class do not fit together. */
  register(kind: string, flow: object): this {
    if (this.definitions.has(kind)) throw new Error(`Two flow classes are of kind ${kind}.`);
    const phases = phasesOf(flow.constructor);
    const methods = flow as Record<string, PhaseMethod>;
    this.definitions.set(kind, { kind, phases, method: (phase) => methods[phase]!.bind(flow) });
    return this;
  }

  find(kind: string): FlowDefinition | null {
    return this.definitions.get(kind) ?? null;
  }

  get kinds(): ReadonlySet<string> {
    return new Set(this.definitions.keys());
  }
}
