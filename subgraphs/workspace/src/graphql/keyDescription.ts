/** What every input says of its idempotencyKey. */
export const keyDescription =
  'At most 200 characters. The same key with the same input within 24 hours does nothing and answers the same again. Null: the call may run each time.';
