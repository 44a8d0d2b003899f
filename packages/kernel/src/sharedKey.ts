export interface SharedKeyParts {
  /** Which part of the product it belongs to, such as `limits`. */
  readonly domain: string;
  /** Bare uuid. Null: it belongs to no workspace, such as attempts to sign in. */
  readonly workspaceId: string | null;
  readonly scope: string;
  /** Any text: what would end it early is escaped. Nothing secret or personal: keys show in logs and tools; hash it first. */
  readonly identifier: string;
}

/** `{domain}:{workspace_id}:{scope}:{identifier}`: a key in a store that tenants share and that has no row-level security. */
export function sharedKey({ domain, workspaceId, scope, identifier }: SharedKeyParts): string {
  return [domain, workspaceId ?? '-', scope, identifier].map(encodeURIComponent).join(':');
}
