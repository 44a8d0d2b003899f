import { accessPage } from './access.ts';
import { commandsPage } from './commands.ts';
import { errorsPage } from './errors.ts';
import { eventsPage } from './events.ts';
import { settingsPage } from './settings.ts';

/** The pages of docs/reference/ that are made from the code. */
export const pages: Readonly<Record<string, () => string>> = {
  'access.md': accessPage,
  'commands.md': commandsPage,
  'errors.md': errorsPage,
  'events.md': eventsPage,
  'settings.md': settingsPage,
};
