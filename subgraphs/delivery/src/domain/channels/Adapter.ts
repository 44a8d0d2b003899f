import type { NotificationPayload } from '@tributary/contracts/events';
import type { ChannelAnswer } from '../outgoing/ChannelAnswer.js';
import type { MailMessage } from '../outgoing/Mailer.js';

/** A channel as its adapter sees it. */
export interface OpenChannel {
  readonly id: string;
  readonly workspaceId: string;
  readonly name: string;
  readonly settings: Readonly<Record<string, unknown>>;
  readonly secret: string | null;
}

/** What people are told, and what it can be told again by. */
export interface Message {
  readonly notification: NotificationPayload;
  /** The same for each attempt; another for each notification. */
  readonly id: string;
  readonly at: Date;
  /** What the channel calls the first message of this group; null: this is the first, or it does not say. */
  readonly thread: string | null;
}

/** What is sent: a request or a mail. */
export type Rendered =
  | {
      readonly by: 'http';
      readonly url: string;
      readonly headers: Readonly<Record<string, string>>;
      readonly body: string;
    }
  | { readonly by: 'mail'; readonly mail: MailMessage };

/** `retry`: the channel is in trouble, and all that it has to say waits. `dead`: it does not take this one. */
export type Verdict =
  { readonly kind: 'done'; readonly thread?: string } | { readonly kind: 'retry' } | { readonly kind: 'dead' };

/** One kind of channel: what it is told in, and what its answers mean. Queue, waiting and giving up are the same for all. */
export interface Adapter {
  /** The settings and secret as they are kept. Throws INVALID_INPUT. */
  check(given: GivenSettings, rules: CheckRules): Readonly<Record<string, unknown>>;
  /** What is sent, one after the other. All of it is sent again when one part is to be tried again. */
  render(channel: OpenChannel, message: Message): readonly Rendered[];
  interpret(answer: ChannelAnswer): Verdict;
}

export interface GivenSettings {
  readonly settings: Readonly<Record<string, unknown>>;
  readonly secret: string | null;
}

export interface CheckRules {
  /** Throws INVALID_INPUT for an address that may not be dialled. */
  readonly url: (text: string) => string;
  /** Whether mail can be sent at all. */
  readonly mail: boolean;
}
