import { webhookTemplates } from '../../graph/generated/webhookTemplates';
import type { PlainText } from '../../words/say';

export type TemplateName = keyof typeof webhookTemplates;

export const templateNames: Readonly<Record<TemplateName, PlainText>> = {
  AlertsToReceiver: 'Every alert',
  CriticalAlertsToReceiver: 'Critical alerts',
  AlertmanagerToReceiver: 'Alerts, as Alertmanager sends them',
  FlowsToReceiver: 'Flows, from phase to phase',
};

/** The subscription that a new webhook begins with. */
export function templateText(name: TemplateName): string {
  return webhookTemplates[name];
}
