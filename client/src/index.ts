export { createTributaryClient } from './createTributaryClient.js';
export type {
  Answer,
  EventOf,
  FollowDocumentOptions,
  FollowOptions,
  RequestOptions,
  TributaryClient,
  TributaryClientOptions,
  WaitOptions,
} from './createTributaryClient.js';
export { subscriptionDocument } from './documents.js';
export { sha256Id } from './operationDocument.js';
export type { DocumentId, OperationDocument } from './operationDocument.js';
export type { Connecting, ConnectionState } from './Connection.js';
export type { Credentials } from './credentials.js';
export type { Backoff } from './backoff.js';
export { hasEnded, isReset } from './events.js';
export type {
  Alert,
  AlertEvent,
  AlertEventType,
  AlertSeverity,
  AlertStatus,
  AlertUpdatesFilter,
  Flow,
  FlowEvent,
  FlowEventType,
  FlowFailure,
  FlowStatus,
  FlowUpdatesFilter,
  JsonObject,
  ResetEvent,
  StreamEvent,
  StreamEventType,
} from './events.js';
export { TributaryError } from './TributaryError.js';
export type { ErrorCode, GraphqlError } from './TributaryError.js';
export type { WebSocketClass } from './oneSocket.js';
