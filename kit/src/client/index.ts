export { Client } from './Client.js';
export type { Answer, GraphqlAnswer, UploadSource } from './Client.js';
export {
  allEvents,
  assertGapless,
  followFlow,
  outcomeOf,
  startDiscovery,
  startDiscoveryOf,
  untilEnded,
} from './discovery.js';
export type { FlowEvent } from './discovery.js';
export { postJson, send } from './http.js';
export type { HttpAnswer, RequestHeaders } from './http.js';
export { askGateway, openSocket, sendOperation, signIn } from './operations.js';
export type { Operation, SignedIn } from './operations.js';
export { lengthenStream } from './longStream.js';
export { serverList, serverListBuffer, writeServerList } from './serverList.js';
export type { ServerListOptions } from './serverList.js';
export { manySockets, watchProgress } from './watchProgress.js';
