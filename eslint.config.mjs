import graphql from '@graphql-eslint/eslint-plugin';
import tseslint from 'typescript-eslint';

const testCode = ['**/test/**', 'benchmarks/**', 'prove/**', 'kit/**'];

const exportsHaveNames = [
  {
    selector: 'ExportDefaultDeclaration',
    message: 'Export by name: a name is what people search for, and it stays the same in every file that imports it.',
  },
  {
    selector: 'ExportAllDeclaration',
    message: 'List what is exported: `export *` makes everything public by accident and hides where a name comes from.',
  },
];

const environmentIsReadOnce = [
  {
    selector: "MemberExpression[object.name='process'][property.name='env']",
    message: 'Only config.ts reads the environment, once and validated (readConfig). Take the setting as an argument.',
  },
  {
    selector: "ImportDeclaration[source.value=/^(node:)?process$/] > ImportSpecifier[imported.name='env']",
    message: 'Only config.ts reads the environment, once and validated (readConfig). Take the setting as an argument.',
  },
];

const rootFieldsNameAnAction = [
  {
    selector:
      "MethodDefinition:has(Decorator[expression.callee.name=/^(Query|Mutation|Subscription)$/]):not(:has(Decorator[expression.callee.name='Allow']))",
    message: 'A root field names what it needs: put @Allow with an action of contracts/src/actions.ts beside it.',
  },
];

const connectionsOfOthersStay = [
  {
    selector: ':matches(Literal[value=/pg_terminate_backend/], TemplateElement[value.raw=/pg_terminate_backend/])',
    message:
      'Call endConnections of @tributary/kit: test files share one PostgreSQL, and without its database a statement ends the connections of the others.',
  },
];

export default tseslint.config(
  {
    ignores: ['**/node_modules/', '**/dist/', '**/coverage/', '.tributary/', 'examples/', 'console/'],
  },
  {
    linterOptions: { reportUnusedDisableDirectives: 'error' },
    // The console has a configuration of its own, and the parser wants to know whose a file is.
    languageOptions: { parserOptions: { tsconfigRootDir: import.meta.dirname } },
  },
  {
    files: ['**/*.ts', '**/*.tsx'],
    extends: [tseslint.configs.recommendedTypeChecked],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      // A promise that nobody waits for fails where nobody looks, and outlives the transaction or request that began it.
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/no-misused-promises': 'error',
      // Decorated signatures and ES modules keep what is imported as a value.
      '@typescript-eslint/consistent-type-imports': ['error', { fixStyle: 'separate-type-imports' }],
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true, allowBoolean: true }],
      // An async function without await keeps the promise of its interface: what it throws becomes a rejection.
      '@typescript-eslint/require-await': 'off',
      // Plug-in objects are taken apart all the time; their methods use no `this`.
      '@typescript-eslint/unbound-method': 'off',
      // graphql-js declares enums and documents their text.
      '@typescript-eslint/no-unsafe-enum-comparison': 'off',
      // TypeORM's own word for an entity class.
      '@typescript-eslint/no-unsafe-function-type': 'off',
      'no-restricted-syntax': ['error', ...exportsHaveNames, ...environmentIsReadOnce, ...rootFieldsNameAnAction],
      eqeqeq: 'error',
      'no-console': 'error',
    },
  },
  {
    files: ['**/config.ts'],
    rules: { 'no-restricted-syntax': ['error', ...exportsHaveNames] },
  },
  {
    // What starts and ends the product speaks to the person at the terminal.
    files: ['**/main.ts', 'embedded/src/**/*.ts', 'operate/src/**/*.ts'],
    rules: { 'no-console': 'off' },
  },
  {
    files: testCode.map((folder) => `${folder}/*.ts`),
    rules: {
      'no-restricted-syntax': ['error', ...exportsHaveNames],
      'no-console': 'off',
      // Tests look into answers whose shape they are there to find out.
      '@typescript-eslint/no-explicit-any': 'off',
      '@typescript-eslint/no-unsafe-argument': 'off',
      '@typescript-eslint/no-unsafe-assignment': 'off',
      '@typescript-eslint/no-unsafe-call': 'off',
      '@typescript-eslint/no-unsafe-member-access': 'off',
      '@typescript-eslint/no-unsafe-return': 'off',
    },
  },
  {
    files: ['**/test/**/*.ts'],
    rules: { 'no-restricted-syntax': ['error', ...exportsHaveNames, ...connectionsOfOthersStay] },
  },
  {
    // What clients see of the graph.
    files: ['schema/api.graphql'],
    plugins: { '@graphql-eslint': graphql },
    languageOptions: { parser: graphql.parser, parserOptions: { graphQLConfig: { schema: 'schema/api.graphql' } } },
    rules: {
      ...graphql.configs['flat/schema-recommended'].rules,
      // An entity implements Node, which has the id. All else (pages, payloads, figures, ranges) is a value inside of what has one.
      '@graphql-eslint/strict-id-in-types': 'off',
    },
  },
  {
    files: ['**/*.mjs', '**/*.cjs'],
    extends: [tseslint.configs.base],
    rules: {
      eqeqeq: 'error',
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_' }],
      'no-restricted-syntax': ['error', ...exportsHaveNames],
    },
  },
  {
    // These tools take their configuration from a default export.
    files: ['*.config.mjs'],
    rules: { 'no-restricted-syntax': 'off' },
  },
);
