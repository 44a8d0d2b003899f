import type { DocumentNode, GraphQLSchema } from 'graphql';

export declare function differencesFromContract(contract: DocumentNode, api: GraphQLSchema): string[];
