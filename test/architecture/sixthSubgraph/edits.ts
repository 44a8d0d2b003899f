/** A line of an existing file behind which a sixth subgraph writes its own. */
export interface Edit {
  readonly file: string;
  readonly behind: string;
  readonly insert: string;
}

const dependency = (name: string) => `    "@tributary/subgraph-${name}": "0.1.0",\n`;

/** All that `echo` changes of what is there; the rest are files of its own, in files/. */
export const edits: readonly Edit[] = [
  {
    file: 'contracts/src/subgraphs.ts',
    behind: `export const subgraphNames = ['workspace', 'flow', 'asset', 'metrics', 'alert', 'delivery'`,
    insert: `, 'echo'`,
  },
  {
    file: 'contracts/src/entities.ts',
    behind: `  Webhook: { tag: 'hook', subgraph: 'delivery', action: 'webhook.read' },\n`,
    insert: `  Echo: { tag: 'echo', subgraph: 'echo', action: 'echo.read' },\n`,
  },
  {
    file: 'contracts/src/actions.ts',
    behind: 'export const actions = {\n',
    insert: `  'echo.read': { title: 'See echoes', least: 'VIEWER', keys: 'byScope', system: true, description: 'See echoes.' },
  'echo.write': { title: 'Call into a flow', least: 'OPERATOR', keys: 'byScope', system: false, description: 'Call into a flow.' },\n`,
  },
  {
    file: 'contracts/src/events/streams.ts',
    behind: 'export const eventStreams = {\n',
    insert: `  echoes: { types: echoEventTypes, historyStays: false, description: 'What was called.' },\n`,
  },
  {
    file: 'contracts/src/events/streams.ts',
    behind: `import { alertEventTypes } from './alert.js';\n`,
    insert: `import { echoEventTypes } from './echo.js';\n`,
  },
  {
    file: 'contracts/src/events/index.ts',
    behind: `export type { AlertEventPayload, AlertEventType } from './alert.js';\n`,
    insert: `export { echoEventTypes } from './echo.js';\nexport type { EchoEventType } from './echo.js';\n`,
  },
  { file: 'packages/jobs/src/jobNames.ts', behind: `['phase'`, insert: `, 'echo.repeat'` },
  {
    file: 'migrations/index.ts',
    behind: `import { Jobs0015 } from './0015-jobs.js';\n`,
    insert: `import { Echo9001 } from './9001-echo.js';\n`,
  },
  {
    file: 'migrations/index.ts',
    behind: 'export const migrations: readonly Function[] = [\n',
    insert: '  Echo9001,\n',
  },
  {
    file: 'worker/src/allSubgraphs.ts',
    behind: `import { assetSubgraph } from '@tributary/subgraph-asset';\n`,
    insert: `import { echoSubgraph } from '@tributary/subgraph-echo';\n`,
  },
  { file: 'worker/src/allSubgraphs.ts', behind: '    alertSubgraph(alerts),\n', insert: '    echoSubgraph(),\n' },
  { file: 'worker/package.json', behind: dependency('asset'), insert: dependency('echo') },
  {
    file: 'parts.ts',
    behind: `  alert: { does: 'alerts and the rules that raise them' },\n`,
    insert: `  echo: {
    does: 'echoes',
    groups: [{ title: 'Subgraph echo', settings: echoSettings }],
    read: (env) => void readEchoConfig(env),
  },\n`,
  },
  {
    file: 'parts.ts',
    behind: `import { peerSettings, readSubgraphConfig, subgraphSettings } from '@tributary/server/config';\n`,
    insert: `import { echoSettings, readEchoConfig } from '@tributary/subgraph-echo/config';\n`,
  },
  {
    file: 'docker-compose.yml',
    behind: `    command: ['node', 'subgraphs/alert/dist/main.js']\n`,
    insert: `\n  echo:\n    <<: *subgraph\n    command: ['node', 'subgraphs/echo/dist/main.js']\n`,
  },
  {
    file: 'prove/tenancy/world/World.ts',
    behind: `  rule: ['alert_rule', 'id'],\n`,
    insert: `  echo: ['echo', 'id'],\n`,
  },
];
