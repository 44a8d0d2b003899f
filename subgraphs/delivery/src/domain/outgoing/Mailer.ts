import { createTransport, type Transporter } from 'nodemailer';
import type { ChannelAnswer } from '../channels/Adapter.js';

/** How mail leaves, as an operator says it. */
export interface MailSettings {
  /** Such as smtps://user:password@mail.example.com. */
  readonly url: string;
  readonly from: string;
}

export interface MailMessage {
  readonly to: readonly string[];
  readonly subject: string;
  readonly text: string;
  readonly html?: string;
  readonly messageId: string;
  /** The thread that it is of. */
  readonly references?: string;
}

const connectMs = 5_000;
const answerMs = 15_000;

/** Sends mail by the operator’s server. */
export class Mailer implements Disposable {
  private readonly transport: Transporter<{ readonly response: string }>;

  constructor(private readonly settings: MailSettings) {
    this.transport = createTransport({
      url: settings.url,
      connectionTimeout: connectMs,
      greetingTimeout: connectMs,
      socketTimeout: answerMs,
      disableFileAccess: true,
      disableUrlAccess: true,
    });
  }

  /** Never throws. */
  async send(mail: MailMessage): Promise<ChannelAnswer> {
    const { to, references, ...rest } = mail;
    try {
      const { response } = await this.transport.sendMail({
        ...rest,
        to: [...to],
        from: this.settings.from,
        ...(references ? { references, inReplyTo: references } : {}),
        headers: { 'auto-submitted': 'auto-generated' },
        list: { unsubscribe: `mailto:${addressIn(this.settings.from)}?subject=unsubscribe` },
      });
      return { status: 250, text: response, retryAfterMs: null };
    } catch (error) {
      const { responseCode, response, message } = error as {
        responseCode?: number;
        response?: string;
        message: string;
      };
      return { status: responseCode ?? null, text: (response ?? message).slice(0, 300), retryAfterMs: null };
    }
  }

  [Symbol.dispose](): void {
    this.transport.close();
  }
}

/** `Tributary <alerts@example.com>` has one within. */
function addressIn(from: string): string {
  return /<([^>]+)>/.exec(from)?.[1] ?? from;
}
