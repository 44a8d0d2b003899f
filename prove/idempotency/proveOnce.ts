import { randomUUID } from 'node:crypto';
import type { CommitCutter } from '@tributary/kit';
import type { KeyedMutation } from './keyedMutations.ts';
import type { World, WorldAnswer } from './World.ts';

export interface OnceFigures {
  readonly field: string;
  /** Connections that were cut with COMMIT on its way: PostgreSQL had it, or had not. */
  cutAfterCommit: number;
  cutBeforeCommit: number;
  /** Calls that raced on one key. */
  raced: number;
  /** Effects beyond the one. */
  doubled: number;
  /** Acknowledged, and not there. */
  lost: number;
  readonly wrong: string[];
}

/** What a mutation leaves that is not there without it; its audit entry is written in the transaction of its effect. */
const countEffects = `select
  (select count(*) from audit_entry where workspace_id = $1 and actor_kind <> 'system')::int as audited,
  (select count(*) from flow where workspace_id = $1)::int as flows,
  (select count(*) from alert_rule where workspace_id = $1)::int as rules,
  (select count(*) from api_key where workspace_id = $1)::int as keys,
  (select count(*) from invitation where workspace_id = $1)::int as invitations,
  (select count(*) from member where workspace_id = $1)::int as members`;
type Effects = Record<string, number>;

const maxTries = 8;

/** Cuts connections at the COMMIT of keyed mutations, sends each again with its key, and races many calls on one key. */
export class OnceProof {
  private readonly world: World;
  private readonly cutter: CommitCutter;

  constructor(world: World, cutter: CommitCutter) {
    this.world = world;
    this.cutter = cutter;
  }

  async prove(mutation: KeyedMutation, cuts: number, racers: number): Promise<OnceFigures> {
    const figures: OnceFigures = {
      field: mutation.field,
      cutAfterCommit: 0,
      cutBeforeCommit: 0,
      raced: 0,
      doubled: 0,
      lost: 0,
      wrong: [],
    };
    const reference = await this.keyed(mutation);
    const once = await this.effectsOf(() => this.undisturbed(mutation, reference));
    for (let n = 0; n < cuts; n += 1) {
      const fate = n % 4 === 3 ? 'beforeCommit' : 'afterCommit';
      const input = await this.keyed(mutation);
      const effects = await this.effectsOf(() => this.callThroughCut(mutation, input, fate, figures));
      this.compare(figures, once, effects);
    }
    if (racers > 0) {
      const input = await this.keyed(mutation);
      const effects = await this.effectsOf(async () => {
        const answers = await Promise.all(Array.from({ length: racers }, () => this.settled(mutation, input)));
        figures.raced += racers;
        this.expectSame(figures, answers);
      });
      this.compare(figures, once, effects);
    }
    return figures;
  }

  private async keyed(mutation: KeyedMutation): Promise<Record<string, unknown>> {
    return { ...(await mutation.prepare(this.world)), idempotencyKey: randomUUID() };
  }

  private async undisturbed(mutation: KeyedMutation, input: Record<string, unknown>): Promise<void> {
    const { errors } = await this.call(mutation, input);
    if (errors) throw new Error(`${mutation.field} is refused undisturbed: ${JSON.stringify(errors)}`);
  }

  private async callThroughCut(
    mutation: KeyedMutation,
    input: Record<string, unknown>,
    fate: 'afterCommit' | 'beforeCommit',
    figures: OnceFigures,
  ): Promise<void> {
    let toCut = 1;
    this.cutter.decide = (_, statements) => {
      if (toCut === 0 || !statements.some((name) => name.startsWith('idempotency.record'))) return 'pass';
      toCut = 0;
      return fate;
    };
    const first = await this.settled(mutation, input);
    this.cutter.decide = null;
    if (toCut > 0) figures.wrong.push('It never came to a COMMIT.');
    else if (fate === 'afterCommit') figures.cutAfterCommit += 1;
    else figures.cutBeforeCommit += 1;
    this.expectSame(figures, [first, await this.settled(mutation, input)]);
  }

  /** Sends it as a client does that wants to know: again with the same key for as long as it cannot be told. */
  private async settled(mutation: KeyedMutation, input: Record<string, unknown>): Promise<WorldAnswer> {
    let answer = await this.call(mutation, input);
    for (let tries = 1; tries < maxTries; tries += 1) {
      if (answer.errors?.[0]?.extensions?.code !== 'SERVICE_UNAVAILABLE') return answer;
      answer = await this.call(mutation, input);
    }
    return answer;
  }

  private call(mutation: KeyedMutation, input: Record<string, unknown>): Promise<WorldAnswer> {
    const { field, inputType, selection } = mutation;
    return this.world.send(`mutation ($input: ${inputType}!) { ${field}(input: $input) { ${selection} } }`, { input });
  }

  private expectSame(figures: OnceFigures, answers: readonly WorldAnswer[]): void {
    const texts = new Set(answers.map(({ data, errors }) => JSON.stringify(errors ? errors[0] : data)));
    if (texts.size !== 1 || answers.some(({ errors }) => errors))
      figures.wrong.push([...texts].slice(0, 3).join(' / '));
  }

  private async effectsOf(work: () => Promise<void>): Promise<Effects> {
    const before = await this.count();
    await work();
    const after = await this.count();
    return Object.fromEntries(Object.keys(after).map((name) => [name, after[name]! - before[name]!]));
  }

  private async count(): Promise<Effects> {
    const { rows } = await this.world.admin.query<Effects>(countEffects, [this.world.workspaceId]);
    return rows[0]!;
  }

  private compare(figures: OnceFigures, once: Effects, found: Effects): void {
    for (const [name, expected] of Object.entries(once)) {
      if (found[name]! > expected) figures.doubled += 1;
      if (found[name]! < expected) figures.lost += 1;
    }
  }
}
