import { buildClientSchema, introspectionFromSchema, lexicographicSortSchema } from 'graphql';

/** An answer about the schema with types and fields by name, so that the explorer is in an order that people can find things in. */
export function sorted(answer) {
  if (!answer.data?.__schema) return answer;
  return { ...answer, data: introspectionFromSchema(lexicographicSortSchema(buildClientSchema(answer.data))) };
}
