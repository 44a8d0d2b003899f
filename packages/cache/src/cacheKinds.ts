/** How long an answer may be given again: of what is going on, of what dashboards show, of what is over. */
export const cacheKinds = ['HOT', 'WARM', 'COLD'] as const;
export type CacheKind = (typeof cacheKinds)[number];

/** In milliseconds. */
export type CacheTimes = Readonly<Record<CacheKind, number>>;

/** So many times longer is an answer kept for those who would else get none. */
export const graceTimes = 10;
