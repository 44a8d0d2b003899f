import { entities } from './entities.js';
import type { EntityName } from './entities.js';
import { CodedError } from './errors.js';

/** Kinds of ids whose things are reached through others only, and never by node(id). */
const innerTags = ['inv', 'sess', 'audit', 'upload', 'secret', 'attempt', 'replay', 'dead', 'note', 'route'] as const;

export type EntityTag = (typeof entities)[EntityName]['tag'] | (typeof innerTags)[number];

/** The tag at the head of a public id, so that `node(id)` knows which subgraph to ask. */
export const entityTags: readonly EntityTag[] = [...Object.values(entities).map(({ tag }) => tag), ...innerTags];

const publicId = /^([a-z]{2,8})_([0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})$/;

/** The public form of a key: `flow_0190…`. */
export function encodeId(tag: EntityTag, uuid: string): string {
  return `${tag}_${uuid}`;
}

export interface DecodedId {
  readonly tag: EntityTag;
  readonly uuid: string;
}

/** Reads any public id. Throws INVALID_INPUT when the text is no id of ours. */
export function decodeId(id: string): DecodedId {
  const match = publicId.exec(id);
  const tag = entityTags.find((known) => known === match?.[1]);
  if (!match || !tag) {
    throw new CodedError('INVALID_INPUT', 'This is not an id of this graph. Ids look like "flow_0190…".', {
      field: 'id',
    });
  }
  return { tag, uuid: match[2]! };
}

/**
 * The uuid in an id that should be of type `tag`. Null for an id of another type: such a thing does not exist, and the
 * caller answers exactly as for an unknown one. Throws INVALID_INPUT when the text is no id at all.
 */
export function uuidOf(tag: EntityTag, id: string): string | null {
  const decoded = decodeId(id);
  return decoded.tag === tag ? decoded.uuid : null;
}
