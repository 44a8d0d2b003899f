/** A guard that a control build lacks: a proof that does not find that out proves nothing. */
export interface Guard {
  readonly holds: string;
  readonly file: string;
  /** Stands once in the file, and in what is built of it. */
  readonly find: string;
  readonly replace: string;
}

const positions = 'subgraphs/delivery/src/storage/positionStatements.ts';

export const guards = {
  fence: {
    holds: 'who no longer holds a position writes nothing of it',
    file: positions,
    find: 'p.fence = s.fence and p.active',
    replace: 'p.fence >= s.fence and p.active',
  },
  'fence side by side': {
    holds: 'the same for messages that do not wait for each other',
    file: positions,
    find: `then $12::integer * interval '1 millisecond' end
     where workspace_id = $1 and webhook_id = $2 and replay_id = $3 and fence = $4`,
    replace: `then $12::integer * interval '1 millisecond' end
     where workspace_id = $1 and webhook_id = $2 and replay_id = $3 and fence >= $4`,
  },
  connector: {
    holds: 'every address of a name is looked at before it is dialled',
    file: 'subgraphs/delivery/src/domain/outgoing/guardedConnector.ts',
    find: 'addresses.mayDial(each)',
    replace: '(addresses.mayDial(each) || true)',
  },
} as const satisfies Readonly<Record<string, Guard>>;

export type GuardName = keyof typeof guards;

/** What a process is started with to run without one. */
export function without(guard: GuardName): Readonly<Record<string, string>> {
  return {
    NODE_OPTIONS: `--import ${new URL('withoutGuard.ts', import.meta.url).href}`,
    WITHOUT_GUARD: guard,
  };
}
