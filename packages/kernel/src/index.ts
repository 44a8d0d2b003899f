export { readConfig, setting, ConfigError } from './config.js';
export {
  holdsCredential,
  isCredentialName,
  isCredentialValue,
  looksLikeCredential,
  removedCredential,
  withoutCredentials,
  withoutStoredCredentials,
} from './credentials.js';
export { decodeCursor, encodeCursor } from './cursor.js';
export { Deadline } from './deadline.js';
export { fieldInMessage } from './fieldInMessage.js';
export { lostInJson, whyInexact, whyUnstorable } from './lostInJson.js';
export type { LostValue } from './lostInJson.js';
export { newUuid } from './newUuid.js';
export { maskEmail, maskPersonalData, maskPersonalText } from './maskPersonalData.js';
export { detectPersonalData, isPersonNameField, looksLikePersonName } from './personalData.js';
export type { PersonalDataKind } from './personalData.js';
export { readOperationManifest } from './operationManifest.js';
export type { ManifestOperation } from './operationManifest.js';
export type { RequestContext } from './requestContext.js';
export { hasStaleAnswer, noteStaleAnswer } from './staleAnswers.js';
export { Repeating } from './Repeating.js';
export type { RepeatingOptions } from './Repeating.js';
export { searchedWords } from './searchedWords.js';
export { detach, memoise, toWords } from './words.js';
export { sharedKey } from './sharedKey.js';
export type { SharedKeyParts } from './sharedKey.js';
