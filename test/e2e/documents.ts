/** A page of a frontend: a flow with its phases, what it found, what that depends on, what it cost and what it raised. */
export const flowPage = `
  query FlowPage($id: ID!) {
    flow(id: $id) {
      id kind name status progress version createdAt startedAt finishedAt
      createdBy { __typename ... on User { id displayName } }
      phases { name title status progress attempts summary }
      failure { code message phase retryable }
      discovery {
        sourceName sourceFormat rowsTotal rowsValid rowsRejected assetsCreated assetsUpdated dependenciesFound
        fieldMappings { sourceField targetField confidence status reason }
        rejectedRows(first: 20) { totalCount nodes { line code message raw } }
      }
      assets(first: 20) {
        totalCount
        nodes { id name kind status discoveredBy { id name } dependencies(first: 5) { nodes { kind confidence to { id name } from { id name } } } alerts(first: 3) { nodes { id } } }
      }
      metrics { requests errorRate costUsd latencyMs { p50 p95 p99 max } }
      alerts(first: 5) { nodes { id title severity status } }
    }
  }`;

export const startDiscovery = `
  mutation StartDiscovery($input: StartDiscoveryInput!) {
    startDiscovery(input: $input) { flow { id status name } }
  }`;

export const flowProgress = `
  subscription FlowProgress($flowId: ID!, $after: Cursor) {
    flowProgress(flowId: $flowId, after: $after) { sequence cursor previousCursor type phase status progress message flow { id status } }
  }`;

export const servers = (count: number, prefix = 'app') =>
  ['name,ip,os,environment,department,status,owner,cluster']
    .concat(
      Array.from(
        { length: count },
        (_, n) =>
          `${prefix}-${String(n).padStart(4, '0')},10.20.${Math.floor(n / 250)}.${(n % 250) + 1},Debian 12,${n % 2 ? 'prod' : 'test'},Finance,active,owner${n}@corp.example,cluster-${n % 3}`,
      ),
    )
    .join('\n');
