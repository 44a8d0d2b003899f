import { ConfigError, readConfig, setting } from '@tributary/kernel';
import { z } from 'zod';

/** Signing in at an OpenID Connect issuer. */
export const oidcSettings = z.object({
  OIDC_ISSUER: setting.url().optional().meta({
    description:
      'URL of an OpenID Connect issuer, found by discovery: people sign in there, or its access tokens are taken',
    otherwise: 'off',
  }),
  OIDC_AUDIENCE: z
    .string()
    .optional()
    .describe('its access tokens with this claim aud are taken; they live 65 minutes at most'),
  OIDC_TOKEN_TYPE: z.string().default('at+jwt').describe('header typ of those'),
  OIDC_USER_CLAIM: z.string().default('sub').describe('which claim holds the user’s id'),
  OIDC_WORKSPACE_CLAIM: z.string().default('workspace_id').describe('which the workspace’s id'),
  OIDC_ROLE_CLAIM: z.string().default('role').describe('which OWNER, ADMIN, OPERATOR or VIEWER'),
  OIDC_CLIENT_ID: z
    .string()
    .optional()
    .describe(
      'people sign in at the issuer: `/auth/oidc/start`, with `PUBLIC_URL`/auth/oidc/callback registered there; accounts are found by verified e-mail',
    ),
  OIDC_CLIENT_SECRET: z
    .string()
    .optional()
    .meta({ description: 'of that client', otherwise: 'a public client', secret: true }),
  PUBLIC_URL: setting.publicUrl(),
});

export interface OidcConfig {
  readonly issuer: string;
  /** Access tokens of the issuer are taken. Null: they are not. */
  readonly bearer: {
    readonly audience: string;
    readonly headerType: string;
    readonly claims: { readonly user: string; readonly workspace: string; readonly role: string };
  } | null;
  /** People sign in there. Null: they do not. */
  readonly signIn: {
    readonly clientId: string;
    /** Null: a public client. */
    readonly clientSecret: string | null;
    readonly publicUrl: string;
  } | null;
}

/** Settings of an OpenID Connect issuer outside; null without one. Throws a ConfigError when they cannot work. */
export function readOidcConfig(env: NodeJS.ProcessEnv = process.env): OidcConfig | null {
  const read = readConfig(oidcSettings, env);
  const { OIDC_ISSUER: issuer, OIDC_AUDIENCE: audience, OIDC_CLIENT_ID: clientId } = read;
  if (!issuer) return null;
  const url = new URL(issuer);
  // What travels in the clear can be changed on its way, keys included.
  if (url.protocol !== 'https:' && !['localhost', '127.0.0.1', '[::1]'].includes(url.hostname))
    throw new ConfigError('OIDC_ISSUER: must begin with https://; http:// is for an issuer on this machine only');
  if (!audience && !clientId)
    throw new ConfigError(
      'OIDC_ISSUER: needs OIDC_AUDIENCE (its access tokens are taken) or OIDC_CLIENT_ID (people sign in there), or both',
    );
  const claims = { user: read.OIDC_USER_CLAIM, workspace: read.OIDC_WORKSPACE_CLAIM, role: read.OIDC_ROLE_CLAIM };
  return {
    issuer,
    bearer: audience ? { audience, headerType: read.OIDC_TOKEN_TYPE, claims } : null,
    signIn: clientId ? { clientId, clientSecret: read.OIDC_CLIENT_SECRET ?? null, publicUrl: read.PUBLIC_URL } : null,
  };
}
