import type { GraphQLError } from 'graphql';

type Path = readonly (string | number)[];

/** Of the nulls that stand where none may, those that no other error is about. Both in the names of the client. */
export function unexplainedNulls(nulls: readonly GraphQLError[], errors: readonly GraphQLError[]): GraphQLError[] {
  return nulls.filter(({ path = [] }) => !errors.some((error) => error.path && areAboutTheSame(path, error.path)));
}

/** Whether one stands in the other. What a whole call failed with has no indices of lists. */
function areAboutTheSame(place: Path, told: Path): boolean {
  let at = 0;
  for (const step of told) {
    if (typeof step === 'string') while (typeof place[at] === 'number') at += 1;
    if (at >= place.length) return true;
    if (place[at] !== step) return false;
    at += 1;
  }
  return true;
}
