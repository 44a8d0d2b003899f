import { sentenceOf } from '../graph/sentenceOf';
import type { Refusal } from '../session/Refusal';
import { say } from '../words/say';

/** Why a test has no outcome: most often its receiver is slow, and what came of it is to be seen later. */
export function whyNoAnswer(error: Refusal): string {
  return error.code === 'SERVICE_UNAVAILABLE'
    ? say('It has not answered yet. Look whether the test arrives.')
    : sentenceOf(error);
}
