import type { GatewayPlugin } from '@graphql-hive/gateway-runtime';
import { parse, type DocumentNode, type ParseOptions, type Source } from 'graphql';
import type { EngineContext } from '../engine/OperationContext.js';
import { checkLiterals } from '../operations/checkInput.js';
import { checkLimits } from '../operations/checkLimits.js';
import type { OperationLimits } from '../settings.js';

/** Refuses what is too large before it costs anything: tokens while parsing, the rest before validation. Stored operations may be larger. */
export function useOperationLimits(limits: OperationLimits): GatewayPlugin {
  const sound = new WeakSet<DocumentNode>();
  return {
    onParse({ context, setParseFn }) {
      if (isStored(context)) return;
      setParseFn((source: string | Source, options?: ParseOptions) =>
        parse(source, { ...options, maxTokens: limits.tokens }),
      );
    },
    onValidate({ params, context }) {
      const document = params.documentAST as DocumentNode;
      if (isStored(context) || sound.has(document)) return;
      checkLimits(document, limits);
      checkLiterals(document, limits);
      sound.add(document);
    },
  };
}

function isStored(context: unknown): boolean {
  return (context as EngineContext).tributary.stored;
}
