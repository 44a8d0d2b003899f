import { GraphQLError } from 'graphql';

type Path = readonly (string | number)[];

/** The same error in another place. */
export function errorAt(error: GraphQLError, path: Path): GraphQLError {
  return new GraphQLError(error.message, { path, originalError: error, extensions: error.extensions });
}

/** What made a call fail, as an error of the answer. */
export function errorOfCall(cause: unknown, path: Path): GraphQLError {
  const message = cause instanceof Error ? cause.message : String(cause);
  return new GraphQLError(message, { path, originalError: cause instanceof Error ? cause : new Error(message) });
}

/**
 * Errors of an entity call in the places of its entities: each wherever the entity stands, for one call asks for it once.
 * `placesOf`: paths of the entities behind a key of the answer and an index in it. An error that says nothing of an
 * entity goes to `otherwise`.
 */
export function errorsOfEntities(
  errors: readonly GraphQLError[],
  placesOf: (key: string, index: number) => readonly Path[],
  otherwise: Path,
): GraphQLError[] {
  return errors.flatMap((error) => {
    const [key, index, ...rest] = error.path ?? [];
    const places = typeof key === 'string' && typeof index === 'number' ? placesOf(key, index) : [];
    if (places.length === 0) return [errorAt(error, otherwise)];
    return places.map((place) => errorAt(error, [...place, ...rest]));
  });
}
