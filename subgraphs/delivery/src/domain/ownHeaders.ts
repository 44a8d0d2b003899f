import { CodedError } from '@tributary/contracts/errors';
import type { WorkspaceCipher } from '@tributary/data/encryption';
import { webhookHeaders } from '../storage/encryptedColumns.js';
import type { WebhookRow } from './model.js';

export interface OwnHeader {
  readonly name: string;
  readonly value: string;
}

const mostHeaders = 10;
const longestValue = 4_000;
const token = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]{1,100}$/;
/** What a request is made of, and what says who it is from. */
const ours =
  /^(host|connection|transfer-encoding|expect|upgrade|te|trailer|keep-alive|user-agent|content-.*|webhook-.*|proxy-.*)$/;

/** A receiver's own headers, names in small letters. Throws INVALID_INPUT, QUOTA_EXCEEDED. */
export function checkedHeaders(headers: readonly OwnHeader[]): Record<string, string> {
  if (headers.length > mostHeaders)
    throw new CodedError('QUOTA_EXCEEDED', `A webhook has ${mostHeaders} headers at most.`, { limit: mostHeaders });
  const checked: Record<string, string> = {};
  for (const { name, value } of headers) {
    const small = name.toLowerCase();
    if (!token.test(small) || ours.test(small) || Object.hasOwn(checked, small))
      throw refused('The name of a header is none, is given twice, or is one that the request has itself.');
    if (value.length > longestValue || !/^[\t\x20-\x7e]*$/.test(value))
      throw refused('The value of a header has at most 4,000 characters of ASCII.');
    checked[small] = value;
  }
  return checked;
}

export function sealHeaders(
  cipher: WorkspaceCipher,
  webhookId: string,
  headers: Readonly<Record<string, string>>,
): string | null {
  return Object.keys(headers).length === 0 ? null : cipher.seal(webhookHeaders, [webhookId], JSON.stringify(headers));
}

export function openHeaders(cipher: WorkspaceCipher, { id, headers }: WebhookRow): Record<string, string> {
  return headers === null ? {} : (JSON.parse(cipher.open(webhookHeaders, [id], headers)) as Record<string, string>);
}

function refused(message: string): CodedError {
  return new CodedError('INVALID_INPUT', message, { field: 'headers' });
}
