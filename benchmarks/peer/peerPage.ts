/**
 * The page of `test/e2e/documents.ts` as PostGraphile's schema says it, with the relations and computed columns of `schema.sql` and `server.mjs`.
 * `samePage.ts` holds both answers against each other.
 */
export const peerPage = `
  query FlowPage($workspace: UUID!, $flow: UUID!) {
    flow: flowByWorkspaceIdAndRowId(workspaceId: $workspace, rowId: $flow) {
      id: rowId kind name status progress version createdAt startedAt finishedAt failureCode failureMessage failurePhase failureRetryable
      createdBy: creator { id: userId displayName }
      phases: flowPhasesByWorkspaceIdAndFlowId(orderBy: PRIMARY_KEY_ASC) { nodes { name title status progress attempts summary } }
      discovery: discoveryFlowByWorkspaceIdAndFlowId {
        sourceName sourceFormat rowsTotal rowsValid rowsRejected assetsCreated assetsUpdated dependenciesFound
      }
      fieldMappings: fieldMappingsByWorkspaceIdAndFlowId(orderBy: PRIMARY_KEY_ASC) {
        nodes { sourceField targetField confidence status reason }
      }
      rejectedRows: rejectedRowsByWorkspaceIdAndFlowId(first: 20, orderBy: PRIMARY_KEY_ASC) { totalCount nodes { line code message raw } }
      assetCount
      assets: sightings(first: 20, orderBy: PRIMARY_KEY_ASC) {
        nodes {
          discoveredBy: flow { id: rowId name }
          asset {
            id: rowId name kind status
            dependencies: connections(first: 5) {
              nodes {
                kind confidence
                to: assetByWorkspaceIdAndToId { id: rowId name }
                from: assetByWorkspaceIdAndFromId { id: rowId name }
              }
            }
            alerts(first: 3, orderBy: PRIMARY_KEY_DESC) { nodes { id: rowId } }
          }
        }
      }
      metrics: figures { requests errorRate costUsd p50 p95 p99 longest }
      alerts(first: 5, orderBy: PRIMARY_KEY_DESC) { nodes { id: rowId title severity status } }
    }
  }`;
