import type { GatewayPlugin } from '@graphql-hive/gateway-runtime';
import { parse, type DocumentNode } from 'graphql';
import type { EngineContext } from '../engine/OperationContext.js';
import { checkLimits } from '../operations/checkLimits.js';
import type { OperationLimits } from '../settings.js';

/** Refuses what is too large before it costs anything: tokens while parsing, the rest before validation. Stored operations may be larger. */
export function useOperationLimits(limits: OperationLimits): GatewayPlugin {
  const sound = new WeakSet<DocumentNode>();
  return {
    onParse({ context, setParseFn }) {
      if (isStored(context)) return;
      setParseFn((source, options) => parse(source, { ...options, maxTokens: limits.tokens }));
    },
    onValidate({ params, context }) {
      if (isStored(context) || sound.has(params.documentAST)) return;
      checkLimits(params.documentAST, limits);
      sound.add(params.documentAST);
    },
  };
}

function isStored(context: unknown): boolean {
  return (context as EngineContext).tributary.stored;
}
