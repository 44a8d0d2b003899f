import { readFileSync } from 'node:fs';
import type { Page } from 'playwright-core';

// Of the console's own packages: the product has none of it.
const source = readFileSync(new URL('../../console/node_modules/axe-core/axe.min.js', import.meta.url), 'utf8');

interface AxeResult {
  readonly violations: readonly { readonly id: string; readonly nodes: readonly { readonly html: string }[] }[];
}

/** What axe finds fault with on the page as it stands, a line each. */
export async function axeFaults(page: Page): Promise<string[]> {
  // The page's policy lets no foreign script in; the debugger's door is not the page's.
  await page.evaluate(source);
  const { violations } = await page.evaluate<AxeResult>(
    `axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa'], resultTypes: ['violations'] })`,
  );
  return violations.flatMap(({ id, nodes }) => nodes.slice(0, 2).map(({ html }) => `${id}: ${html.slice(0, 160)}`));
}
