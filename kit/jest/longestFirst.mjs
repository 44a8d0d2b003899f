import TestSequencer from '@jest/test-sequencer';

const startsAProduct = (path) => path.includes('.e2e.');
const usesADatabase = (path) => path.includes('.db.');
const weight = ({ path }) => (startsAProduct(path) ? 2 : 0) + (usesADatabase(path) ? 1 : 0);

/**
 * Suites that start the product come first, then those over a database: what runs last is short, and no worker waits for
 * another's long suite. jest knows how long a suite took only where it ran before; a fresh clone does not.
 */
// jest asks for a default export.
// eslint-disable-next-line no-restricted-syntax
export default class LongestFirst extends TestSequencer {
  sort(tests) {
    return super.sort(tests).sort((one, other) => weight(other) - weight(one));
  }
}
