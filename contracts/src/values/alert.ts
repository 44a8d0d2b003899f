/** Values of the public graph's enums of an alert. From the least grave to the gravest. */
export const alertSeverities = ['INFO', 'WARNING', 'CRITICAL'] as const;
export type AlertSeverity = (typeof alertSeverities)[number];

export const alertStatuses = ['FIRING', 'ACKNOWLEDGED', 'RESOLVED'] as const;
export type AlertStatus = (typeof alertStatuses)[number];

export const comparisons = ['ABOVE', 'BELOW'] as const;
export type Comparison = (typeof comparisons)[number];
