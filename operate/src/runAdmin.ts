import { parseArgs } from 'node:util';
import { Database, type DatabaseEngine, type Pooler } from '@tributary/data';
import { isCodedError } from '@tributary/contracts/errors';
import { createLogger } from '@tributary/observability';
import {
  createWorkspaceWithOwner,
  invitationLifeMs,
  invitePerson,
  makeResetToken,
  reactivateWorkspace,
  resetLifeMs,
  suspendWorkspace,
  workspaceTables,
} from '@tributary/subgraph-workspace';

const usage = `Usage:
  npm run admin -- create-workspace --slug acme --name "Acme Corporation" --owner-email you@example.com
  npm run admin -- invite --slug acme --email you@example.com --role VIEWER
  npm run admin -- reset-password --email you@example.com
  npm run admin -- suspend-workspace --slug acme
  npm run admin -- reactivate-workspace --slug acme

The first two print a link with which that person sets a password, once, within ${invitationLifeMs / 86_400_000} days; reset-password prints
one that is good for ${resetLifeMs / 60_000} minutes, in place of an earlier one.
DATABASE_URL names a cluster's database (role app); without it the embedded system in TRIBUTARY_DATA is meant, running or not.
PUBLIC_URL is where people reach the gateway (default: where the embedded system listens, else http://127.0.0.1:4000).`;

const options = {
  slug: { type: 'string' },
  name: { type: 'string' },
  'owner-email': { type: 'string' },
  email: { type: 'string' },
  role: { type: 'string' },
  help: { type: 'boolean' },
} as const;

export interface AdminConnection extends AsyncDisposable {
  /** PostgreSQL, as role app. */
  readonly databaseUrl: string;
  /** Where people reach the gateway: links that are sent to them start with it. */
  readonly publicUrl: string;
  /** What the URL leads to. Default none. */
  readonly engine?: DatabaseEngine;
  readonly pooler?: Pooler;
}

type Values = Readonly<Record<string, string | boolean | undefined>>;

interface AdminCommand {
  readonly needs: readonly string[];
  /** Answers what to print. */
  run(database: Database, values: Record<string, string>, publicUrl: string): Promise<string>;
}

const commands: Readonly<Record<string, AdminCommand>> = {
  'create-workspace': {
    needs: ['slug', 'name', 'owner-email'],
    run: async (database, values, publicUrl) => {
      const { invitationToken } = await createWorkspaceWithOwner(database, {
        slug: values['slug']!,
        name: values['name']!,
        ownerEmail: values['owner-email']!,
      });
      return linkWith(invitationToken, publicUrl);
    },
  },
  invite: {
    needs: ['slug', 'email', 'role'],
    run: async (database, values, publicUrl) => {
      const { invitationToken } = await invitePerson(database, {
        slug: values['slug']!,
        email: values['email']!,
        role: values['role']!,
      });
      return linkWith(invitationToken, publicUrl);
    },
  },
  'reset-password': {
    needs: ['email'],
    run: async (database, values, publicUrl) => {
      const { token } = await makeResetToken(database, values['email']!);
      const link = new URL(`/auth/reset#token=${token}`, publicUrl).href;
      return `If somebody has this e-mail, they set a new password here, once, within ${resetLifeMs / 60_000} minutes:\n${link}`;
    },
  },
  'suspend-workspace': {
    needs: ['slug'],
    run: async (database, values) => {
      await suspendWorkspace(database, values['slug']!);
      return `${values['slug']} is suspended: within seconds nobody of it is let in, and its streams end.`;
    },
  },
  'reactivate-workspace': {
    needs: ['slug'],
    run: async (database, values) => {
      await reactivateWorkspace(database, values['slug']!);
      return `${values['slug']} is active again.`;
    },
  },
};

/** Does what an operator says to a system from outside, and prints how it went. `connect` is called for a command that can be run. */
export async function runAdmin(args: readonly string[], connect: () => Promise<AdminConnection>): Promise<void> {
  let parsed: { values: Values; positionals: string[] };
  try {
    parsed = parseArgs({ args: [...args], options, allowPositionals: true });
  } catch (error) {
    return complain(error instanceof Error ? error.message : String(error));
  }
  if (parsed.values['help']) return print(usage);
  const [name = ''] = parsed.positionals;
  const command = commands[name];
  if (!command) return complain(name ? `There is no command ${name}.` : 'Which command?');
  const missing = command.needs.filter((option) => !parsed.values[option]);
  if (missing.length > 0) return complain(`${name} needs ${missing.map((option) => `--${option}`).join(' and ')}.`);
  await using connection = await connect();
  await run(command, parsed.values as Record<string, string>, connection);
}

async function run(
  command: AdminCommand,
  values: Record<string, string>,
  { databaseUrl, engine, pooler, publicUrl }: AdminConnection,
): Promise<void> {
  const logger = createLogger({ name: 'admin', level: 'warn' });
  const database = await Database.open({
    url: databaseUrl,
    entities: workspaceTables,
    logger,
    poolSize: 1,
    applicationName: 'tributary-admin',
    ...(engine ? { engine } : {}),
    ...(pooler ? { pooler } : {}),
  });
  try {
    print(await command.run(database, values, publicUrl));
  } catch (error) {
    if (!isCodedError(error)) throw error;
    complain(error.message);
  } finally {
    await database.close();
  }
}

/** The secret stands in the fragment, which browsers send to nobody: not to our logs either. */
function linkWith(invitationToken: string, publicUrl: string): string {
  return `Set the password here, once:\n${new URL(`/auth/accept#token=${invitationToken}`, publicUrl).href}`;
}

function print(text: string): void {
  process.stdout.write(`${text}\n`);
}

function complain(message: string): void {
  process.stderr.write(`${message}\n\n${usage}\n`);
  process.exitCode = 1;
}
