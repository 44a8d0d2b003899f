import { mayDo, type Action } from '@tributary/contracts/actions';
import type { Principal } from '@tributary/contracts/principal';
import { canariesIn, decodedList, letterOf, uuidsIn, type Canaries } from '../world/canaries.ts';
import type { World } from '../world/World.ts';
import type { HttpAnswer } from '@tributary/kit/client';

/** By which oracle a fault was seen. */
export type Oracle =
  | 'canary'
  | 'foreign id'
  | 'unlike the answer for nothing'
  | 'authority'
  | 'hidden text'
  | 'rows changed'
  | 'log'
  | 'redis'
  | 'catalogue'
  | 'lock'
  | 'replay'
  | 'not refused'
  | 'secret'
  | 'masking'
  | 'crash';

export interface Finding {
  readonly oracle: Oracle;
  readonly where: string;
  readonly what: string;
}

/** Ends a run at its first finding: a mutant is caught then. */
export class Caught extends Error {
  readonly finding: Finding;

  constructor(finding: Finding) {
    super(`${finding.oracle}: ${finding.where}: ${finding.what}`);
    this.finding = finding;
  }
}

/** Texts of the own workspace that only those with the action may see whole. */
const hiddenColumns: Readonly<Record<string, Action>> = {
  'asset.owner_email': 'asset.readPersonal',
  'member.email': 'member.readPersonal',
  'trace.user_id': 'asset.readPersonal',
};

/** Stack frames, SQL and paths: what an answer never has, whatever went wrong. */
const unmasked =
  /\bat [^"\\]{1,80}\.(?:js|ts):\d+|node_modules|violates [a-z- ]+ (?:policy|constraint)|syntax error at or near|\/\* [a-z]+\.[A-Za-z]+ \*\/|relation \\?"|error: /;

/** Looks at what came back, and keeps what is wrong with it. */
export class Judge {
  readonly findings: Finding[] = [];
  readonly #canaries: Canaries;
  readonly #attacked: World;
  readonly #foreignIds: ReadonlySet<string>;
  readonly #secrets: readonly string[];
  readonly #ownWords = new Set<string>();
  readonly #stopAt: readonly Oracle[];

  constructor(
    worlds: { readonly a: World; readonly b: World; readonly c: World },
    canaries: Canaries,
    options: { readonly stopAt: readonly Oracle[] },
  ) {
    this.#canaries = canaries;
    this.#attacked = worlds.b;
    this.#foreignIds = new Set([...worlds.b.uuids, ...worlds.c.uuids].filter((id) => !worlds.a.uuids.has(id)));
    this.#secrets = [worlds.a, worlds.b, worlds.c].flatMap(({ people }) => people.secrets);
    this.#stopAt = options.stopAt;
  }

  report(oracle: Oracle, where: string, what: string): void {
    const finding = { oracle, where, what: what.slice(0, 600) };
    if (this.#stopAt.includes(oracle)) throw new Caught(finding);
    if (this.findings.length < 500) this.findings.push(finding);
  }

  /** Ids of others that A has written into its own rows: A reads them there again. */
  noteWritten(text: string): void {
    for (const id of uuidsIn(text)) if (this.#foreignIds.has(id)) this.#ownWords.add(id);
  }

  isForeign(mark: string): boolean {
    return mark.startsWith('cny') ? letterOf(mark) !== 'a' : this.#foreignIds.has(mark.toLowerCase());
  }

  get attackedWorkspaceId(): string {
    return this.#attacked.people.workspaceId;
  }

  /** Everything that somebody of A got to see. What they sent themselves may come back. */
  checkSeen(
    where: string,
    answer: Pick<HttpAnswer, 'text' | 'headers'>,
    sent: string,
    principal: Principal | null,
  ): void {
    const seen = `${answer.text}\n${JSON.stringify([...answer.headers])}`;
    const own = unfolded(sent);
    const unfoldedSeen = unfolded(seen);
    for (const canary of canariesIn(unfoldedSeen)) {
      const letter = letterOf(canary);
      const column = this.#canaries.columnOf(canary) ?? 'nowhere';
      if (letter !== 'a' && letter !== 'x') {
        if (!own.includes(canary))
          this.report('canary', where, `${canary} of ${column} in ${excerpt(unfoldedSeen, canary)}`);
      } else if (column in hiddenColumns && !(principal && mayDo(principal, hiddenColumns[column]!))) {
        this.report('hidden text', where, `${column} in ${excerpt(seen, canary)}`);
      }
    }
    for (const id of uuidsIn(unfoldedSeen)) {
      if (this.#foreignIds.has(id) && !this.#ownWords.has(id) && !own.toLowerCase().includes(id))
        this.report('foreign id', where, `${id} in ${excerpt(unfoldedSeen, id)}`);
    }
    for (const secret of this.#secrets) {
      if (seen.includes(secret) && !sent.includes(secret)) this.report('secret', where, excerpt(seen, secret));
    }
    if (/"code":"(INTERNAL_ERROR|DATABASE_ERROR)"/.test(answer.text))
      this.report('crash', where, answer.text.slice(0, 400));
    this.checkMasking(where, answer.text);
  }

  /** Whose canaries a text holds. */
  columnsIn(text: string): ReadonlySet<string | null> {
    return new Set(canariesIn(text).map((canary) => this.#canaries.columnOf(canary)));
  }

  /** What an answer must never tell of the inside. */
  checkMasking(where: string, text: string): void {
    const bare = unmasked.exec(text);
    if (bare) this.report('masking', where, excerpt(text, bare[0]));
  }

  /** A line of a log: no text of any tenant, and no secret. */
  checkLog(part: string, line: string): void {
    const [canary] = canariesIn(line);
    if (canary) this.report('log', part, `${this.#canaries.columnOf(canary) ?? canary} in ${line}`);
    for (const secret of this.#secrets) if (line.includes(secret)) this.report('log', part, `a secret in ${line}`);
    if (line.startsWith('ENDED BY ITSELF')) this.report('crash', part, line);
  }
}

/** A text together with what its cursors say. */
function unfolded(text: string): string {
  const inside: string[] = [];
  for (const [cursor] of text.matchAll(/[A-Za-z0-9_-]{24,}/g)) {
    const list = decodedList(cursor);
    if (list !== null) inside.push(list);
  }
  return inside.length === 0 ? text : `${text}\n${inside.join('\n')}`;
}

function excerpt(text: string, part: string): string {
  const at = text.indexOf(part);
  return text.slice(Math.max(0, at - 150), at + part.length + 60);
}
