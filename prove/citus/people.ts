import { Client, postJson } from '@tributary/kit/client';
import type { Product } from './Product.ts';

export type Slug = 'acme' | 'globex';

/** Makes a workspace and its owner, as an operator and that person do. */
export async function makeWorkspace(product: Product, slug: Slug): Promise<void> {
  const owner = ['--owner-email', `owner@${slug}.example`];
  const said = await product.operate('adminMain.js', ['create-workspace', '--slug', slug, '--name', slug, ...owner]);
  const token = /token=([\w.~-]+)/.exec(said)?.[1];
  const accepted = await postJson(`${product.origin}/auth/accept`, { token, password: 'tributary-demo' });
  if (accepted.status !== 200) throw new Error(`${slug}: the invitation was refused: ${accepted.text}`);
}

/** The owner of a workspace, who signs in with the first request. */
export function ownerOf(product: Product, slug: Slug): Client {
  return new Client({ origin: product.origin }, slug);
}

/** Writes once: its rows lie with the workspace's. Answers the flow's id. */
export async function createFlow(client: Client): Promise<string> {
  const { createFlow: made } = await client.ask(
    'mutation { createFlow(input: { kind: "proof", name: "x", phases: ["a"] }) { flow { id } } }',
  );
  return made.flow.id;
}

/** The code of what a request is answered with, or null when it is answered. */
export async function codeOf(client: Client, query: string): Promise<string | null> {
  const { errors } = await client.send(query);
  return errors?.[0]?.extensions?.code ?? null;
}
