import { readFileSync, writeFileSync } from 'node:fs';
import type { Browser, Page } from 'playwright-core';
import { Person } from './browser.ts';
import { differences, lookOf, type Look } from './lookOf.ts';

const baseline = new URL('looks.json', import.meta.url);

interface Looking {
  readonly browser: Browser;
  readonly origin: string;
  readonly pages: readonly string[];
  /** Writes what is there now as what ought to be. */
  readonly renew: boolean;
}

/**
 * Holds each page, in light and dark, 1,400 and 390 pixels wide, against how it looked when somebody last said that it is good: what stands in it,
 * where, how large and in which colours. Pictures of it would show every date and number that is another each day. Throws what differs.
 */
export async function holdLooks({ browser, origin, pages, renew }: Looking): Promise<string> {
  const found: Record<string, Look> = {};
  let control = 0;
  for (const colorScheme of ['light', 'dark'] as const)
    for (const width of [1_400, 390]) {
      await using person = await Person.open(browser, origin, {
        colorScheme,
        reducedMotion: 'reduce',
        viewport: { width, height: 900 },
      });
      await person.signIn('owner of acme');
      for (const path of pages) {
        await person.open(path);
        found[`${nameOf(path)} ${colorScheme} ${width}`] = await restingLook(person);
      }
      control += await changesSeen(person.page);
    }
  if (control < 8) throw new Error(`Of 8 changes to how a page looks only ${control} were seen.`);
  if (renew) {
    writeFileSync(baseline, `${JSON.stringify(found, null, 2)}\n`);
    return `${Object.keys(found).length} looks written`;
  }
  const kept = JSON.parse(readFileSync(baseline, 'utf8')) as Record<string, Look>;
  const faults = [...new Set([...Object.keys(kept), ...Object.keys(found)])].flatMap((name) =>
    differences(kept[name] ?? [], found[name] ?? []).map((line) => `${name}: ${line}`),
  );
  if (faults.length > 0)
    throw new Error(
      `${faults.length} differences, such as ${faults.slice(0, 6).join(' ; ')}. Are they meant: --only 'looks' --renew-looks.`,
    );
  return `${Object.keys(found).length} looks, and ${control} of 8 changes seen`;
}

/** How the page looks when nothing moves any more: what it asks for a moment later is there, too. */
async function restingLook(person: Person): Promise<Look> {
  let look = await lookOf(person.page);
  for (let tries = 0; tries < 10; tries += 1) {
    await person.page.waitForTimeout(600);
    await person.settled();
    const before = look;
    look = await lookOf(person.page);
    if (differences(before, look).length === 0) break;
  }
  return look;
}

/** An id in an address is another one each time. */
function nameOf(path: string): string {
  return path.replace(/id=[^&]+/, 'id');
}

/** A heading that slips and a button in another colour: how many of the two are seen. */
async function changesSeen(page: Page): Promise<number> {
  const before = await lookOf(page);
  let seen = 0;
  for (const content of [
    'h1 { margin-left: 9px !important }',
    'button { background-color: rgb(1, 2, 3) !important }',
  ]) {
    const style = await page.evaluateHandle((css) => {
      const element = document.createElement('style');
      element.textContent = css;
      document.head.append(element);
      return element;
    }, content);
    // A colour changes slowly.
    await page.waitForTimeout(400);
    if (differences(before, await lookOf(page)).length > 0) seen += 1;
    await style.evaluate((element) => element.remove());
  }
  return seen;
}
