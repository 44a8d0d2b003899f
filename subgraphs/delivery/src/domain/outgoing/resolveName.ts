import { lookup } from 'node:dns/promises';

/** Every address that a name has now. Tests bring their own. */
export type Resolve = (name: string) => Promise<readonly string[]>;

export const resolveName: Resolve = async (name) => (await lookup(name, { all: true })).map(({ address }) => address);
