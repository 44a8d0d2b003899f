import { resolve } from 'node:path';
import { z } from 'zod';
import { databaseEngines, poolers } from '@tributary/data';
import { readConfig, setting } from '@tributary/kernel';

const ofCluster = (description: string) =>
  z.string().optional().meta({ description, otherwise: 'that of the data folder', secret: true });

/** Of the commands that look after stored data. With DATABASE_ADMIN_URL they mean a cluster, else embedded mode's folder. */
export const operateSettings = z.object({
  TRIBUTARY_DATA: z.string().default('.tributary').describe('folder of embedded mode'),
  DATABASE_ADMIN_URL: ofCluster('PostgreSQL of a cluster, as a role that may create roles'),
  DATABASE_MIGRATOR_PASSWORD: ofCluster('password that role migrator gets, for `restore`'),
  DATABASE_APP_PASSWORD: ofCluster('password that role app gets, for `restore`'),
  DATABASE_WORKER_PASSWORD: ofCluster('password that role worker gets, for `restore`'),
  UPLOADS_DIRECTORY: z.string().optional().describe('a cluster’s uploads, for `backup` and `restore`'),
  DATABASE_URL: ofCluster('PostgreSQL of a cluster, as role app, for `admin`, `keys:rotate` and `metrics:rebuild`'),
  DATABASE_ENGINE: z
    .enum(databaseEngines)
    .default('postgresql')
    .describe('what the cluster’s database is, as its processes are told'),
  CITUS_SHARDS: setting.count(32, 1_024).describe('shards of each table on Citus, for `restore`'),
  DATABASE_POOLER: z
    .enum(poolers)
    .default('none')
    .describe('what DATABASE_URL leads to, as the cluster’s processes are told'),
  WORKER_DATABASE_URL: ofCluster('PostgreSQL of a cluster, as role worker, for `audit:checkpoint`'),
  AUDIT_SIGNING_KEY: ofCluster('signs checkpoints of the audit trail'),
  AUDIT_PUBLIC_KEY: z.string().optional().meta({
    description: 'PEM, several one after the other while keys change: what `audit:verify` checks with',
    otherwise: 'of AUDIT_SIGNING_KEY',
  }),
  ENCRYPTION_KEYS: ofCluster('keys of encrypted columns, for `keys:rotate` and `restore`'),
  TRIBUTARY_URL: setting.url().optional().meta({
    description: 'the system that `discover` sends files to',
    otherwise: 'that of the data folder, running or not',
  }),
  TRIBUTARY_API_KEY: z.string().optional().meta({
    description: 'the API key that `discover` comes with, for its workspace',
    otherwise: 'on this machine the demo operator',
    secret: true,
  }),
  HAPROXY_SOCKET: z.string().optional().meta({
    description: 'HAProxy’s runtime API, as a path or as host:port, for `canary`',
    otherwise: 'required for it',
  }),
  INIT_CWD: z.string().optional().meta({
    description: 'the folder that a file of `discover` is named from; npm sets it',
    otherwise: 'the working folder',
  }),
  PUBLIC_URL: setting.url().optional().meta({
    description: 'where people reach the gateway, for links',
    otherwise: 'where the embedded system listens',
  }),
});

export function readOperateConfig(env: NodeJS.ProcessEnv = process.env) {
  const settings = readConfig(operateSettings, env);
  return { ...settings, dataDirectory: resolve(settings.TRIBUTARY_DATA) };
}

export type OperateConfig = ReturnType<typeof readOperateConfig>;
