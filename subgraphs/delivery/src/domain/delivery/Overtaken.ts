/** The position was taken by somebody else meanwhile: what was about to be written is theirs to write. */
export class Overtaken extends Error {
  override readonly name = 'Overtaken';
}
