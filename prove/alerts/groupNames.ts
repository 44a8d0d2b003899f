/** Agents that rules are evaluated by. */
export function groupNames(count: number): string[] {
  return Array.from({ length: count }, (_, index) => `agent-${index}`);
}
