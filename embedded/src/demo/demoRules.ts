const week = 7 * 86_400;

/** As `createAlertRule` takes them: over the samples two agents, one model and two departments meet them. */
export const demoRules = [
  {
    name: 'Agents that fail too often',
    metric: 'ERROR_RATE',
    comparison: 'ABOVE',
    threshold: 0.06,
    windowSeconds: week,
    groupBy: 'AGENT',
    severity: 'WARNING',
    // Not those of the product itself: they run seldom, and one failed run would be a large share.
    scope: { agent: ['ticket-router', 'helpdesk-assistant', 'cost-analyst', 'incident-scribe', 'estate-auditor'] },
  },
  {
    name: 'Models that keep people waiting',
    metric: 'LATENCY_P95',
    comparison: 'ABOVE',
    threshold: 12_000,
    windowSeconds: week,
    groupBy: 'MODEL',
    severity: 'INFO',
  },
  {
    name: 'Departments above their week',
    metric: 'COST_USD',
    comparison: 'ABOVE',
    threshold: 6,
    windowSeconds: week,
    groupBy: 'DEPARTMENT',
    severity: 'CRITICAL',
  },
] as const;

/** Of the rules above and the flow that fails. */
export const demoAlerts = 6;
