import { Refusal } from '../session/Refusal';
import { type PlainText, say } from '../words/say';

const sentences: Readonly<Record<string, PlainText>> = {
  INSUFFICIENT_PERMISSIONS: 'Your role does not allow this. Ask an owner or admin of the workspace.',
  RESOURCE_NOT_FOUND: 'It is not in this workspace: it may have been deleted, or the link is of another one.',
  SERVICE_UNAVAILABLE: 'A part of the product does not answer just now. It is tried again by itself.',
  OPERATION_NOT_STORED: 'This page is older than the gateway. Reload it.',
};

/** Why something failed and what to do, for a person. */
export function sentenceOf(error: unknown): string {
  if (error instanceof Refusal) {
    const sentence = sentences[error.code];
    return sentence ? say(sentence) : error.message;
  }
  return error instanceof Error ? error.message : say('Something went wrong.');
}
