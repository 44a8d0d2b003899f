/** A value of an attribute. Bytes come as base64, lists and maps as JSON has them; 64-bit numbers that JSON cannot hold as text. */
export type AttributeValue = string | number | boolean | null | readonly AttributeValue[] | AttributeMap;
export interface AttributeMap {
  readonly [key: string]: AttributeValue;
}

export type Attributes = ReadonlyMap<string, AttributeValue>;

/** A span as OTLP carries it, whichever way it was encoded. */
export interface Span {
  /** 32 lower-case hex digits. */
  readonly traceId: string;
  /** 16 lower-case hex digits. */
  readonly spanId: string;
  /** As `spanId`; null for the root of a trace. */
  readonly parentSpanId: string | null;
  readonly name: string;
  /** Nanoseconds since 1970; 0 when it was not sent. */
  readonly startNanos: bigint;
  readonly endNanos: bigint;
  readonly attributes: Attributes;
  /** Whether its status says that it failed. */
  readonly failed: boolean;
  /** Of whatever sent it: the service, its version, its environment. */
  readonly resource: Attributes;
}
