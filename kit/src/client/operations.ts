import type { Agent } from 'node:http';
import { createClient, type Client } from 'graphql-ws';
import { WebSocket } from 'ws';
import { postJson, type HttpAnswer, type RequestHeaders } from './http.js';

/** An operation as clients send it. */
export interface Operation {
  readonly query: string;
  readonly variables?: Readonly<Record<string, unknown>>;
}

/** Sends an operation to the gateway at an origin such as `http://127.0.0.1:4000`. */
export function sendOperation(
  origin: string,
  headers: RequestHeaders,
  operation: Operation,
  agent?: Agent,
): Promise<HttpAnswer> {
  return postJson(`${origin}/graphql`, operation, headers, agent);
}

/** Runs an operation that must succeed and answers its data. */
export async function askGateway(
  origin: string,
  headers: RequestHeaders,
  query: string,
  variables: Readonly<Record<string, unknown>> = {},
): Promise<any> {
  const { data, errors } = JSON.parse((await sendOperation(origin, headers, { query, variables })).text) as {
    readonly data?: unknown;
    readonly errors?: unknown;
  };
  if (!data || errors)
    throw new Error(`${JSON.stringify(errors ?? data)} in answer to ${query} ${JSON.stringify(variables)}`);
  return data;
}

/** A socket that is opened with the first subscription, and never again when it is lost. */
export function openSocket(origin: string, authorization: string): Client {
  return createClient({
    url: `${origin.replace('http', 'ws')}/graphql`,
    webSocketImpl: WebSocket,
    connectionParams: { authorization },
    retryAttempts: 0,
  });
}

export interface SignedIn {
  readonly accessToken: string;
  readonly expiresInSeconds: number;
  readonly workspaceId: string;
}

/** Signs a person in with a password; throws when that is refused. */
export async function signIn(origin: string, email: string, password: string, agent?: Agent): Promise<SignedIn> {
  const answer = await postJson(`${origin}/auth/login`, { email, password }, {}, agent);
  if (answer.status !== 200) throw new Error(`Signing in answered ${answer.status}: ${answer.text}`);
  return JSON.parse(answer.text) as SignedIn;
}
