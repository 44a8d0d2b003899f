import type { CodegenConfig } from '@graphql-codegen/cli';

/** Types of our operations, and which types an interface or a union may be: `graphql-codegen --config codegen.ts`. */
const config: CodegenConfig = {
  // Of a running gateway: its URL, with INTROSPECTION=true there.
  schema: '../schema/api.graphql',
  documents: ['operations/*.graphql'],
  generates: {
    'generated/': {
      preset: 'client',
      // Fragments are read as plain types: nothing here hides fields from a component.
      presetConfig: { fragmentMasking: false },
      config: {
        useTypeImports: true,
        enumsAsTypes: true,
        strictScalars: true,
        scalars: {
          // ISO 8601 in UTC, such as 2026-03-01T00:00:00.000Z.
          DateTime: 'string',
          // Opaque: hand it back as you got it.
          Cursor: 'string',
          JSONObject: 'Record<string, unknown>',
        },
      },
    },
    // For caches: Apollo's `possibleTypes`.
    'generated/possibleTypes.ts': {
      plugins: ['fragment-matcher'],
      config: { apolloClientVersion: 3 },
    },
  },
};

export default config;
