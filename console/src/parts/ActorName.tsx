import { say } from '../words/say';
interface Actor {
  readonly __typename: string;
  readonly displayName?: string;
  readonly name?: string;
  readonly part?: string;
}

/** Who did it. Null: whoever looks may not see it. */
export function actorName(actor: Actor | null | undefined): string {
  if (!actor) return '–';
  return actor.displayName ?? (actor.name ? say('Key {name}', { name: actor.name }) : (actor.part ?? '–'));
}
