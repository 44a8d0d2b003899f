import tseslint from 'typescript-eslint';

/** Each part sees only what stands before it here: `words` sees nothing, `views` sees all. */
const stairs = [
  'words',
  'host',
  'preferences',
  'ui',
  'charts',
  'graphs',
  'tables',
  'session',
  'graph',
  'live',
  'filters',
  'parts',
  'views',
  'shell',
];
/** Where the order is not a line: hooks that read a preference, and a picker that knows words. */
const alsoSee = { words: ['preferences'], graphs: ['words'], tables: ['preferences'] };

const noNext = {
  group: ['next', 'next/*'],
  message: 'Only app/ and src/host/ know Next: use host/navigation, so that leaving it stays a day’s work.',
};

function stairRule(part, index) {
  const above = stairs.slice(index + 1).filter((each) => !(alsoSee[part] ?? []).includes(each));
  return {
    files: [`src/${part}/**/*.{ts,tsx}`],
    rules: {
      'no-restricted-imports': [
        'error',
        {
          patterns: [
            ...(part === 'host' ? [] : [noNext]),
            ...(above.length === 0
              ? []
              : [
                  {
                    group: above.flatMap((each) => [`../${each}/*`, `../../${each}/*`]),
                    message: `${part}/ stands below what this imports. Move the part down, or hand the value in.`,
                  },
                ]),
          ],
        },
      ],
    },
  };
}

export default tseslint.config(
  { ignores: ['node_modules/', '.next/', 'out/', 'src/graph/generated/', 'next-env.d.ts'] },
  {
    linterOptions: { reportUnusedDisableDirectives: 'error' },
    languageOptions: { parserOptions: { tsconfigRootDir: import.meta.dirname } },
  },
  { files: ['**/*.mjs'], extends: [tseslint.configs.base] },
  {
    files: ['**/*.ts', '**/*.tsx'],
    extends: [tseslint.configs.recommendedTypeChecked],
    languageOptions: {
      parserOptions: { project: ['./tsconfig.json', './test/tsconfig.json'], tsconfigRootDir: import.meta.dirname },
    },
    rules: {
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/no-misused-promises': 'error',
      '@typescript-eslint/consistent-type-imports': ['error', { fixStyle: 'separate-type-imports' }],
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true, allowBoolean: true }],
      'no-restricted-syntax': [
        'error',
        {
          selector: 'ExportDefaultDeclaration',
          message: 'Export by name: it stays the same in every file that imports it.',
        },
        {
          selector: 'ExportAllDeclaration',
          message: 'List what is exported: `export *` makes everything public by accident.',
        },
      ],
      eqeqeq: 'error',
      'no-console': 'error',
    },
  },
  ...stairs.map(stairRule),
  {
    // Next takes a page from its default export, and its configuration, too.
    files: ['app/**/*.tsx', '*.config.ts'],
    rules: { 'no-restricted-syntax': 'off' },
  },
);
