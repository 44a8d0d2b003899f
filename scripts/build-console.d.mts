/** Where the console is when `buildConsole` has resolved. */
export const consoleFolder: string;
/** Builds the console unless it is there and up to date. True when it was built. */
export function buildConsole(options?: { readonly force?: boolean }): Promise<boolean>;
