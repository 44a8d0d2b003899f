/** An alert as far as Alertmanager’s receivers know one. */
export interface AlertmanagerAlert {
  readonly fingerprint: string;
  readonly title: string;
  readonly description?: string | null;
  readonly severity: string;
  readonly status: string;
  readonly labels?: Readonly<Record<string, unknown>> | null;
  readonly firedAt: string;
  readonly resolvedAt?: string | null;
  readonly runbookUrl?: string | null;
}

export interface AlertmanagerGroup {
  readonly receiver: string;
  readonly groupKey: string;
  readonly groupLabels: Readonly<Record<string, unknown>>;
  readonly alerts: readonly AlertmanagerAlert[];
  /** How many more the group has. */
  readonly truncatedAlerts: number;
}

/** Stands for “not yet” there. */
const notYet = '0001-01-01T00:00:00Z';

/** What Alertmanager sends to its receivers of kind webhook, version 4 of that form. */
export function alertmanagerBody({
  receiver,
  groupKey,
  groupLabels,
  alerts,
  truncatedAlerts,
}: AlertmanagerGroup): Readonly<Record<string, unknown>> {
  const written = alerts.map((alert) => ({
    status: stateOf(alert),
    labels: texts({ ...alert.labels, alertname: alert.title, severity: alert.severity.toLowerCase() }),
    annotations: texts({ summary: alert.title, description: alert.description, runbook_url: alert.runbookUrl }),
    startsAt: alert.firedAt,
    endsAt: alert.resolvedAt ?? notYet,
    generatorURL: '',
    fingerprint: alert.fingerprint,
  }));
  return {
    version: '4',
    groupKey,
    truncatedAlerts: Math.max(0, truncatedAlerts),
    status: written.some(({ status }) => status === 'firing') ? 'firing' : 'resolved',
    receiver,
    groupLabels: texts(groupLabels),
    commonLabels: inCommon(written.map(({ labels }) => labels)),
    commonAnnotations: inCommon(written.map(({ annotations }) => annotations)),
    externalURL: '',
    alerts: written,
  };
}

function stateOf({ status }: AlertmanagerAlert): 'firing' | 'resolved' {
  return status === 'RESOLVED' ? 'resolved' : 'firing';
}

/** Its labels are texts. */
function texts(values: Readonly<Record<string, unknown>>): Record<string, string> {
  const given = Object.entries(values).filter(([, value]) => value !== null && value !== undefined);
  return Object.fromEntries(
    given.map(([name, value]) => [name, typeof value === 'string' ? value : JSON.stringify(value)]),
  );
}

function inCommon(all: readonly Readonly<Record<string, string>>[]): Record<string, string> {
  const [first = {}, ...others] = all;
  return Object.fromEntries(
    Object.entries(first).filter(([name, value]) => others.every((each) => each[name] === value)),
  );
}
