// The register of processes: what runs, from which file, and what it is told. `npm run cluster`, the proofs' clusters, the check of
// docker-compose.yml and .env.example, and docs/reference/settings.md all read it: a setting that a config.ts learns is known here.
import { cacheSettings } from '@tributary/cache';
import { tlsSettings } from '@tributary/commands';
import { subgraphNames, type SubgraphName } from '@tributary/contracts/subgraphs';
import { embeddedSettings, readEmbeddedConfig } from '@tributary/embedded/config';
import { readGatewayConfig } from '@tributary/gateway/config';
import {
  connectionSettings,
  edgeSettings,
  operationSettings,
  socketSettings,
  timeSettings,
} from '@tributary/gateway/environment';
import { oidcSettings } from '@tributary/gateway/oidc-config';
import { heapSettings, vaultSettings } from '@tributary/process';
import { alertSettings, readAlertConfig } from '@tributary/subgraph-alert/config';
import { migrateSettings, readMigrateConfig } from '@tributary/migrations/config';
import { operateSettings, readOperateConfig } from '@tributary/operate/config';
import { peerSettings, readSubgraphConfig, subgraphSettings } from '@tributary/server/config';
import { encryptionSettings, openClusterKeyring } from '@tributary/data/encryption';
import { readWebhookConfig, webhookSettings } from '@tributary/subgraph-delivery/config';
import { openClusterUploads, uploadSettings } from '@tributary/subgraph-flow/config';
import {
  otlpSettings,
  priceSettings,
  readOtlpConfig,
  readPriceBook,
  readRetention,
  readRollup,
  retentionSettings,
  rollupSettings,
} from '@tributary/subgraph-metrics/config';
import { readWorkspaceConfig, workspaceSettings } from '@tributary/subgraph-workspace/config';
import { readWorkerConfig, workerSettings } from '@tributary/worker/config';
import type { z } from 'zod';

/** Settings that belong together, as docs/reference/settings.md shows them. */
export interface SettingGroup {
  readonly title: string;
  readonly settings: z.ZodObject;
}

export interface Part {
  readonly name: string;
  readonly does: string;
  /** From the root of a built tree. */
  readonly entry: string;
  readonly nodeFlags: readonly string[];
  /** The port that it listens on when PORT is not set; 0: any free one. Null: it listens to nobody, or ends by itself. */
  readonly port: number | null;
  readonly groups: readonly SettingGroup[];
  /** What makes a program of several this part, where one file is several. */
  readonly told?: Readonly<Record<string, string>>;
  /** Reads the settings as the process does when it starts. Throws a ConfigError that names what is missing or weak. */
  readonly read: (env: NodeJS.ProcessEnv) => void;
}

export type ClusterPartName = SubgraphName | 'worker' | 'gateway';

const heap = { title: 'Heap of every process', settings: heapSettings };
const vault = { title: 'Where secrets are kept', settings: vaultSettings };
const tls = { title: 'Mutual TLS between the processes', settings: tlsSettings };
const everySubgraph = [
  { title: 'Every subgraph and the worker', settings: subgraphSettings },
  { title: 'What is remembered of answers', settings: cacheSettings },
  { title: 'Where a subgraph finds the others', settings: peerSettings },
  tls,
  heap,
  vault,
];
const encryption = { title: 'Keys of encrypted columns', settings: encryptionSettings };
const webhooks = { title: 'Where webhooks and mail may go', settings: webhookSettings };
const uploads = { title: 'Where uploads are', settings: uploadSettings };

const retention = { title: 'How far back traces and figures reach', settings: retentionSettings };

interface SubgraphOfItsOwn {
  readonly does: string;
  readonly groups?: readonly SettingGroup[];
  readonly read?: (env: NodeJS.ProcessEnv) => void;
}

const subgraphs: Readonly<Record<SubgraphName, SubgraphOfItsOwn>> = {
  workspace: {
    does: 'workspaces, people, keys, signing in, the audit trail',
    groups: [{ title: 'Subgraph workspace', settings: workspaceSettings }],
    read: (env) => void readWorkspaceConfig(env),
  },
  flow: {
    does: 'flows, discovery, uploads, what happened in them',
    groups: [encryption, uploads],
    read(env) {
      openClusterKeyring(env);
      openClusterUploads(env);
    },
  },
  asset: { does: 'the inventory: assets and what depends on what' },
  metrics: {
    does: 'traces and figures',
    groups: [
      { title: 'Subgraph metrics: what is taken in over OTLP', settings: otlpSettings },
      { title: 'Subgraph metrics: what calls of models cost', settings: priceSettings },
      retention,
    ],
    read(env) {
      readOtlpConfig(env);
      readPriceBook(env);
      readRetention(env);
    },
  },
  alert: { does: 'alerts and the rules that raise them' },
  delivery: {
    does: 'webhooks: what is sent to whom',
    groups: [encryption, webhooks],
    read(env) {
      openClusterKeyring(env);
      readWebhookConfig(env);
    },
  },
};

