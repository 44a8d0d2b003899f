import { accessPage } from './access.ts';
import { chartParts } from './chartParts.ts';
import { commandsPage } from './commands.ts';
import { decisionsPage } from './decisions.ts';
import { errorsPage } from './errors.ts';
import { eventsPage } from './events.ts';
import { migrationsPage } from './migrations.ts';
import { settingsPage } from './settings.ts';

/** The pages that are made from the code, by their paths from the root. */
export const pages: Readonly<Record<string, () => string>> = {
  'docs/reference/access.md': accessPage,
  'docs/reference/commands.md': commandsPage,
  'docs/reference/errors.md': errorsPage,
  'docs/reference/events.md': eventsPage,
  'docs/reference/settings.md': settingsPage,
  'deploy/helm/tributary/parts.yaml': chartParts,
  'docs/decisions/README.md': decisionsPage,
  'migrations/README.md': migrationsPage,
};
