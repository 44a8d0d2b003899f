/** US dollars in 10⁻⁹ dollars, rounded half to even. */
export function toNano(usd: number): bigint {
  const rounded = BigInt(usd.toFixed(9).replace('.', ''));
  // Of the numbers that a double holds, just those with ten binary places can lie halfway, and toFixed goes up there.
  const isHalfway = Number.isInteger(usd * 1024) && (usd * 1024) % 2 === 1;
  return isHalfway && rounded % 2n === 1n ? rounded - 1n : rounded;
}
