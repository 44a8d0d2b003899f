// jest asks for a default export.
// eslint-disable-next-line no-restricted-syntax
export default async function globalTeardown() {
  await globalThis.tributaryTestRun?.close();
}
