/** How a gateway behaves, apart from what it is connected to. Times are in milliseconds, sizes in bytes. */
export interface GatewaySettings {
  /** Whether `__schema` and `__type` are answered. They need no sign-in, and skip the limits of depth and aliases. */
  readonly introspection: boolean;
  /** Whether validation errors say "Did you mean …?", which tells names of the schema. */
  readonly suggestions: boolean;
  /** Only operations of the stored manifests are taken. */
  readonly storedOperationsOnly: boolean;
  /** The same for API keys without the scope `operation.any`. */
  readonly keysStoredOnly: boolean;
  /** Origins of other sites whose pages may call, such as `https://console.example`. The gateway's own origin always may. */
  readonly corsOrigins: readonly string[];
  /** Who runs query plans: `own` is ours, `shipped` the engine's, for comparison. */
  readonly executor: 'own' | 'shipped';
  /** What part of the operations that went well gets a line of the log; 1: every one. */
  readonly loggedShare: number;
  readonly limits: OperationLimits;
  readonly budgets: BudgetSettings;
  readonly timeouts: GatewayTimeouts;
  readonly sockets: SocketSettings;
  readonly live: LiveSettings;
}

/** Refused before anything is executed. Stored operations are reviewed by whoever stores them, and bound by none but the bodies' size. */
export interface OperationLimits {
  readonly bodyBytes: number;
  /** With the header `x-tributary-ingest: 1`; then `ingestTraces` must be the only root field. */
  readonly ingestBodyBytes: number;
  readonly tokens: number;
  readonly depth: number;
  readonly aliases: number;
  readonly rootFields: number;
  /** With fragments opened. */
  readonly fields: number;
  /** Fields written a second time in the same selection. */
  readonly repeatedFields: number;
  readonly directives: number;
  /** Named fragments. */
  readonly fragments: number;
  /** Of any list in variables or in a document, apart from the two that `checkInput` knows. */
  readonly listItems: number;
  /** Objects and lists one inside the other, in variables or in a document. */
  readonly inputDepth: number;
  /** See `operationCost`. A stored operation may cost what its manifest records. */
  readonly cost: number;
}

/** Of a minute. 0: no such budget. */
export interface BudgetSettings {
  /** Of one person or key in one workspace. */
  readonly requests: number;
  /** Of all operations of one person or key in one workspace, as `operationCost` counts them. */
  readonly cost: number;
  readonly workspaceRequests: number;
  readonly workspaceCost: number;
}

export interface GatewayTimeouts {
  /** A query or mutation, whole. */
  readonly operationMs: number;
  /** The same with `x-tributary-ingest: 1`, and an upload. */
  readonly ingestMs: number;
  /** One call of one subgraph. */
  readonly subgraphMs: number;
  /** How long a drain waits for work in flight before it closes all the same. */
  readonly drainMs: number;
}

export interface SocketSettings {
  readonly initMs: number;
  /** A ping this often; a socket that has not answered by the next is dropped. Event streams over HTTP get a comment as often. */
  readonly keepAliveMs: number;
  readonly messageBytes: number;
  /** Operations at once on one socket. */
  readonly operations: number;
  /** Operations in a burst, and how many a second flow back; the latter also bounds what is kept up for 5 s. */
  readonly burst: number;
  readonly refillPerSecond: number;
  /** A drain closes sockets evenly over this long, so that clients do not return all at once. */
  readonly drainSpreadMs: number;
}

export interface LiveSettings {
  /** Whether watchers of the same thing, with the same authority, share one execution and its bytes. */
  readonly shared: boolean;
  /** How many events a shared execution keeps for watchers that are behind. */
  readonly ringEvents: number;
  /** Sockets and event streams over HTTP at once, of one person or key and of one workspace; each gateway counts its own. */
  readonly perPerson: number;
  readonly perWorkspace: number;
}

export const defaultSettings: GatewaySettings = {
  introspection: false,
  suggestions: false,
  storedOperationsOnly: false,
  keysStoredOnly: false,
  corsOrigins: [],
  executor: 'own',
  loggedShare: 1,
  limits: {
    bodyBytes: 256 * 1024,
    ingestBodyBytes: 4 * 1024 * 1024,
    tokens: 2_000,
    depth: 12,
    aliases: 30,
    rootFields: 20,
    fields: 2_000,
    repeatedFields: 100,
    directives: 50,
    fragments: 100,
    listItems: 250,
    inputDepth: 20,
    cost: 10_000,
  },
  budgets: {
    requests: 120_000,
    cost: 20_000_000,
    workspaceRequests: 600_000,
    workspaceCost: 100_000_000,
  },
  timeouts: { operationMs: 10_000, ingestMs: 60_000, subgraphMs: 5_000, drainMs: 8_000 },
  sockets: {
    initMs: 3_000,
    keepAliveMs: 12_000,
    messageBytes: 64 * 1024,
    operations: 50,
    burst: 60,
    refillPerSecond: 20,
    drainSpreadMs: 1_000,
  },
  live: { shared: true, ringEvents: 256, perPerson: 100, perWorkspace: 20_000 },
};

/** Settings with some parts replaced. */
export interface SettingsOverrides extends Partial<
  Omit<GatewaySettings, 'limits' | 'budgets' | 'timeouts' | 'sockets' | 'live'>
> {
  readonly limits?: Partial<OperationLimits>;
  readonly budgets?: Partial<BudgetSettings>;
  readonly timeouts?: Partial<GatewayTimeouts>;
  readonly sockets?: Partial<SocketSettings>;
  readonly live?: Partial<LiveSettings>;
}

export function settingsWith(overrides: SettingsOverrides): GatewaySettings {
  return {
    ...defaultSettings,
    ...overrides,
    limits: { ...defaultSettings.limits, ...overrides.limits },
    budgets: { ...defaultSettings.budgets, ...overrides.budgets },
    timeouts: { ...defaultSettings.timeouts, ...overrides.timeouts },
    sockets: { ...defaultSettings.sockets, ...overrides.sockets },
    live: { ...defaultSettings.live, ...overrides.live },
  };
}
