/** The tabs that a first visitor finds. */
export const examples = [
  {
    query: `# Flows with their assets, cost and alerts: one operation,
# answered by every part of the graph. Ctrl-Enter runs it,
# Ctrl-Space completes, the book on the left explains.
query Overview {
  viewer {
    role
    workspace { name }
    user { displayName }
  }
  flows(first: 5) {
    totalCount
    nodes {
      id
      name
      status
      progress
      phases { title status attempts }
      assets(first: 3) {
        totalCount
        nodes { name kind environment }
      }
      metrics {
        requests
        costUsd
        latencyMs { p50 p95 }
      }
      alerts(first: 3) {
        nodes { title severity status }
      }
    }
  }
}
`,
  },
  {
    query: `# Watch every flow of the workspace. Run this here, and
# the next tab's mutation in a second window.
subscription WatchFlows {
  flowUpdates {
    sequence
    type
    status
    progress
    phase
    message
    flow { id name }
  }
}
`,
  },
  {
    query: `# Turn a table into assets: it is in the variables below.
mutation Discover($input: StartDiscoveryInput!) {
  startDiscovery(input: $input) {
    flow { id name status }
  }
}
`,
    variables: JSON.stringify(
      {
        input: {
          name: 'From GraphiQL',
          requireApproval: false,
          source: {
            name: 'servers.csv',
            format: 'CSV',
            content:
              'name,type,ip,environment,owner,runs on\nweb-1,virtual machine,10.0.0.11,production,ada@example.org,host-a\nweb-2,virtual machine,10.0.0.12,production,ada@example.org,host-a\nhost-a,server,10.0.0.2,production,grace@example.org,\n',
          },
        },
      },
      null,
      2,
    ),
  },
];
