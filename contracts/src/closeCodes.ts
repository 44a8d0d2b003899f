/** WebSocket close codes of ours, beside those of graphql-ws. After each of them a client may come back with its cursor. */
export const closeCodes = {
  /** graphql-ws's Unauthorized: the credentials that the socket was opened with can never do; the reason is the error code. Clients do not try again. */
  unauthorized: 4401,
  /** graphql-ws's Forbidden: the credentials in connection_init have expired or could not be checked just now, or those in a ping will not do; the reason is the error code. */
  forbidden: 4403,
  /** The access token that opened the socket has expired. */
  expired: 4440,
  /** The session or key behind the socket was revoked, or its workspace suspended. */
  revoked: 4441,
  /** This gateway is being stopped; another one serves. */
  drain: 4442,
  /** The person, key or workspace has as many sockets as it may; the reason is the error code. */
  quota: 4443,
} as const;
