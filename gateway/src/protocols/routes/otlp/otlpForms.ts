import type { InputOf, otlpTracesCommand } from '@tributary/contracts/commands';
import { CodedError } from '@tributary/contracts/errors';
import type { HttpExchange } from '../../http/HttpExchange.js';
import { UnsupportedBody } from '../../http/readBody.js';

type RequestForm = InputOf<typeof otlpTracesCommand>;

export const contentTypes = { protobuf: 'application/x-protobuf', json: 'application/json' } as const;

/** In what a request is encoded, and so its answer; null when it is neither. */
export function otlpFormat(exchange: HttpExchange): keyof typeof contentTypes | null {
  const type = exchange.header('content-type')?.split(';', 1)[0]?.trim().toLowerCase();
  if (type === contentTypes.protobuf) return 'protobuf';
  return type === contentTypes.json ? 'json' : null;
}

/** Throws UnsupportedBody, and INVALID_INPUT for a value that the header does not take. */
export function requestForm(exchange: HttpExchange): RequestForm {
  const format = otlpFormat(exchange);
  if (!format) throw new UnsupportedBody(`Send ${contentTypes.protobuf} or ${contentTypes.json}.`);
  const encoding = exchange.header('content-encoding')?.trim().toLowerCase() ?? '';
  if (encoding !== '' && encoding !== 'identity' && encoding !== 'gzip')
    throw new UnsupportedBody('Send the body zipped with gzip, or plain.');
  const counted = exchange.header('x-tributary-count-usage')?.trim().toUpperCase() ?? 'MODEL';
  if (counted !== 'MODEL' && counted !== 'RUN')
    throw new CodedError('INVALID_INPUT', 'x-tributary-count-usage is model or run.', {
      field: 'x-tributary-count-usage',
    });
  return { format, gzip: encoding === 'gzip', countUsageOf: counted };
}
