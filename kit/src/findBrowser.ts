import { existsSync } from 'node:fs';

/** Where Debian and Google install a Chromium. */
export const browserPlaces: readonly string[] = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
];

/** The system's Chromium; undefined where there is none: `.ci/run` installs it, a developer's machine may be without. */
export function findBrowser(): string | undefined {
  return browserPlaces.find((path) => existsSync(path));
}
