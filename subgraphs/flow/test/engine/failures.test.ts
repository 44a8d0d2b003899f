import { describe, expect, test } from '@jest/globals';
import { CodedError } from '@tributary/contracts/errors';
import { PhaseFailure, readFailure } from '../../src/domain/engine/PhaseFailure.js';
import { SourceError } from '../../src/domain/discovery/sourceErrors.js';

describe('what an error means for a flow', () => {
  test('is said by the error itself, of whatever kind of flow it is', () => {
    const told = Object.assign(new Error('The tape is being rewound.'), {
      code: 'TAPE_BUSY',
      retryable: true,
      passing: true,
    });
    expect(readFailure(told)).toEqual({
      code: 'TAPE_BUSY',
      message: 'The tape is being rewound.',
      retryable: true,
      passing: true,
      unexpected: false,
    });
    expect(readFailure(new SourceError('EMPTY_SOURCE', 'The source is empty.'))).toMatchObject({
      code: 'EMPTY_SOURCE',
      retryable: false,
      passing: false,
      unexpected: false,
    });
    expect(readFailure(new PhaseFailure('SOURCE_GONE', 'It is gone.', false))).toMatchObject({ passing: false });
  });

  test('is known from the register for coded errors, and is our fault for all others', () => {
    expect(readFailure(new CodedError('SERVICE_UNAVAILABLE', 'Later.'))).toMatchObject({ passing: true });
    expect(readFailure(new CodedError('INVALID_INPUT', 'No.'))).toMatchObject({ passing: false, unexpected: true });
    expect(readFailure(Object.assign(new Error('duplicate key'), { code: '23505' }))).toMatchObject({
      code: 'INTERNAL_ERROR',
      unexpected: true,
    });
  });
});
