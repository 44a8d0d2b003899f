import type { GatewayPlugin } from '@graphql-hive/gateway-runtime';
import type { ExecutionResult, GraphQLError } from 'graphql';

/** The engine keeps one list of errors for a whole subscription, so an error of one event would show on every later one. */
export function useFreshEventErrors(): GatewayPlugin {
  return {
    onSubscribe() {
      return {
        onSubscribeResult() {
          return {
            onNext({ result, setResult }) {
              const event = result as ExecutionResult | undefined;
              if (!event?.errors || event.errors.length === 0) return;
              const errors = [...event.errors];
              (event.errors as GraphQLError[]).length = 0;
              setResult({ ...event, errors });
            },
          };
        },
      };
    },
  };
}
