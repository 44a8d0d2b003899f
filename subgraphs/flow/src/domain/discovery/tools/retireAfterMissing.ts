import type { CommandClient } from '@tributary/commands';
import { workspaceSettingsCommand } from '@tributary/contracts/commands';
import type { RequestContext } from '@tributary/kernel';

const defaultImports = 3;

/** Complete imports after which what they do not show is retired: the workspace's setting retireAfterMissing; 3 without one. */
export async function retireAfterMissing(commands: CommandClient, context: RequestContext): Promise<number> {
  const value = (await commands.call(workspaceSettingsCommand, {}, context))['retireAfterMissing'];
  return typeof value === 'number' && Number.isInteger(value) && value > 0 ? value : defaultImports;
}
