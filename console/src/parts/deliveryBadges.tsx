import type { AttemptOutcome, ChannelKind, DeliveryStatus } from '../graph/generated/types';
import { Badge, type Tone } from '../ui/Badge';
import { type PlainText, say } from '../words/say';

const statuses: Readonly<Record<DeliveryStatus, readonly [PlainText, Tone]>> = {
  PENDING: ['Not tested', 'warn'],
  ACTIVE: ['Delivers', 'good'],
  FAILING: ['In trouble', 'bad'],
  PAUSED: ['Stopped', 'warn'],
  DISABLED: ['Given up', 'bad'],
};

/** Whether a webhook or a channel takes what it is sent. */
export function DeliveryBadge({ status }: { readonly status: DeliveryStatus }) {
  const [text, tone] = statuses[status];
  return (
    <Badge tone={tone} pulse={status === 'FAILING'}>
      {say(text)}
    </Badge>
  );
}

const outcomes: Readonly<Record<AttemptOutcome, readonly [PlainText, Tone]>> = {
  DELIVERED: ['Delivered', 'good'],
  RETRY: ['Tried again', 'warn'],
  DEAD_LETTER: ['Not taken', 'bad'],
  REFUSED: ['Refused', 'bad'],
};

/** What came of a request. Null: it is on its way. */
export function OutcomeBadge({ outcome }: { readonly outcome: AttemptOutcome | null | undefined }) {
  if (!outcome) return <Badge tone="busy">{say('On its way')}</Badge>;
  const [text, tone] = outcomes[outcome];
  return <Badge tone={tone}>{say(text)}</Badge>;
}

const reasons: Readonly<Record<string, PlainText>> = {
  NOT_VERIFIED: 'Its receiver has not answered a test yet.',
  BY_PERSON: 'Somebody stopped it.',
  OWNER_GONE: 'Whoever it belongs to may receive nothing any more: somebody else has to resume it.',
  GONE: 'Its receiver said that it is gone for good.',
  FAILING_TOO_LONG: 'Its receiver took nothing for five days.',
};

/** Why nothing is sent; null while it is. */
export function whyNothingIsSent(reason: string | null | undefined): string | null {
  if (!reason) return null;
  const known = reasons[reason];
  return known ? say(known) : reason;
}

const kinds: Readonly<Record<ChannelKind, PlainText>> = {
  EMAIL: 'E-mail',
  SLACK: 'Slack',
  PAGERDUTY: 'PagerDuty',
  WEBHOOK: 'Webhook',
};

export function channelKindName(kind: ChannelKind): string {
  return say(kinds[kind]);
}
