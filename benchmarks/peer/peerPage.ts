/**
 * The page of `test/e2e/documents.ts` as PostGraphile's schema can say it. It asks for less: assets are the workspace's first 20, for no
 * foreign key leads from a flow to its assets; who asked for the flow, figures of traces and the alerts of each asset are left out.
 */
export const peerPage = `
  query FlowPage($workspace: UUID!, $flow: UUID!) {
    flowByWorkspaceIdAndRowId(workspaceId: $workspace, rowId: $flow) {
      rowId kind name status progress version createdAt startedAt finishedAt failureCode failureMessage failurePhase failureRetryable
      flowPhasesByWorkspaceIdAndFlowId { nodes { name title status progress attempts summary } }
      discoveryFlowByWorkspaceIdAndFlowId {
        sourceName sourceFormat rowsTotal rowsValid rowsRejected assetsCreated assetsUpdated dependenciesFound
      }
      fieldMappingsByWorkspaceIdAndFlowId { nodes { sourceField targetField confidence status reason } }
      rejectedRowsByWorkspaceIdAndFlowId(first: 20) { totalCount nodes { line code message raw } }
    }
    allAssets(first: 20) {
      totalCount
      nodes {
        rowId name kind status
        assetDependenciesByWorkspaceIdAndFromId(first: 5) { nodes { kind confidence ...ends } }
        assetDependenciesByWorkspaceIdAndToId(first: 5) { nodes { kind confidence ...ends } }
      }
    }
    allAlerts(first: 5, condition: { flowId: $flow }) { nodes { rowId title severity status } }
  }
  fragment ends on AssetDependency {
    assetByWorkspaceIdAndFromId { rowId name }
    assetByWorkspaceIdAndToId { rowId name }
  }`;
