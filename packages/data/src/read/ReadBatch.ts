import type { WorkspaceCipher } from '../encryption/WorkspaceCipher.js';
import { bindingSettings, bindingValues } from '../bindWorkspace.js';
import { asItIs, assertRead, boundValues } from '../statement.js';
import type { Statement } from '../statement.js';
import { statementText } from '../statementText.js';
import type { StatementText } from '../statementText.js';
import { buildRows } from './buildRows.js';
import type { RowBuilder } from './buildRows.js';
import { inOnePiece, PgQueryClass, toWire } from './pgPrivates.js';
import type { PgConnection, PgField, PgMessages } from './pgPrivates.js';

/**
 * Binds the implicit transaction that follows, up to the Sync, to a workspace, and lets it do nothing but read. No setting is null, so it
 * answers no row.
 */
function bindRead(pooled: boolean, plannedOnce: boolean): StatementText {
  const settings = [`set_config('transaction_read_only', 'on', true)`, ...bindingSettings(pooled)];
  if (plannedOnce) settings.push(`set_config('plan_cache_mode', 'force_generic_plan', true)`);
  return statementText('bind_read', `select where ${settings.map((setting) => `${setting} is null`).join(' or ')}`);
}
const binds = {
  plain: { any: bindRead(false, false), plannedOnce: bindRead(false, true) },
  pooled: { any: bindRead(true, false), plannedOnce: bindRead(true, true) },
};

/** Columns of the statements that a connection has described, by their prepared name. */
const shapesOf = new WeakMap<PgConnection, Map<string, readonly PgField[]>>();

/** One statement on its way, or what binds the batch. */
interface Part {
  readonly name: string;
  readonly text: string;
  readonly values: readonly unknown[];
  readonly statement: Statement<unknown> | null;
  readonly results: unknown[];
  build: RowBuilder | null;
  /** Whether this batch has it parsed. */
  isParsed: boolean;
}

export interface ReadBatchOptions {
  readonly workspaceId: string;
  readonly statements: readonly Statement<unknown>[];
  readonly cipher: WorkspaceCipher;
  /** Without a word of PostgreSQL for so long the connection counts as lost. Begins anew with each statement that is done. */
  readonly silenceMs: number;
  /** Of each statement, where a pooler stands in between and the connection has none by itself. Else null. */
  readonly statementTimeoutMs: number | null;
  /** False: a pooler may take each transaction to another connection, so each batch has all of its statements parsed. */
  readonly named: boolean;
}

/**
 * Statements of one workspace in one message train with a single Sync: Bind and Execute of what sets the workspace, then of each
 * statement. The train is one implicit transaction in the role's isolation, so all read one snapshot, and the setting ends with it. A
 * statement is parsed and described once for each connection.
 *
 * `done` has the results of each statement, in order. One error rejects the whole.
 */
export class ReadBatch extends PgQueryClass {
  readonly done: Promise<unknown[][]>;
  private readonly parts: Part[];
  private current = 0;
  private broken: unknown;
  private connection: PgConnection | null = null;
  private timer: NodeJS.Timeout | undefined;
  private settle!: { resolve: (results: unknown[][]) => void; reject: (error: unknown) => void };

  constructor(private readonly options: ReadBatchOptions) {
    const { workspaceId, statements, statementTimeoutMs } = options;
    const ways = statementTimeoutMs === null ? binds.plain : binds.pooled;
    const bind = statements.every(({ isPlannedOnce }) => isPlannedOnce) ? ways.plannedOnce : ways.any;
    super({ text: bind.text });
    this.parts = [
      partOf(bind.preparedName, bind.preparedText, bindingValues(workspaceId, statementTimeoutMs), null),
      ...statements.map((statement) => {
        assertRead(statement);
        const { preparedName, preparedText } = statement.facts;
        return partOf(preparedName, preparedText, boundValues(statement, workspaceId), statement);
      }),
    ];
    this.done = new Promise((resolve, reject) => {
      this.settle = { resolve, reject };
    });
  }

  /** pg notes at each ParseComplete that this name is prepared as this text. */
  override get name(): string {
    const part = this.parts?.[this.current];
    return part?.isParsed ? part.name : '';
  }

  override set name(_: string) {
    // The class below sets its own once, in its constructor.
  }

  override get text(): string {
    return this.parts?.[this.current]?.text ?? '';
  }

  override set text(_: string) {
    // As above.
  }

  override submit(connection: PgConnection): null {
    this.connection = connection;
    const shapes = shapesOf.get(connection) ?? new Map<string, readonly PgField[]>();
    shapesOf.set(connection, shapes);
    const prepared = connection.parsedStatements;
    inOnePiece(connection, (messages) => {
      for (const part of this.parts) {
        if (this.options.named) this.write(messages, part, prepared, shapes.get(part.name));
        else this.writeUnnamed(messages, part);
      }
      messages.sync();
    });
    this.timer = setTimeout(() => connection.stream.destroy(new Error('Query read timeout')), this.options.silenceMs);
    return null;
  }

  override handleRowDescription({ fields }: { readonly fields: readonly PgField[] }): void {
    const part = this.parts[this.current]!;
    shapesOf.get(this.connection!)!.set(part.name, fields);
    part.build = buildRows(fields, part.statement?.properties);
  }

  override handleDataRow({ fields }: { readonly fields: readonly (string | null)[] }): void {
    const { statement, build, results } = this.parts[this.current]!;
    if (!statement || this.broken !== undefined) return;
    try {
      const row = build!(fields);
      results.push(statement.properties || statement.map === asItIs ? row : statement.map(row, this.options.cipher));
    } catch (error) {
      this.broken = error;
    }
  }

  override handleCommandComplete(): void {
    this.current += 1;
    this.timer?.refresh();
  }

  override handleReadyForQuery(): void {
    clearTimeout(this.timer);
    if (this.broken === undefined) this.settle.resolve(this.parts.slice(1).map((part) => part.results));
    else this.settle.reject(this.broken);
  }

  override handleError(error: Error): void {
    clearTimeout(this.timer);
    this.settle.reject(error);
  }

  private write(
    messages: PgMessages,
    part: Part,
    prepared: Readonly<Record<string, string>>,
    shape: readonly PgField[] | undefined,
  ): void {
    const isKnown =
      prepared[part.name] !== undefined || this.parts.some((each) => each.isParsed && each.name === part.name);
    if (!isKnown) {
      messages.parse({ name: part.name, text: part.text });
      part.isParsed = true;
    }
    messages.bind({ portal: '', statement: part.name, values: part.values });
    if (shape) part.build = buildRows(shape, part.statement?.properties);
    else if (part.statement) messages.describe({ type: 'P', name: '' });
    messages.execute({ portal: '' });
  }

  private writeUnnamed(messages: PgMessages, part: Part): void {
    messages.parse({ name: '', text: part.text });
    messages.bind({ portal: '', statement: '', values: part.values });
    if (part.statement) messages.describe({ type: 'P', name: '' });
    messages.execute({ portal: '' });
  }
}

/** Values are made ready before anything is sent, since one that cannot travel throws. */
function partOf(name: string, text: string, values: readonly unknown[], statement: Statement<unknown> | null): Part {
  return { name, text, values: values.map(toWire), statement, results: [], build: null, isParsed: false };
}
