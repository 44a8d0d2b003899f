/** How long a refresh token can be used: who stays away longer signs in again. */
export const refreshLifeMs = 7 * 24 * 3600 * 1000;

/**
 * Within this time a spent refresh token gives its one successor again: two tabs that refresh at once, or an answer that was
 * lost on its way, sign nobody out. Later it can only be somebody else's copy.
 */
export const reuseGraceMs = 10_000;

export type TokenVerdict = 'fresh' | 'again' | 'reused' | 'over';

/** What to do with a refresh token that was sent. */
export function judgeToken(
  token: {
    readonly expiresAt: Date;
    readonly rotatedAt: Date | null;
    readonly successorSalt: Buffer | null;
    readonly endedAt: Date | null;
  },
  now: Date,
): TokenVerdict {
  if (token.endedAt !== null || token.expiresAt <= now) return 'over';
  if (token.rotatedAt === null) return 'fresh';
  const withinGrace = now.getTime() - token.rotatedAt.getTime() <= reuseGraceMs && token.successorSalt !== null;
  return withinGrace ? 'again' : 'reused';
}
