import type { GraphAccess } from './GraphAccess.js';

/** What the graph says of a discovery, as `understoodBy` asks. */
export interface Understood {
  readonly id: string;
  readonly name: string;
  readonly status: string;
  readonly startedAt: string | null;
  readonly finishedAt: string | null;
  readonly failure: { readonly code: string; readonly message: string } | null;
  readonly discovery: {
    readonly sourceName: string;
    readonly sourceFormat: string;
    readonly encoding: string | null;
    readonly recognised: { readonly name: string; readonly confidence: number } | null;
    readonly rowsTotal: number;
    readonly rowsValid: number;
    readonly rowsRejected: number;
    readonly assetsCreated: number;
    readonly assetsUpdated: number;
    readonly dependenciesFound: number;
    readonly findings: readonly { readonly code: string; readonly message: string; readonly count: number }[];
    readonly columns: { readonly nodes: readonly Column[] };
    readonly rejectedRows: { readonly nodes: readonly Rejected[] };
  };
}

export interface Column {
  readonly path: string;
  readonly samples: readonly string[];
  readonly became: string | null;
  readonly reason: string;
}

export interface Rejected {
  readonly line: number;
  readonly code: string;
  readonly message: string;
}

const document = `query ($id: ID!) {
  flow(id: $id) {
    id name status startedAt finishedAt failure { code message }
    discovery {
      sourceName sourceFormat encoding recognised { name confidence }
      rowsTotal rowsValid rowsRejected assetsCreated assetsUpdated dependenciesFound
      findings { code message count }
      columns(first: 100) { nodes { path samples became reason } }
      rejectedRows(first: 100) { nodes { line code message } }
    }
  }
}`;

/** What became of a discovery up to now. Of columns and rejected rows it has the first hundred. */
export async function understoodBy(access: GraphAccess, id: string): Promise<Understood> {
  const { flow } = await access.ask<{ flow: Understood }>(document, { id });
  return flow;
}
