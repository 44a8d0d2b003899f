import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const fileIn = (dataDirectory: string): string => join(dataDirectory, 'address');

/** Notes in the data folder where Tributary listens, for links that an operator's commands print. Take it away with `forget`. */
export function noteAddress(dataDirectory: string, url: string): { forget: () => void } {
  writeFileSync(fileIn(dataDirectory), `${url}\n`);
  return { forget: () => rmSync(fileIn(dataDirectory), { force: true }) };
}

/** Such as `http://127.0.0.1:4000/graphql`. Null when Tributary does not run on this folder. */
export function readAddress(dataDirectory: string): string | null {
  try {
    const url = readFileSync(fileIn(dataDirectory), 'utf8').trim();
    return URL.canParse(url) ? url : null;
  } catch {
    return null;
  }
}
