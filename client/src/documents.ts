const position = 'sequence cursor previousCursor type data occurredAt';
const flowFields = `${position} phase status progress message
    flow { id kind name status progress failure { code message phase retryable } createdAt startedAt finishedAt version }`;
const alertFields = `${position}
    alert { id fingerprint severity status title description labels value occurrences firstSeenAt lastSeenAt acknowledgedAt comment resolvedAt version }`;

// `after` is a variable and the text stays the same, so that the server recognises watchers of the same thing.
const operations = {
  flowProgress: {
    heading: 'FlowProgress($flowId: ID!, $after: Cursor)',
    call: 'flowProgress(flowId: $flowId, after: $after)',
    fields: flowFields,
  },
  flowUpdates: {
    heading: 'FlowUpdates($filter: FlowUpdatesFilter, $after: Cursor)',
    call: 'flowUpdates(filter: $filter, after: $after)',
    fields: flowFields,
  },
  alertUpdates: {
    heading: 'AlertUpdates($filter: AlertUpdatesFilter, $after: Cursor)',
    call: 'alertUpdates(filter: $filter, after: $after)',
    fields: alertFields,
  },
};

export type SubscriptionField = keyof typeof operations;

/** `selection` is added to the fields that events always have, and merges with them. */
export function subscriptionDocument(field: SubscriptionField, selection = ''): string {
  const { heading, call, fields } = operations[field];
  return `subscription ${heading} {
  ${call} {
    ${fields}
    ${selection}
  }
}`;
}
