const headBytes = 8;

/** The first bytes of a source, which say whether it is a container, and all of it from its beginning on. */
export async function peekBytes(
  source: AsyncGenerator<Buffer>,
): Promise<{ head: Buffer; bytes: AsyncGenerator<Buffer> }> {
  const held: Buffer[] = [];
  let length = 0;
  while (length < headBytes) {
    const next = await source.next();
    if (next.done === true) break;
    held.push(next.value);
    length += next.value.length;
  }
  async function* bytes(): AsyncGenerator<Buffer> {
    yield* held;
    yield* source;
  }
  return { head: Buffer.concat(held).subarray(0, headBytes), bytes: bytes() };
}
