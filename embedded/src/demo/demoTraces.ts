import { seededNumbers } from './seededNumbers.js';

/** As `ingestTraces` takes it. */
export interface DemoTrace {
  readonly externalId: string;
  readonly startedAt: string;
  readonly durationMs: number;
  readonly status: 'OK' | 'ERROR' | 'TIMEOUT';
  readonly kind: 'MODEL';
  readonly agent: string;
  readonly operation: string;
  readonly version: string;
  readonly model: string;
  readonly provider: string;
  readonly department: string;
  readonly environment: string;
  readonly inputTokens: number;
  readonly cachedInputTokens: number;
  readonly outputTokens: number;
  readonly sessionId: string | null;
  readonly userId: string | null;
}

const models = {
  quick: { model: 'gpt-5-mini', provider: 'openai', medianMs: 900 },
  steady: { model: 'claude-sonnet-4-5', provider: 'anthropic', medianMs: 2_100 },
  slow: { model: 'gemini-2.5-pro', provider: 'google', medianMs: 6_800 },
  /** The company's own: nobody has a price for it. */
  own: { model: 'llama-3.3-70b', provider: 'in-house', medianMs: 1_500 },
} as const;

interface DemoAgent {
  readonly name: string;
  readonly operations: readonly string[];
  /** Of all traces. */
  readonly share: number;
  /** The models that it calls, each as often as it stands here. */
  readonly models: readonly (keyof typeof models)[];
  readonly departments: readonly string[];
  readonly tokens: number;
  readonly failShare: number;
  /** Answers people, so its traces belong to conversations. */
  readonly talks: boolean;
}

const agents: readonly DemoAgent[] = [
  {
    name: 'ticket-router',
    operations: ['classify', 'assign'],
    share: 0.34,
    models: ['quick', 'quick', 'quick', 'own'],
    departments: ['Operations', 'Operations', 'Human Resources'],
    tokens: 700,
    failShare: 0.012,
    talks: false,
  },
  {
    name: 'helpdesk-assistant',
    operations: ['answer', 'look up'],
    share: 0.26,
    models: ['steady', 'steady', 'quick'],
    departments: ['Human Resources', 'Operations'],
    tokens: 1_900,
    failShare: 0.02,
    talks: true,
  },
  {
    name: 'cost-analyst',
    operations: ['compare', 'summarise'],
    share: 0.18,
    models: ['steady', 'steady', 'slow'],
    departments: ['Finance'],
    tokens: 6_500,
    failShare: 0.015,
    talks: false,
  },
  {
    name: 'incident-scribe',
    operations: ['summarise', 'correlate'],
    share: 0.14,
    models: ['steady', 'quick'],
    departments: ['Operations'],
    tokens: 3_200,
    failShare: 0.02,
    talks: false,
  },
  {
    name: 'estate-auditor',
    operations: ['inspect', 'report'],
    share: 0.08,
    models: ['slow', 'slow', 'steady'],
    departments: ['Finance', 'Operations'],
    tokens: 9_000,
    failShare: 0.1,
    talks: false,
  },
];

const dayMs = 86_400_000;
const days = 30;
/** The agent of which the provider was down for a working day. */
const badAgent = 'incident-scribe';

/**
 * What five agents of a company did in the 30 days before `now`: working days and nights, growing use, one bad day, one slow model. The
 * same for the same `now`, and the newest of it minutes old.
 */
export function demoTraces(now: Date, count: number): DemoTrace[] {
  const random = seededNumbers(1_972);
  const badDay = ageOfBadDay(now);
  return startsOf(now, count).map((at, n) => {
    const agent = pickAgent(random());
    const { model, provider, medianMs } = models[pick(agent.models, random())];
    const age = (now.getTime() - at) / dayMs;
    const isBad = agent.name === badAgent && Math.abs(age - badDay) < 0.5;
    const draw = random();
    const failShare = isBad ? 0.55 : agent.failShare;
    const status = draw < failShare * 0.6 ? 'ERROR' : draw < failShare ? 'TIMEOUT' : 'OK';
    const spread = Math.exp((random() + random() + random() - 1.5) * 1.1);
    const inputTokens = Math.round(agent.tokens * spread);
    const talk = agent.talks ? Math.floor(n / 40) * 7 + Math.floor(random() * 7) : null;
    return {
      externalId: `demo-${n}`,
      startedAt: new Date(at).toISOString(),
      durationMs: status === 'TIMEOUT' ? 30_000 : Math.round(medianMs * spread * (isBad ? 2.5 : 1)),
      status,
      kind: 'MODEL',
      agent: agent.name,
      operation: pick(agent.operations, random()),
      version: versionOf(agent.name, age, badDay),
      model,
      provider,
      department: pick(agent.departments, random()),
      environment: random() < 0.85 ? 'production' : 'test',
      inputTokens,
      cachedInputTokens: random() < 0.4 ? Math.round(inputTokens * 0.6) : 0,
      outputTokens: status === 'OK' ? Math.round(inputTokens * (0.12 + random() * 0.2)) : 0,
      sessionId: talk === null ? null : `talk-${talk}`,
      userId: talk === null ? null : `colleague-${talk % 23}@acme.example`,
    };
  });
}

/** Moments within the 30 days, oldest first: more by day than by night, fewer at weekends, more this week than a month ago. */
function startsOf(now: Date, count: number): number[] {
  const hours = days * 24;
  const first = now.getTime() - days * dayMs;
  const weights = Array.from({ length: hours }, (_, hour) =>
    weightOf(new Date(first + hour * 3_600_000), hour / hours),
  );
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  const starts: number[] = [];
  let before = 0;
  weights.forEach((weight, hour) => {
    before += weight;
    const due = Math.round((before / total) * count);
    const here = due - starts.length;
    // Evenly within the hour, and none at its end: the newest hour ends now.
    for (let n = 0; n < here; n += 1) starts.push(first + Math.floor((hour + (n + 0.4) / here) * 3_600_000));
  });
  return starts;
}

function weightOf(at: Date, progress: number): number {
  const hour = at.getUTCHours();
  const isWeekend = at.getUTCDay() % 6 === 0;
  const ofHour = 0.25 + Math.max(0, Math.sin(((hour - 5) / 16) * Math.PI));
  return ofHour * (isWeekend ? 0.35 : 1) * (0.75 + 0.5 * progress);
}

/** How many days ago the middle of the bad day was: three, or more when that was a weekend or a Monday, and fewer than seven. */
function ageOfBadDay(now: Date): number {
  for (let age = 3; ; age += 1) if (new Date(now.getTime() - age * dayMs).getUTCDay() % 6 > 1) return age;
}

/** Two agents got a new version on the way. */
function versionOf(agent: string, age: number, badDay: number): string {
  if (agent === 'helpdesk-assistant') return age > 12 ? '3.1.0' : '3.2.0';
  if (agent === badAgent) return age > badDay + 0.5 ? '1.8.2' : age > badDay - 0.5 ? '1.9.0' : '1.9.1';
  return '2.0.3';
}

function pickAgent(draw: number): DemoAgent {
  let below = 0;
  return agents.find(({ share }) => draw < (below += share)) ?? agents.at(-1)!;
}

function pick<Of>(from: readonly Of[], draw: number): Of {
  return from[Math.floor(draw * from.length)]!;
}
