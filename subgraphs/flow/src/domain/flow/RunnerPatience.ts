import type { RequestContext } from '@tributary/kernel';
import { systemPrincipal } from '@tributary/contracts/principal';
import { workspaceSettingsCommand } from '@tributary/contracts/commands';
import type { CommandClient } from '@tributary/commands';
import type { Logger } from '@tributary/observability';

const defaultMinutes = 15;
const settingName = 'runnerLostAfterMinutes';
const keptMs = 60_000;
const maxWorkspaces = 10_000;

/** How long an outside runner may be silent: the workspace's setting runnerLostAfterMinutes, at most a minute old; 15 without one. */
export class RunnerPatience {
  private readonly known = new Map<string, { minutes: number; until: number }>();

  constructor(
    private readonly commands: CommandClient,
    private readonly logger: Logger,
  ) {}

  /** By when the next report must be there. */
  async dueAt(context: RequestContext): Promise<Date> {
    return new Date(Date.now() + (await this.minutes(context)) * 60_000);
  }

  private async minutes(context: RequestContext): Promise<number> {
    const { workspaceId } = context.principal;
    const held = this.known.get(workspaceId);
    if (held && held.until > Date.now()) return held.minutes;
    let minutes = held?.minutes ?? defaultMinutes;
    try {
      const asking = { ...context, principal: systemPrincipal(workspaceId, 'flow') };
      const value = (await this.commands.call(workspaceSettingsCommand, {}, asking))[settingName];
      minutes = typeof value === 'number' && value > 0 ? value : defaultMinutes;
    } catch (err) {
      this.logger.warn(
        { err, workspaceId },
        'the workspace’s settings could not be read; the last known patience with runners holds',
      );
    }
    if (this.known.size >= maxWorkspaces) this.known.clear();
    this.known.set(workspaceId, { minutes, until: Date.now() + keptMs });
    return minutes;
  }
}
