import type { WebhookFormat, WebhookInput, WebhookOrdering, WebhookSigning } from '../../graph/generated/types';
import { textOf } from '../../ui/textOf';

export const signings: readonly WebhookSigning[] = ['SYMMETRIC', 'ASYMMETRIC', 'BOTH'];
export const orderings: readonly WebhookOrdering[] = ['STREAM', 'ENTITY', 'NONE'];

/** What was typed, as the graph takes it. */
export function webhookOf(form: FormData, document: string, format: WebhookFormat): WebhookInput {
  const chosen = <Name extends string>(name: string, names: readonly Name[]): Name =>
    names.find((each) => each === textOf(form, name)) ?? names[0]!;
  return {
    name: textOf(form, 'name'),
    url: textOf(form, 'url'),
    document,
    format,
    signing: chosen('signing', signings),
    ordering: chosen('ordering', orderings),
    maxBatch: Number(textOf(form, 'maxBatch')),
    maxPerSecond: 20,
  };
}
