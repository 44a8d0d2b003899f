const uuid = /^(?:urn:uuid:)?\{?([0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12})\}?$/;

/** An id as it is compared: in small letters, a UUID without braces or the name of its namespace. */
export function foldId(id: string): string {
  const small = id.trim().toLowerCase();
  return uuid.exec(small)?.[1] ?? small;
}

export function isUuid(id: string): boolean {
  return uuid.test(id.trim().toLowerCase());
}
