// Cluster mode on this machine: every part of parts.ts runs as a process of its own against PostgreSQL at DATABASE_URL (a role that may
// create roles) and Redis at REDIS_URL. What a real cluster takes from its secret store is made up here, and kept in the data folder.
// With APOLLO_ROUTER naming the binary of Apollo Router, that router serves the graph, behind the gateway process in mode edge. With
// GATEWAYS=n there are so many gateways; those behind the first take free ports. scripts/cluster.mjs starts this on the pinned Node.
import { spawn } from 'node:child_process';
import { createPublicKey, generateKeyPairSync, randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join, resolve } from 'node:path';
import process, { env } from 'node:process';
import { setTimeout as sleep } from 'node:timers/promises';
import { clusterParts, edge } from '../parts.ts';
import { clusterEnvironment } from './clusterEnvironment.ts';
import { childEnvironment, pinnedNode, sourceMapFlags } from './ensure.mjs';
import { root } from './tree.mjs';

const readyPatienceMs = 60_000;
const stopPatienceMs = 9_000;
const restartWaitMs = 500;
const partNamed = Object.fromEntries(clusterParts.map((part) => [part.name, part]));
const subgraphs = clusterParts.map(({ name }) => name).filter((name) => name !== 'worker' && name !== 'gateway');

const host = env.HOST ?? '127.0.0.1';
const data = resolve(env.TRIBUTARY_DATA ?? '.tributary');
const secrets = loadSecrets();
const children = new Set();
let stopping = false;

process.on('SIGINT', () => void stop(0));
process.on('SIGTERM', () => void stop(0));

await migrate();
const ports = Object.fromEntries(await Promise.all(subgraphs.map(async (name) => [name, await freePort()])));
const values = {
  HOST: '127.0.0.1',
  LOG_LEVEL: env.LOG_LEVEL ?? 'info',
  DATABASE_URL: roleUrl('app'),
  WORKER_DATABASE_URL: roleUrl('worker'),
  GATEWAY_SECRET: secrets.gatewaySecret,
  ENCRYPTION_KEYS: secrets.encryptionKeys,
  AUDIT_SIGNING_KEY: secrets.auditSigningKey,
  JWT_PRIVATE_KEY: secrets.privateKey,
  JWT_PUBLIC_KEY: createPublicKey(secrets.privateKey).export({ type: 'spki', format: 'pem' }),
  JWT_ISSUER: 'tributary-local',
  JWT_AUDIENCE: 'tributary',
  UPLOADS_DIRECTORY: join(data, 'uploads'),
  // One machine: the folder is shared by all processes.
  UPLOADS_SHARED: 'true',
  ...(env.APOLLO_ROUTER ? { ACCEPT_UNBOUND_CONTEXT: 'true' } : {}),
  ...Object.fromEntries(
    subgraphs.map((name) => [`SUBGRAPH_${name.toUpperCase()}_URL`, `http://127.0.0.1:${ports[name]}`]),
  ),
};
for (const name of subgraphs) start(partNamed[name], values, ports[name]);
start(partNamed.worker, values, 0);
await Promise.all(subgraphs.map((name) => ready(`http://127.0.0.1:${ports[name]}`)));

const port = Number(env.PORT ?? 4000) || (await freePort());
const door = env.APOLLO_ROUTER ? edge : partNamed.gateway;
const router = env.APOLLO_ROUTER ? { ...edge.told, EDGE_ROUTER_URL: await startRouter(env.APOLLO_ROUTER) } : {};
startGateway(port);
for (let others = Number(env.GATEWAYS ?? 1) - 1; others > 0; others -= 1) {
  const port = await freePort();
  startGateway(port);
  await ready(`http://${host}:${port}`);
  console.log(`Another gateway is ready at http://${host}:${port}/graphql`);
}
await ready(`http://${host}:${port}`);
console.log(`Tributary is ready at http://${host}:${port}/graphql`);
console.log(
  'Make the first workspace and its owner: npm run admin -- create-workspace --slug acme --name "Acme" --owner-email you@example.com',
);

function startGateway(port) {
  const own = {
    ...router,
    HOST: host,
    SECURE_COOKIES: env.SECURE_COOKIES ?? 'false',
    INTROSPECTION: env.INTROSPECTION ?? 'true',
  };
  start(door, { ...values, ...own }, port);
}