/** Of whatever stands at the door. */
const door = [
  { title: 'Gateway: what it stands in front of, and whom it believes', settings: connectionSettings },
  { title: 'Gateway: signing in at an OpenID Connect issuer', settings: oidcSettings },
  { title: 'Gateway: what may be asked', settings: operationSettings },
  { title: 'Gateway: times', settings: timeSettings },
];

/** Of whatever works behind the scenes. */
const worker = {
  entry: 'worker/dist/main.js',
  // A heap that is allowed to grow does, long before it needs to.
  nodeFlags: ['--max-old-space-size=512'],
  port: 0,
  groups: [
    ...everySubgraph,
    { title: 'Worker', settings: workerSettings },
    retention,
    { title: 'Worker: how traces are rolled up', settings: rollupSettings },
    { title: 'Worker: how alert rules are evaluated', settings: alertSettings },
    encryption,
    uploads,
    webhooks,
  ],
  read(env: NodeJS.ProcessEnv) {
    readSubgraphConfig(env);
    readWorkerConfig(env);
    readRetention(env);
    readRollup(env);
    readAlertConfig(env);
    openClusterKeyring(env);
    openClusterUploads(env);
    readWebhookConfig(env);
  },
};

/** The parts of a cluster, in the order in which they are started. */
export const clusterParts: readonly (Part & { readonly name: ClusterPartName })[] = [
  ...subgraphNames.map((name) => ({
    name,
    does: subgraphs[name].does,
    entry: `subgraphs/${name}/dist/main.js`,
    nodeFlags: [],
    port: 0,
    groups: [...everySubgraph, ...(subgraphs[name].groups ?? [])],
    read(env: NodeJS.ProcessEnv) {
      readSubgraphConfig(env);
      subgraphs[name].read?.(env);
    },
  })),
  { name: 'worker', does: 'phases of flows; consumers, jobs and schedules; webhooks', ...worker },
  {
    name: 'gateway',
    does: 'the one door: sign-in, limits, federation, sockets',
    entry: 'gateway/dist/main.js',
    nodeFlags: [],
    port: 4000,
    groups: [...door, { title: 'Gateway: sockets and event streams', settings: socketSettings }, tls, heap, vault],
    read: (env) => void readGatewayConfig(env),
  },
];

/** The door in front of another router, such as Apollo Router, which runs the graph then. */
export const edge: Part = {
  name: 'edge',
  does: 'the door in front of another router: sign-in and limits, queries and mutations',
  entry: 'gateway/dist/main.js',
  nodeFlags: [],
  port: 4000,
  told: { MODE: 'edge' },
  groups: [...door, { title: 'Edge: the router behind it', settings: edgeSettings }, tls, heap, vault],
  read: (env) => void readGatewayConfig(env),
};

/** A worker that does nothing but deliver, so that it alone needs a way out. */
const deliveryWorker: Part = {
  name: 'delivery-worker',
  does: 'sends what webhooks and channels are sent, and is the only one that dials out',
  told: { WORKER_RUNS: 'delivery' },
  ...worker,
};

/** Everything else that reads settings. */
const otherParts: readonly Part[] = [
  {
    name: 'migrate',
    does: 'brings a database to the newest version, and ends',
    entry: 'migrations/dist/main.js',
    nodeFlags: [],
    port: null,
    groups: [{ title: 'Migration', settings: migrateSettings }, heap, vault],
    read: (env) => void readMigrateConfig(env),
  },
  {
    name: 'embedded',
    does: 'the whole graph and its PostgreSQL: `npm start`',
    entry: 'embedded/dist/main.js',
    nodeFlags: [],
    port: 4000,
    groups: [{ title: 'Embedded mode', settings: embeddedSettings }, heap, vault],
    read: (env) => void readEmbeddedConfig(env),
  },
  {
    name: 'operate',
    does: 'an operator’s commands, such as `npm run backup`',
    entry: 'operate/dist/adminMain.js',
    nodeFlags: [],
    port: null,
    groups: [{ title: 'An operator’s commands', settings: operateSettings }, heap, vault],
    read: (env) => void readOperateConfig(env),
  },
];

export const parts: readonly Part[] = [...clusterParts, deliveryWorker, edge, ...otherParts];

/** Names of the settings that a part reads. */
export function settingNames(part: Pick<Part, 'groups'>): string[] {
  return [...new Set(part.groups.flatMap(({ settings }) => Object.keys(settings.shape)))];
}

/** Of these values those that the part is told: what is a secret of others stays with them. */
export function settingsFor<Value>(part: Part, values: Readonly<Record<string, Value>>): Record<string, Value> {
  const names = new Set(settingNames(part));
  return Object.fromEntries(Object.entries(values).filter(([name]) => names.has(name)));
}
