import type { AlertQuery } from '../../graph/generated/types';

/** An alert as its panel shows it, with what happened to it. */
export type AlertFacts = NonNullable<AlertQuery['alert']>;
