import { Authorized, Extensions } from 'type-graphql';
import type { AuthCheckerFn } from 'type-graphql';
import { CodedError } from '@tributary/contracts/errors';
import { mayDo } from '@tributary/contracts/actions';
import type { Action } from '@tributary/contracts/actions';
import type { GraphqlContext } from './GraphqlContext.js';

/** Name of the schema extension in which a field carries its action: the schema walk reads it. */
export const actionExtension = 'action';

/** Declares the action that a field needs. Every root field and every field that joins another subgraph's data has one. */
export function Allow(action: Action): MethodDecorator & PropertyDecorator {
  return (target: object, property: string | symbol, descriptor?: PropertyDescriptor) => {
    const decorate = [Authorized<Action>([action]), Extensions({ [actionExtension]: action })];
    for (const decorator of decorate)
      (decorator as MethodDecorator)(target, property, descriptor as PropertyDescriptor);
  };
}

/** Declares the action without which a field's value is masked: whoever makes the value checks it. Every field that tells of people has one. */
export function MaskedWithout(action: Action): MethodDecorator & PropertyDecorator {
  return Extensions({ [actionExtension]: action });
}

/** Checks the action of a field against the principal. Throws INSUFFICIENT_PERMISSIONS; deny by default. */
export const checkAction: AuthCheckerFn<GraphqlContext, Action> = ({ context }, required) => {
  const [action] = required;
  if (!action || !mayDo(context.principal, action)) {
    throw new CodedError(
      'INSUFFICIENT_PERMISSIONS',
      `This needs the action ${action ?? 'of the field'}, which your role or key does not have.`,
      {
        action,
      },
    );
  }
  return true;
};
