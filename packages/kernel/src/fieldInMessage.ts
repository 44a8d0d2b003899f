const places: readonly RegExp[] = [
  /^Variable "\$\w+" got invalid value .* at "([\w.[\]]+)"/s,
  /^Variable "\$(\w+)"/,
  /^Argument "(\w+)"/,
];

/**
 * Which variable, argument or field of it a complaint of graphql-js is about, such as `input.traces.3.status`; null when it names none.
 * Its errors say it in their message only.
 */
export function fieldInMessage(message: string): string | null {
  for (const place of places) {
    const field = place.exec(message)?.[1];
    if (field !== undefined) return field.replace(/\[(\d+)\]/g, '.$1');
  }
  return null;
}
