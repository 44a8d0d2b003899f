import type { DocumentNode } from 'graphql';

export declare function secondDescriptions(
  services: readonly { readonly name: string; readonly typeDefs: DocumentNode }[],
): string[];
