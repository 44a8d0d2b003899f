import type { PhaseRun } from './PhaseRun.js';

export interface PhaseOptions {
  /** What people read. */
  readonly title: string;
  /** Share of the flow's progress, by the time that the phase usually takes. Default 1. */
  readonly weight?: number;
}

export interface PhaseDefinition {
  /** The method's name. */
  readonly name: string;
  readonly title: string;
  readonly weight: number;
  /** Phases that must be done before; none for a start. */
  readonly after: readonly string[];
}

/** How a phase ended. */
export interface PhaseOutcome {
  /** Counts that the phase wants to show; added to what it has saved before. */
  readonly summary?: Readonly<Record<string, unknown>>;
  readonly message?: string;
  /** SKIPPED: there was nothing to do. AWAITING_APPROVAL: a person has to look first; approving ends the phase. Default SUCCEEDED. */
  readonly status?: 'SUCCEEDED' | 'SKIPPED' | 'AWAITING_APPROVAL';
}

export type PhaseMethod = (run: PhaseRun) => Promise<PhaseOutcome>;

const phasesOfClass = new WeakMap<object, PhaseDefinition[]>();

/** Marks the method that a flow begins with. */
export function Start(options: PhaseOptions): MethodDecorator {
  return declare([], options);
}

/** Marks a method that runs once the named phases are done. */
export function Listen(after: string | readonly string[], options: PhaseOptions): MethodDecorator {
  return declare(typeof after === 'string' ? [after] : after, options);
}

function declare(after: readonly string[], options: PhaseOptions): MethodDecorator {
  return (prototype, name) => {
    const phases = phasesOfClass.get(prototype) ?? [];
    phases.push({ name: String(name), title: options.title, weight: options.weight ?? 1, after });
    phasesOfClass.set(prototype, phases);
  };
}

/**
 * The phases of a flow class in the order in which they run: each behind all that it listens to, otherwise as they are written.
 * Throws when there is no start, a phase listens to an unknown one, or phases wait for each other.
 */
export function phasesOf(flowClass: { readonly name: string; readonly prototype: object }): PhaseDefinition[] {
  const waiting = [...(phasesOfClass.get(flowClass.prototype) ?? [])];
  const names = new Set(waiting.map((phase) => phase.name));
  if (!waiting.some((phase) => phase.after.length === 0))
    throw new Error(`${flowClass.name} has no phase with @Start().`);
  for (const phase of waiting) {
    const unknown = phase.after.find((name) => !names.has(name));
    if (unknown !== undefined)
      throw new Error(`${flowClass.name}.${phase.name} listens to ${unknown}, which is no phase.`);
  }
  const ordered: PhaseDefinition[] = [];
  const done = new Set<string>();
  while (waiting.length > 0) {
    const next = waiting.findIndex((phase) => phase.after.every((name) => done.has(name)));
    if (next === -1)
      throw new Error(
        `Phases of ${flowClass.name} wait for each other: ${waiting.map((phase) => phase.name).join(', ')}.`,
      );
    const [phase] = waiting.splice(next, 1);
    ordered.push(phase!);
    done.add(phase!.name);
  }
  return ordered;
}
