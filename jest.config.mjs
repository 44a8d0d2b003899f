/** @type {import('jest').Config} */
const config = {
  testMatch: ['**/test/**/*.test.ts'],
  testPathIgnorePatterns: ['/node_modules/', '/dist/'],
  modulePathIgnorePatterns: ['/dist/', '/dist-console', '/console/(.next|out)/', '/\\.tributary/'],
  watchPathIgnorePatterns: ['/dist/', '/\\.tributary/'],
  // The same options as the build: one .swcrc for both.
  transform: { '^.+\\.tsx?$': '@swc/jest' },
  extensionsToTreatAsEsm: ['.ts', '.tsx'],
  // NodeNext imports name the file that the build emits.
  moduleNameMapper: { '^(\\.{1,2}/.*)\\.js$': ['$1.ts', '$1.tsx', '$1.js'] },
  // Workspace packages are tested from their sources, without a build.
  testEnvironmentOptions: { customExportConditions: ['source', 'node', 'node-addons'] },
  // One PostgreSQL for all suites, started by the first that asks for a database.
  globalSetup: '<rootDir>/kit/jest/globalSetup.mjs',
  globalTeardown: '<rootDir>/kit/jest/globalTeardown.mjs',
  testSequencer: '<rootDir>/kit/jest/longestFirst.mjs',
  testTimeout: 30_000,
};

export default config;