/** Runs one part. When one ends by itself, everything ends; with RESTART_PARTS=true it is started again, as an orchestrator would. */
function start(part, told, port) {
  const args = [...sourceMapFlags, ...part.nodeFlags, join(root, part.entry)];
  launch(part.name, pinnedNode(), args, clusterEnvironment(part, told, env, port));
}

function launch(name, command, args, environment) {
  const child = spawn(command, args, {
    env: { ...environment, PATH: childEnvironment().PATH },
    stdio: ['ignore', 'inherit', 'inherit'],
    detached: true,
  });
  children.add(child);
  child.once('exit', (code, signal) => {
    children.delete(child);
    if (stopping) return;
    if (env.RESTART_PARTS === 'true') {
      setTimeout(() => !stopping && launch(name, command, args, environment), restartWaitMs);
      return;
    }
    console.error(`${name} ended with ${signal ?? code}; everything is stopped.`);
    void stop(1);
  });
}

/** Apollo Router on a port of its own. Resolves to its URL when it is healthy. */
async function startRouter(binary) {
  const [listen, health, metrics] = await Promise.all([freePort(), freePort(), freePort()]);
  const config = join(root, 'gateway', 'apollo-router', 'router.yaml');
  launch(
    'apollo-router',
    binary,
    ['--config', config, '--supergraph', join(root, 'schema', 'supergraph.graphql'), '--log', 'warn'],
    {
      ...env,
      APOLLO_TELEMETRY_DISABLED: 'true',
      ROUTER_LISTEN: `127.0.0.1:${listen}`,
      ROUTER_HEALTH_LISTEN: `127.0.0.1:${health}`,
      ROUTER_METRICS_LISTEN: `127.0.0.1:${metrics}`,
      ROUTER_INTROSPECTION: env.INTROSPECTION ?? 'true',
    },
  );
  await ready(`http://127.0.0.1:${health}`, '/health?ready');
  return `http://127.0.0.1:${listen}/`;
}

async function stop(code) {
  if (stopping) return;
  stopping = true;
  const ended = [...children].map((child) => new Promise((done) => child.once('exit', done)));
  for (const child of children) child.kill('SIGTERM');
  await Promise.race([Promise.all(ended), sleep(stopPatienceMs)]);
  for (const child of children) child.kill('SIGKILL');
  process.exit(code);
}

async function migrate() {
  const child = spawn(pinnedNode(), [...sourceMapFlags, join(root, 'migrations', 'dist', 'main.js')], {
    env: childEnvironment({
      DATABASE_ADMIN_URL: env.DATABASE_URL,
      DATABASE_MIGRATOR_PASSWORD: secrets.passwords.migrator,
      DATABASE_APP_PASSWORD: secrets.passwords.app,
      DATABASE_WORKER_PASSWORD: secrets.passwords.worker,
    }),
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  const code = await new Promise((done) => child.once('exit', done));
  if (code !== 0) {
    console.error('The database could not be brought to the newest version: see above.');
    process.exit(1);
  }
}

async function ready(base, path = '/health/ready') {
  const deadline = Date.now() + readyPatienceMs;
  while (!stopping) {
    const answer = await fetch(`${base}${path}`).catch(() => null);
    if (answer?.ok) return;
    if (Date.now() > deadline) {
      console.error(`${base} was not ready within ${readyPatienceMs / 1000} s.`);
      await stop(1);
    }
    await sleep(100);
  }
  await new Promise(() => {});
}

function roleUrl(role) {
  const url = new URL(env.DATABASE_URL);
  url.username = role;
  url.password = encodeURIComponent(secrets.passwords[role]);
  return url.href;
}

function loadSecrets() {
  const file = join(data, 'cluster-secrets.json');
  const known = existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : {};
  const password = () => randomBytes(24).toString('base64url');
  const signingKey = () => generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' });
  const made = {
    gatewaySecret: known.gatewaySecret ?? randomBytes(48).toString('base64url'),
    privateKey: known.privateKey ?? signingKey(),
    encryptionKeys: known.encryptionKeys ?? `k1:${randomBytes(32).toString('base64url')}`,
    auditSigningKey: known.auditSigningKey ?? signingKey(),
    passwords: known.passwords ?? { migrator: password(), app: password(), worker: password() },
  };
  mkdirSync(data, { recursive: true });
  writeFileSync(file, JSON.stringify(made), { mode: 0o600 });
  return made;
}

function freePort() {
  return new Promise((done, failed) => {
    const server = createServer();
    server.once('error', failed);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address();
      server.close(() => done(port));
    });
  });
}
