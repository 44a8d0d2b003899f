/** Milliseconds from an event's commit to its arrival. */
export function latency({ at, body }: { readonly at: number; readonly body: Record<string, any> }): number {
  return at - Date.parse(body['timestamp']);
}

/** Flows of one kind. */
export function documentOf(kind: string): string {
  return `subscription { flowUpdates(filter: { kind: ["${kind}"] }) { type sequence flow { name } } }`;
}
