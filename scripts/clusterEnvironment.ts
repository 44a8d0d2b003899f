import { parts, settingNames, settingsFor, type Part } from '../parts.ts';

type Variables = Readonly<Record<string, string | undefined>>;

const settingsOfAnyPart = new Set(parts.flatMap(settingNames));

/**
 * What one part of a cluster on this machine is started with: of `values` what it is to know, and of the person's own variables what
 * is no setting, or one of its own. PORT is in neither: a person's is the gateway's, and two processes cannot share one.
 */
export function clusterEnvironment(part: Part, values: Variables, person: Variables, port: number): Variables {
  const noSettings = Object.fromEntries(Object.entries(person).filter(([name]) => !settingsOfAnyPart.has(name)));
  return { ...noSettings, ...settingsFor(part, person), ...settingsFor(part, values), PORT: String(port) };
}
