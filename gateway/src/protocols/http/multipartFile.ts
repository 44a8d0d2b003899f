import { Transform, type Readable } from 'node:stream';
import { Busboy } from '@fastify/busboy';
import { CodedError } from '@tributary/contracts/errors';
import type { HttpExchange } from './HttpExchange.js';

/** The one file of a form. */
export interface FormFile {
  /** As its sender calls it, without folders; may be empty. */
  readonly filename: string;
  /** Ends when the whole form has been read: a form that is cut or has a second file breaks it. */
  readonly body: Readable;
}

/** What stands around the file in a form: part headers, boundaries, small fields. */
export const maxEnvelopeBytes = 64 * 1024;

const limits = { files: 1, fields: 20, fieldSize: 1_024, fieldNameSize: 100, headerPairs: 20, headerSize: 8_192 };

export function isMultipart(exchange: HttpExchange): boolean {
  return /^multipart\/form-data\b/i.test(exchange.header('content-type') ?? '');
}

/**
 * The file of a `multipart/form-data` body, as `curl -F file=@estate.csv` and FormData send it, in pieces. Fields beside it are ignored.
 * Throws INVALID_INPUT for a body that is no form, MISSING_REQUIRED_FIELD for one without a file.
 */
export async function multipartFile({ request }: HttpExchange): Promise<FormFile> {
  const { promise, resolve, reject } = Promise.withResolvers<FormFile>();
  const read = Promise.withResolvers<void>();
  // Whoever reads the file hears of it; before there is one, `promise` tells.
  read.promise.catch(() => undefined);
  let body: Transform | null = null;
  const fail = (error: CodedError): void => {
    request.unpipe(form);
    reject(error);
    read.reject(error);
    body?.destroy(error);
  };

  const form = openForm(request.headers['content-type'] ?? '');
  form.on('file', (_field, file, filename) => {
    const whole = new Transform({
      transform: (chunk, _encoding, done) => done(null, chunk),
      flush: (done) => void read.promise.then(() => done(), done),
    });
    // It may break before anybody reads it, who then finds it broken.
    whole.on('error', () => undefined);
    body = whole;
    file.on('error', () => fail(noForm()));
    file.pipe(whole);
    resolve({ filename: filename ?? '', body: whole });
  });
  form.on('filesLimit', () =>
    fail(
      new CodedError('INVALID_INPUT', 'An upload is one file: send each in a request of its own.', { field: 'file' }),
    ),
  );
  form.on('error', () => fail(noForm()));
  form.on('finish', () => {
    read.resolve();
    reject(
      new CodedError(
        'MISSING_REQUIRED_FIELD',
        'The form has no file: send one as a part with a filename, such as curl -F file=@estate.csv.',
        { field: 'file' },
      ),
    );
  });
  request.once('close', () => {
    if (!request.complete) fail(new CodedError('INVALID_INPUT', 'The upload was broken off.'));
  });
  request.pipe(form);
  return promise;
}

function openForm(contentType: string): InstanceType<typeof Busboy> {
  try {
    return new Busboy({ headers: { 'content-type': contentType }, limits });
  } catch {
    throw noForm();
  }
}

function noForm(): CodedError {
  return new CodedError(
    'INVALID_INPUT',
    'The body is not the multipart form that its content-type says, or it ends too early. Let your client set the content-type with its boundary.',
    { field: 'content-type' },
  );
}
