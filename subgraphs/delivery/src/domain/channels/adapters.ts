import type { ChannelKind } from '@tributary/contracts/values';
import type { Adapter } from './Adapter.js';
import { emailAdapter } from './emailAdapter.js';
import { pagerDutyAdapter } from './pagerDutyAdapter.js';
import { slackAdapter } from './slackAdapter.js';
import { webhookAdapter } from './webhookAdapter.js';

/** What each kind of channel is told in. */
export const adapters: Readonly<Record<ChannelKind, Adapter>> = {
  EMAIL: emailAdapter,
  SLACK: slackAdapter,
  PAGERDUTY: pagerDutyAdapter,
  WEBHOOK: webhookAdapter,
};
