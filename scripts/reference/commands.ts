import { commandGroups } from '../commands.ts';
import { code, table } from './table.ts';

/** Every npm script, from the register that a test holds against package.json. */
export function commandsPage(): string {
  const sections = commandGroups.map(
    ({ title, about, commands }) =>
      `## ${title}\n\n${about}\n\n${table(
        ['command', 'what it does'],
        Object.values(commands).map(({ usage, does }) => [code(usage), does]),
      )}`,
  );
  return `# Commands\n\n${sections.join('\n\n')}\n`;
}
