/** Issuer and audience of the access tokens that embedded mode signs for itself. */
export const tokenNames = { issuer: 'tributary-embedded', audience: 'tributary' } as const;
