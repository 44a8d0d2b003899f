import ipaddr from 'ipaddr.js';
import { readConfig, setting } from '@tributary/kernel';
import { z } from 'zod';
import type { OutgoingSettings } from './domain/outgoing/OutgoingSettings.js';

const addresses = (text: string): string[] => {
  const list = text.split(',').map((part) => part.trim());
  for (const part of list.filter((each) => each !== '')) ipaddr.parseCIDR(part);
  return list.filter((part) => part !== '');
};

/** Where webhooks and mail may go. */
export const webhookSettings = z.object({
  WEBHOOK_PORTS: z
    .string()
    .default('443')
    .transform((text) => text.split(',').map(Number))
    .refine((ports) => ports.every((port) => Number.isInteger(port) && port > 0 && port < 65_536), {
      error: 'must be ports with a comma between',
    })
    .meta({ description: 'ports of receivers, comma between', otherwise: '443' }),
  WEBHOOK_ALLOW_ADDRESSES: z
    .string()
    .default('')
    .refine((text) => canRead(() => addresses(text)), { error: 'must be networks such as 10.0.0.0/8, comma between' })
    .transform(addresses)
    .meta({
      description:
        'private networks that receivers may be in, such as 10.0.0.0/8, comma between; what is written as an address in them may be without TLS',
      otherwise: 'none: public addresses only',
    }),
  WEBHOOK_PROXY_URL: setting.url().optional().describe('an egress proxy that all webhooks are sent through'),
  SMTP_URL: z
    .string()
    .regex(/^smtps?:\/\/[^/]+/, { error: 'must begin with smtp:// or smtps://' })
    .optional()
    .meta({
      description: 'the server that mail is sent by, such as smtps://user:password@mail.example.com',
      otherwise: 'no mail is sent',
      secret: true,
    }),
  SMTP_FROM: z.string().default('Tributary <tributary@localhost>').describe('whom mail is from'),
});

/** Where webhooks and mail of this installation may go. Throws a ConfigError for what cannot be read. */
export function readWebhookConfig(env: NodeJS.ProcessEnv = process.env): OutgoingSettings {
  const settings = readConfig(webhookSettings, env);
  return {
    ports: settings.WEBHOOK_PORTS,
    networks: settings.WEBHOOK_ALLOW_ADDRESSES,
    proxyUrl: settings.WEBHOOK_PROXY_URL ?? null,
    own: ownUrls(env),
    mail: settings.SMTP_URL === undefined ? null : { url: settings.SMTP_URL, from: settings.SMTP_FROM },
  };
}

/** Whatever the settings name as another part: the database, Redis, the gateway, the subgraphs; and where this process itself listens. */
function ownUrls(env: NodeJS.ProcessEnv): string[] {
  const urls = Object.entries(env).flatMap(([name, value]) =>
    /(^|_)(URL|ADDR)$/.test(name) && name !== 'WEBHOOK_PROXY_URL' ? (value ?? '').split(',') : [],
  );
  return [...urls.map((url) => url.trim()), ...(env['PORT'] ? [`http://127.0.0.1:${env['PORT']}`] : [])];
}

function canRead(read: () => unknown): boolean {
  try {
    read();
    return true;
  } catch {
    return false;
  }
}
