export {
  createAccessTokenIssuer,
  createAccessTokenVerifier,
  generateSigningKey,
  publicKeyPemOf,
} from './accessToken.js';
export type {
  AccessTokenIssuer,
  AccessTokenIssuerOptions,
  AccessTokenSubject,
  AccessTokenVerifier,
  AccessTokenVerifierOptions,
  IssuedAccessToken,
  VerifiedAccessToken,
} from './accessToken.js';
export { createOutsideTokenVerifier, verifierByIssuer } from './outsideAccessToken.js';
export type { OutsideIssuerOptions } from './outsideAccessToken.js';
export { apiKeyPrefix, createApiKey, parseApiKey, sameHash } from './apiKey.js';
export type { NewApiKey, ParsedApiKey } from './apiKey.js';
export { gatewaySecretSetting, parseGatewaySecrets } from './gatewaySecrets.js';
export type { GatewaySecret, GatewaySecrets } from './gatewaySecrets.js';
export { hashPassword, verifyPassword } from './password.js';
export { createSecretToken, hashSecretToken, succeedSecretToken } from './secretToken.js';
export type { SecretToken } from './secretToken.js';
export {
  bodyHash,
  connectionHash,
  contextHeader,
  contextLifeSeconds,
  ContextVerifier,
  operationHash,
  signContext,
} from './signedContext.js';
export type {
  ContextAudience,
  ContextVerifierOptions,
  ExpectedContext,
  SignContextOptions,
  VerifiedContext,
} from './signedContext.js';
export { IdentityClient } from './identity/IdentityClient.js';
export type {
  IdentityClientOptions,
  IdentityQuestions,
  KnownIdentity,
  ShownCredentials,
} from './identity/IdentityClient.js';
export { RevocationList } from './identity/RevocationList.js';
export { signInContext } from './identity/signInContext.js';
export { workspaceSuspended } from './identity/workspaceSuspended.js';
