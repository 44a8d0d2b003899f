import { Refusal, refusalOf, unreachable } from '../../session/Refusal';
import { say } from '../../words/say';

export interface UploadProgress {
  /** In bytes. */
  readonly sent: number;
  readonly total: number;
  readonly bytesPerSecond: number;
}

interface UploadOptions {
  readonly file: File;
  readonly token: string | null;
  readonly onProgress: (progress: UploadProgress) => void;
  readonly signal: AbortSignal;
}

/** Sends a file to `/uploads` and answers its id. Only XMLHttpRequest tells how far it is. Throws a Refusal. */
export function upload({ file, token, onProgress, signal }: UploadOptions): Promise<string> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    const started = Date.now();
    request.open('POST', `/uploads?name=${encodeURIComponent(file.name)}`);
    if (token) request.setRequestHeader('authorization', `Bearer ${token}`);
    request.setRequestHeader('content-type', 'application/octet-stream');
    request.responseType = 'json';
    request.upload.onprogress = ({ loaded, total }) => {
      const seconds = (Date.now() - started) / 1_000;
      onProgress({ sent: loaded, total, bytesPerSecond: seconds > 0.5 ? loaded / seconds : 0 });
    };
    request.onload = () => {
      const body = request.response as { uploadId?: string; errors?: Parameters<typeof refusalOf>[0][] } | null;
      if (request.status === 201 && body?.uploadId) resolve(body.uploadId);
      else reject(refusalOf(body?.errors?.[0], request.getResponseHeader('x-request-id')));
    };
    request.onerror = () => reject(unreachable());
    request.onabort = () => reject(new Refusal('ABORTED', say('The upload was cancelled.'), null));
    signal.addEventListener('abort', () => request.abort(), { once: true });
    request.send(file);
  });
}
