/**
 * The nearest whole number, of two equally near ones the even one. A price times tokens is a product of decimals that a float holds a
 * little off: what is within a millionth of a half is taken for one.
 */
export function roundHalfEven(value: number): number {
  const below = Math.floor(value);
  const part = value - below;
  if (Math.abs(part - 0.5) > 1e-6) return part > 0.5 ? below + 1 : below;
  return below % 2 === 0 ? below : below + 1;
}
