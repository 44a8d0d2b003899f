export { alertEventTypes } from './alert.js';
export type { AlertEventPayload, AlertEventType } from './alert.js';
export { flowEventTypes, flowLifeEventTypes } from './flow.js';
export type { FlowEventPayload, FlowEventType, FlowFailureFacts, FlowLifeEventType } from './flow.js';
export { eventStreams, flowStream, logOfStreamField, streamEventTypes, streamKind } from './streams.js';
export type { EventStreamDefinition, StreamEventType, StreamId } from './streams.js';
export { traceEventTypes } from './traces.js';
export type { TimeSpan, TraceEventType, TracesIngestedPayload } from './traces.js';
