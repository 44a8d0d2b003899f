import type { AssetQuery } from '../../graph/generated/types';

export type AssetFacts = NonNullable<AssetQuery['asset']>;
