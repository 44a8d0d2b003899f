import { GraphQLError } from 'graphql';
import type { FormattedError } from '../../result/formatError.js';

/** Carries an error that is formatted already through graphql-ws, which takes GraphQLErrors only. */
export class RefusedOperation extends GraphQLError {
  constructor(readonly formatted: FormattedError) {
    super(formatted.message);
  }

  override toJSON(): FormattedError {
    return this.formatted;
  }
}
