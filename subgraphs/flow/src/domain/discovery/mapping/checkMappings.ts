import { findMappingTarget, type TargetField } from './mappingTargets.js';

/** A person's or our own decision for one column. */
export interface MappingDecision {
  readonly sourceField: string;
  readonly targetField: string | null;
}

export interface MappingProblem {
  /** Null when it is not about one column. */
  readonly sourceField: string | null;
  readonly message: string;
}

const standIns: readonly TargetField[] = ['name', 'hostname', 'externalId', 'ipAddress'];

/** What keeps these mappings from being used; empty when nothing does. Messages say what to change. */
export function checkMappings(mappings: readonly MappingDecision[], columns: readonly string[]): MappingProblem[] {
  const problems: MappingProblem[] = [];
  const known = new Set(columns);
  const seen = new Set<string>();
  const holders = new Map<string, string>();
  for (const { sourceField, targetField } of mappings) {
    if (!known.has(sourceField)) problems.push({ sourceField, message: `The source has no column ${sourceField}.` });
    if (seen.has(sourceField)) problems.push({ sourceField, message: `The column ${sourceField} is mapped twice.` });
    seen.add(sourceField);
    if (targetField === null) continue;
    const target = findMappingTarget(targetField);
    if (target === null) {
      problems.push({ sourceField, message: `There is no target ${targetField}. Query mappingTargets for the list.` });
      continue;
    }
    const holder = holders.get(targetField);
    if (holder !== undefined && !target.multiple) {
      problems.push({
        sourceField,
        message: `${targetField} takes one column, and ${holder} is mapped to it already.`,
      });
    }
    holders.set(targetField, sourceField);
  }
  if (isConnections(holders)) return problems;
  if (holders.has('dependency.from') || holders.has('dependency.to')) {
    problems.push({
      sourceField: null,
      message: 'A connections file needs a column for dependency.from and one for dependency.to.',
    });
  } else if (!standIns.some((field) => holders.has(field))) {
    problems.push({
      sourceField: null,
      message: 'Map a column to name, or to hostname, externalId or ipAddress, which can stand in for it.',
    });
  }
  return problems;
}

function isConnections(holders: ReadonlyMap<string, string>): boolean {
  return holders.has('dependency.from') && holders.has('dependency.to');
}
