import { parseArgs } from 'node:util';
import { ConfigError } from '@tributary/kernel';

const usage = `npm run discover -- estate.csv
Takes an export into the inventory, and says what became of it. Any export: CSV and its kin, JSON, YAML, XML, workbooks.
  --name        what to call the discovery; default: the file's name
  --format      AUTO (default: found out), CSV, JSON, YAML, XML or XLSX
  --encoding    such as windows-1252; default: found out
  --sheet       the only sheet or file of a workbook or archive to read
  --coverage    COMPLETE: what this source showed before and does not show now is missing; default PARTIAL
  --review      stop when the columns are mapped, and show what was understood
  --yes         approve what was understood without asking
  --url         a running system, such as https://tributary.example; default: the one that runs on TRIBUTARY_DATA, else one of its own
                for as long as it takes
  --workspace   of that system on this machine: acme (default) or globex
With TRIBUTARY_API_KEY it comes with that key: scopes upload.create, flow.start, flow.read and flow.approve.
Ends with 0 when the discovery has succeeded, 3 when it waits for approval, else with 1.`;

export interface DiscoverArguments {
  readonly file: string;
  readonly name: string | null;
  readonly source: {
    readonly format?: string;
    readonly encoding?: string;
    readonly sheet?: string;
    readonly coverage?: string;
  };
  readonly review: boolean;
  readonly yes: boolean;
  readonly url: string | null;
  readonly workspace: string;
}

const options = {
  name: { type: 'string' },
  format: { type: 'string' },
  encoding: { type: 'string' },
  sheet: { type: 'string' },
  coverage: { type: 'string' },
  review: { type: 'boolean' },
  yes: { type: 'boolean', short: 'y' },
  url: { type: 'string' },
  workspace: { type: 'string', default: 'acme' },
  help: { type: 'boolean' },
} as const;

/** Throws a ConfigError that says how it is used. */
export function readArguments(args: readonly string[]): DiscoverArguments {
  const { values, positionals } = parsed(args);
  const [file, ...others] = positionals;
  if (values.help || file === undefined) throw new ConfigError(usage);
  if (others.length > 0) throw new ConfigError('One file at a time: each is a discovery of its own.');
  const { format, encoding, sheet, coverage } = values;
  return {
    file,
    name: values.name ?? null,
    source: {
      ...(format && { format: format.toUpperCase() }),
      ...(coverage && { coverage: coverage.toUpperCase() }),
      ...(encoding && { encoding }),
      ...(sheet && { sheet }),
    },
    review: values.review ?? false,
    yes: values.yes ?? false,
    url: values.url ?? null,
    workspace: values.workspace,
  };
}

function parsed(args: readonly string[]) {
  try {
    return parseArgs({ args: [...args], allowPositionals: true, options });
  } catch (error) {
    throw new ConfigError(`${error instanceof Error ? error.message : String(error)}\n\n${usage}`, { cause: error });
  }
}
