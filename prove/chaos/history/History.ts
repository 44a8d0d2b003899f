/**
 * A stream of one workspace: `<workspace uuid>/flows`, `<workspace uuid>/flow:<flow uuid>` or `<workspace uuid>/alerts`; `<workspace
 * uuid>/activity` is the first and the last of these as one.
 */
export type StreamName = string;

/** What a reader was given, as it came. */
export interface Delivery {
  readonly sequence: number;
  readonly cursor: string;
  readonly previousCursor: string | null;
  readonly type: string;
  /** Says which event it is, by what it tells; empty for `stream.*`. */
  readonly identity: string;
}

/** An event as it stands in the log. */
export interface Logged {
  readonly sequence: number;
  readonly identity: string;
  /** The same by what the activity tells of it. */
  readonly told: string;
}

/** Everything that one reader of one stream has seen, over all its connections. */
export interface ReaderHistory {
  readonly name: string;
  /** How it reads, for the count. */
  readonly kind: string;
  readonly stream: StreamName;
  readonly deliveries: Delivery[];
  /** Why it gave up; readers never should. */
  ended: string | null;
}

/** A write whose answer has arrived. */
export interface Acknowledged {
  readonly stream: StreamName;
  /** Of the event that it must have left in the log. */
  readonly identity: string;
}

/** What everybody who took part has seen. */
export class History {
  readonly readers: ReaderHistory[] = [];
  readonly acknowledged: Acknowledged[] = [];

  reader(name: string, kind: string, stream: StreamName): ReaderHistory {
    const reader: ReaderHistory = { name, kind, stream, deliveries: [], ended: null };
    this.readers.push(reader);
    return reader;
  }

  acknowledge(stream: StreamName, identity: string): void {
    this.acknowledged.push({ stream, identity });
  }
}

/** What makes an event this one: its type, the flow or alert that it is about, and what its writer put in. */
export function identityOf(type: string, subjectUuid: string, written: unknown): string {
  return `${type} ${subjectUuid} ${typeof written === 'string' ? written : ''}`.trimEnd();
}

/** What makes an event this one by what the activity tells of it. */
export function toldOf(stream: string, type: string, subjectUuid: string, phase: unknown): string {
  return `${stream} ${type} ${subjectUuid} ${typeof phase === 'string' ? phase : ''}`.trimEnd();
}

/** The uuid of a public id such as `flow_0190…`. */
export function uuidIn(id: string): string {
  return id.slice(id.indexOf('_') + 1);
}
