/** A stored operation has no "query", which graphql-ws wants to see in every subscribe message. */
export function withQuery(text: string): string {
  if (text.includes('"query"')) return text;
  try {
    const message = JSON.parse(text) as { type?: unknown; payload?: Record<string, unknown> | null };
    if (message.type !== 'subscribe' || typeof message.payload !== 'object' || message.payload === null) return text;
    return JSON.stringify({ ...message, payload: { query: '', ...message.payload } });
  } catch {
    return text;
  }
}
