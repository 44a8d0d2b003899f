import { z } from 'zod';
import { systemPrincipal } from '../principal.js';
import type { Principal } from '../principal.js';
import type { Role } from '../roles.js';
import { defineCommand } from './Command.js';

/** Who asks for sign-in, before there is a workspace: no row belongs to the nil workspace. */
export const signInPrincipal: Principal = systemPrincipal('00000000-0000-0000-0000-000000000000', 'gateway');

export interface SignedInWorkspace {
  /** Public id. */
  readonly id: string;
  readonly slug: string;
  readonly name: string;
  readonly role: Role;
}

/** A session as it stands after login, refresh or switch. */
export interface SignedIn {
  readonly accessToken: string;
  readonly expiresInSeconds: number;
  /** For the HttpOnly cookie. */
  readonly refreshToken: string;
  readonly refreshExpiresInSeconds: number;
  /** Public id of the workspace that the tokens are for. */
  readonly workspaceId: string;
  readonly workspaces: readonly SignedInWorkspace[];
}

const secretText = z.string().min(1, 'must not be empty').max(4096);
/** What the browser or program calls itself, for the person to know their sessions by. */
const userAgent = z.string().max(300).nullish();
const identity = { subgraph: 'workspace', action: 'identity.resolve' } as const;

/** Throws INVALID_CREDENTIALS, or RESOURCE_NOT_FOUND when the person is right and the workspace is not one of theirs. */
export const loginCommand = defineCommand<SignedIn>()({
  ...identity,
  name: 'login',
  input: z.object({
    email: z.string().min(1, 'must not be empty').max(320),
    password: secretText,
    /** Slug; null for the last used. */
    workspace: z.string().max(64).nullable(),
    userAgent,
  }),
});

/** Signs in whoever an OpenID Connect issuer vouches for. Throws INVALID_CREDENTIALS when no account has this e-mail. */
export const verifiedSignInCommand = defineCommand<SignedIn>()({
  ...identity,
  name: 'verifiedSignIn',
  input: z.object({ email: z.string().min(1, 'must not be empty').max(320), userAgent }),
});

/**
 * The next tokens of a session. With a workspace (slug or public id) the access token is for that one of the person's, and the session
 * stays where it is: so no tab moves another. Throws INVALID_CREDENTIALS when the session has ended or the token is unknown, expired, or
 * used twice outside its grace.
 */
export const refreshCommand = defineCommand<SignedIn>()({
  ...identity,
  name: 'refresh',
  input: z.object({ refreshToken: secretText, workspace: z.string().min(1, 'must not be empty').max(64).nullish() }),
});

/** Ends the session; its access tokens are refused within seconds. An unknown token is no error. */
export const logoutCommand = defineCommand<Record<string, never>>()({
  ...identity,
  name: 'logout',
  input: z.object({ refreshToken: secretText }),
});

/** Ends the session's refresh token and starts a session of the same person in another workspace. */
export const switchWorkspaceCommand = defineCommand<SignedIn>()({
  ...identity,
  name: 'switchWorkspace',
  /** workspace: a slug or a public id. */
  input: z.object({ refreshToken: secretText, workspace: z.string().min(1, 'must not be empty').max(64), userAgent }),
});

export interface DescribedInvitation {
  readonly workspace: { readonly name: string; readonly slug: string };
  /** Of whoever is invited. */
  readonly email: string;
  readonly role: Role;
  /** The name of who invited; null when it was an operator of the product, or somebody who is gone. */
  readonly invitedBy: string | null;
}

/** What a one-time link invites to. Throws INVALID_CREDENTIALS for one that is unknown, used or too old. */
export const describeInvitationCommand = defineCommand<DescribedInvitation>()({
  ...identity,
  name: 'describeInvitation',
  input: z.object({ token: secretText }),
});

/** Uses a one-time link: the first password of a new person, or the password that the person has already. */
export const acceptInvitationCommand = defineCommand<SignedIn>()({
  ...identity,
  name: 'acceptInvitation',
  input: z.object({ token: secretText, password: secretText, userAgent }),
});

/** Uses a one-time link for a new password: ends every session of the account, and starts one. Throws INVALID_CREDENTIALS, INVALID_INPUT. */
export const resetPasswordCommand = defineCommand<SignedIn>()({
  ...identity,
  name: 'resetPassword',
  input: z.object({ token: secretText, password: secretText, userAgent }),
});

export interface ResolvedApiKey {
  /** Bare uuids. */
  readonly workspaceId: string;
  readonly id: string;
  readonly role: Role;
  readonly scopes: readonly string[];
  /** RFC 3339; null when the key (or, shown with a secret that was rolled, that secret) does not expire. */
  readonly expiresAt: string | null;
}

/** Finds a key by what `parseApiKey` read; the key itself stays where it was received. Throws INVALID_API_KEY. */
export const resolveApiKeyCommand = defineCommand<ResolvedApiKey>()({
  ...identity,
  name: 'resolveApiKey',
  /** hash: base64url of the SHA-256. */
  input: z.object({ keyId: z.string().max(64), hash: z.string().max(64) }),
});

export interface Revocation {
  /**
   * session: its tokens are worth nothing. user: tokens issued before `at` are outdated. apiKey: the key is revoked. apiKeySecret: its
   * secret was rolled, so whoever knows the key looks it up again.
   */
  readonly kind: 'session' | 'user' | 'apiKey' | 'apiKeySecret';
  /** Bare uuids. */
  readonly workspaceId: string;
  readonly subject: string;
  /** RFC 3339. */
  readonly at: string;
}

export interface Revocations {
  /** To be handed in as the next `since`. */
  readonly asOf: string;
  readonly revocations: readonly Revocation[];
  /** All workspaces that are suspended; null when they are those of `knownSuspended`. */
  readonly suspended: SuspendedWorkspaces | null;
}

export interface SuspendedWorkspaces {
  /** Names this very list: to be handed in as the next `knownSuspended`. */
  readonly digest: string;
  /** Bare uuids. */
  readonly workspaceIds: readonly string[];
}

/** Everything revoked since, over all workspaces; null: as far back as an access token lives. The same one may come twice. */
export const revocationsCommand = defineCommand<Revocations>()({
  ...identity,
  name: 'revocations',
  /** knownSuspended: the digest of the list that the caller holds; null for none. */
  input: z.object({ since: z.iso.datetime().nullable(), knownSuspended: z.string().max(64).nullable() }),
});

/** Notes when stored operations were last run in the caller's workspace: at most once a minute and gateway for each. */
export const noteOperationsUsedCommand = defineCommand<Record<string, never>>()({
  ...identity,
  name: 'noteOperationsUsed',
  input: z.object({
    operations: z
      .array(z.object({ documentId: z.string().min(1, 'must not be empty').max(128), at: z.iso.datetime() }))
      .max(500),
  }),
});

/** The settings of the caller's workspace. */
export const workspaceSettingsCommand = defineCommand<Record<string, unknown>>()({
  subgraph: 'workspace',
  action: 'workspace.read',
  name: 'settings',
  input: z.object({}),
});
