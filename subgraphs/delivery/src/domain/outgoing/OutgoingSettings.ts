import { AddressPolicy } from './AddressPolicy.js';
import type { MailSettings } from './Mailer.js';
import { OwnParts } from './OwnParts.js';

/** Where requests to receivers may go, as an operator says it. */
export interface OutgoingSettings {
  readonly ports: readonly number[];
  /** Private networks that are open, such as 10.0.0.0/8. */
  readonly networks: readonly string[];
  /** URLs of the product’s own parts, its database among them, which nothing is sent to. Default: none. */
  readonly own?: readonly string[];
  /** Null: they go out by themselves. */
  readonly proxyUrl: string | null;
  /** Null: no mail is sent. */
  readonly mail: MailSettings | null;
}

/** Public addresses, and TLS. */
export const publicOnly: OutgoingSettings = { ports: [443], networks: [], proxyUrl: null, mail: null };

/** The same, ready to be asked. */
export interface OutgoingRules extends OutgoingSettings {
  readonly addresses: AddressPolicy;
  readonly ownParts: OwnParts;
}

export function rulesOf(settings: OutgoingSettings): OutgoingRules {
  return { ...settings, addresses: new AddressPolicy(settings.networks), ownParts: new OwnParts(settings.own ?? []) };
}
