/** Names are the sender's, so an answer shows no more of them than helps. */
export function fieldOf(path: readonly string[]): string {
  return path.slice(0, 8).join('.').slice(0, 200);
}
