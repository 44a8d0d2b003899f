import { demoPassword } from '@tributary/subgraph-workspace';

/** Whom the sandbox offers to sign in as. */
export const demoPeople = ['owner', 'admin', 'operator', 'viewer'].flatMap((role) =>
  ['acme', 'globex'].map((slug) => ({
    label: `${role} of ${slug}`,
    email: `${role}@${slug}.example`,
    password: demoPassword,
  })),
);
