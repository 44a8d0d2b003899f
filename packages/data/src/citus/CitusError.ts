/** What keeps a database from being spread over the nodes of a Citus cluster. Its message is for the operator, whole. */
export class CitusError extends Error {
  override readonly name = 'CitusError';
}
