import type { Transporter } from 'nodemailer';
import type { ChannelAnswer } from './ChannelAnswer.js';

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
  private transport: Transporter<{ readonly response: string }> | null = null;

  constructor(private readonly settings: MailSettings) {}

  /** Never throws. */
  async send(mail: MailMessage): Promise<ChannelAnswer> {
    const { to, references, ...rest } = mail;
    try {
      const { response } = await (
        await this.connect()
      ).sendMail({
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
    this.transport?.close();
  }

  /** The library takes 5 MB in each thread, for those alone that send mail. */
  private async connect(): Promise<Transporter<{ readonly response: string }>> {
    const { createTransport } = await import('nodemailer');
    return (this.transport ??= createTransport({
      url: this.settings.url,
      connectionTimeout: connectMs,
      greetingTimeout: connectMs,
      socketTimeout: answerMs,
      disableFileAccess: true,
      disableUrlAccess: true,
    }));
  }
}

/** `Tributary <alerts@example.com>` has one within. */
function addressIn(from: string): string {
  return /<([^>]+)>/.exec(from)?.[1] ?? from;
}
