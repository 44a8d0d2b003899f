import { openAsBlob } from 'node:fs';
import { ConfigError } from '@tributary/kernel';

/** What the graph refuses, with its code. */
export class Refused extends Error {
  constructor(
    readonly code: string,
    message: string,
  ) {
    super(`${message} (${code})`);
  }
}

/** How a client signs in: with an access token or an API key. */
export type Credentials = { readonly authorization: string } | { readonly apiKey: string };

interface Answer {
  readonly data?: unknown;
  readonly errors?: readonly { readonly message: string; readonly extensions?: { readonly code?: string } }[];
}

/** The routes of a system, as one caller. */
export class GraphAccess {
  constructor(
    /** Without a path, such as `http://127.0.0.1:4000`. */
    readonly origin: string,
    readonly credentials: Credentials,
  ) {}

  get graphqlUrl(): string {
    return new URL('/graphql', this.origin).href;
  }

  private get headers(): Record<string, string> {
    return 'apiKey' in this.credentials
      ? { 'x-api-key': this.credentials.apiKey }
      : { authorization: this.credentials.authorization };
  }

  /** Asks a query or mutation. Throws Refused for an error that leaves nothing. */
  async ask<Data>(query: string, variables: Record<string, unknown> = {}): Promise<Data> {
    const answer = await this.post('/graphql', {
      headers: { ...this.headers, 'content-type': 'application/json' },
      body: JSON.stringify({ query, variables }),
    });
    if (answer.errors) throw refusalOf(answer);
    return answer.data as Data;
  }

  /** Sends a file in pieces. Answers the id for `source.uploadId`. */
  async upload(file: string, name: string): Promise<string> {
    const path = `/uploads?name=${encodeURIComponent(name)}`;
    const answer = await this.post(path, { headers: this.headers, body: await openAsBlob(file) });
    if (answer.errors) throw refusalOf(answer);
    return (answer as unknown as { readonly uploadId: string }).uploadId;
  }

  private post(path: string, request: RequestInit): Promise<Answer> {
    return postTo(new URL(path, this.origin), request);
  }
}

/** Signs a person in. Answers the access token. Throws Refused. */
export async function signIn(origin: string, email: string, password: string): Promise<Credentials> {
  const answer = await postTo(new URL('/auth/login', origin), {
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ email, password }),
  });
  if (answer.errors) throw refusalOf(answer);
  return { authorization: `Bearer ${(answer as { readonly accessToken: string }).accessToken}` };
}

async function postTo(url: URL, request: RequestInit): Promise<Answer> {
  const response = await fetch(url, { ...request, method: 'POST' }).catch((cause: unknown) => {
    throw new ConfigError(`Nothing answers at ${url.origin}. Is it the address of a Tributary that runs?`, { cause });
  });
  const answer = (await response.json().catch(() => null)) as Answer | null;
  if (answer === null || typeof answer !== 'object')
    throw new ConfigError(
      `${url.origin} answered ${response.status}, and not as a Tributary does. Is the address right?`,
    );
  return answer;
}

function refusalOf({ errors = [] }: Answer): Refused {
  const [first] = errors;
  return new Refused(first?.extensions?.code ?? 'INTERNAL_ERROR', first?.message ?? 'It was refused.');
}
