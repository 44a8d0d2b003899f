import { durationHistogram } from '@tributary/observability';

/** Operations by kind (query, mutation, subscription, or none when the document was refused) and how they went. */
export const operationSeconds = durationHistogram(
  'tributary_gateway_operation_seconds',
  'Time to answer an operation, or to open a subscription.',
  ['operation', 'outcome'],
);
