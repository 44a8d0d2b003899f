import type { Page } from 'playwright-core';

/** What stands in a page and where: one line an element, the same on each run as long as nobody changes how pages look. */
export type Look = readonly string[];

/** Controls, headings and frames; what they hold comes and goes with the data. */
const parts =
  'h1, h2, nav a, button, input, select, textarea, [role=tab], [role=columnheader], [role=table], figure, [role=img], dialog, [role=dialog]';

/**
 * The parts of the page as it stands: what each is, what it says without its numbers, where it begins and how wide it is within its frame,
 * how high it is, its letters and its colours. Of lists no row is looked at.
 */
export async function lookOf(page: Page): Promise<Look> {
  return page.evaluate((selector) => {
    const lines: string[] = [];
    for (const element of document.querySelectorAll<HTMLElement>(selector)) {
      const box = element.getBoundingClientRect();
      const inRow = element.closest('[data-index], li, tbody, [data-sonner-toaster], .react-flow') !== null;
      if (box.width === 0 || box.height === 0 || (inRow && element.closest('nav') === null)) continue;
      const isFrame = element.matches('[role=table], figure, [role=img], dialog, [role=dialog]');
      const frame = element.parentElement?.closest('main, nav, header, aside, section, dialog, [role=dialog]');
      const from = frame?.getBoundingClientRect() ?? { left: 0 };
      const style = getComputedStyle(element);
      const says = isFrame ? '' : (element.getAttribute('aria-label') ?? element.textContent ?? '');
      lines.push(
        [
          element.getAttribute('role') ?? element.tagName.toLowerCase(),
          says
            .replace(/[\d.,]+/g, '#')
            .replace(/\s+/g, ' ')
            .trim()
            // What can be chosen where nothing is chosen yet comes from the data.
            .replace(/^choose one.+/, 'choose one')
            .slice(0, 40),
          `at ${Math.round(box.left - from.left)}`,
          // A chart is as high as it is made; how high a list is says how long it is.
          // A heading is as wide as what stands below it, such as how long a flow has waited.
          element.tagName === 'H1'
            ? `h ${Math.round(box.height)}`
            : isFrame && !element.matches('[role=img]')
              ? `w ${Math.round(box.width)}`
              : `size ${Math.round(box.width)}x${Math.round(box.height)}`,
          `${style.fontSize}/${style.fontWeight}`,
          style.color,
          style.backgroundColor,
        ].join(' | '),
      );
    }
    return lines;
  }, parts);
}

const separator = ' | ';
/** Pixels by which a place or size may differ: letters are set a little differently from one machine to the next. */
const slack = 3;

/** What of a look is not as it was, a line each. */
export function differences(was: Look, is: Look): string[] {
  const left = [...is];
  const gone = was.filter((line) => {
    const at = left.findIndex((other) => isLike(line, other));
    if (at >= 0) left.splice(at, 1);
    return at < 0;
  });
  return [...gone.map((line) => `- ${line}`), ...left.map((line) => `+ ${line}`)];
}

function isLike(one: string, other: string): boolean {
  const [ones, others] = [one.split(separator), other.split(separator)];
  return ones.length === others.length && ones.every((field, index) => isNear(field, others[index]!));
}

/** The same but for numbers of places and sizes, which may differ by little. Colours and letters must be the same. */
function isNear(one: string, other: string): boolean {
  if (one === other) return true;
  if (!/^(at|w|h|size) /.test(one) || one.replace(/-?\d+/g, '') !== other.replace(/-?\d+/g, '')) return false;
  const numbers = (text: string) => (text.match(/-?\d+/g) ?? []).map(Number);
  return numbers(one).every((number, index) => Math.abs(number - numbers(other)[index]!) <= slack);
}
