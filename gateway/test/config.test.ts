import { generateSigningKey } from '@tributary/auth';
import { describe, expect, test } from '@jest/globals';
import { readGatewayConfig } from '../src/config.js';

const sound = {
  SUBGRAPH_WORKSPACE_URL: 'http://workspace:4000',
  SUBGRAPH_FLOW_URL: 'http://flow:4000',
  SUBGRAPH_ASSET_URL: 'http://asset:4000',
  SUBGRAPH_METRICS_URL: 'http://metrics:4000',
  SUBGRAPH_ALERT_URL: 'http://alert:4000',
  SUBGRAPH_DELIVERY_URL: 'http://delivery:4000',
  SUPERGRAPH_FILE: import.meta.filename,
  GATEWAY_SECRET: '0123456789abcdef0123456789abcdef',
  JWT_ISSUER: 'https://login.example',
  JWT_AUDIENCE: 'tributary',
  JWT_PUBLIC_KEY: generateSigningKey().publicKeyPem,
};

describe('settings of a gateway process', () => {
  test('sound ones are read, with the defaults of production', () => {
    const config = readGatewayConfig({ ...sound, CORS_ORIGINS: 'https://a.example, https://b.example' });
    expect(config).toMatchObject({
      host: '127.0.0.1',
      port: 4000,
      edgeRouterUrl: null,
      secureCookies: true,
      sandboxFolder: null,
    });
    expect(config.settings).toMatchObject({
      introspection: false,
      suggestions: false,
      corsOrigins: ['https://a.example', 'https://b.example'],
    });
    expect(config.settings.limits).toMatchObject({
      bodyBytes: 262_144,
      depth: 12,
      tokens: 2_000,
      aliases: 30,
      rootFields: 20,
    });
    expect(config.jwt.publicKeysPem).toHaveLength(1);
  });

  test('every setting that is missing or weak is named', () => {
    const messageOf = (env: Record<string, string>) => {
      try {
        readGatewayConfig(env);
      } catch (error) {
        return (error as Error).message;
      }
      return '';
    };
    expect(messageOf({ ...sound, GATEWAY_SECRET: 'short' })).toMatch(/GATEWAY_SECRET: is weak/);
    expect(messageOf({ ...sound, SUBGRAPH_FLOW_URL: '', JWT_PUBLIC_KEY: '' })).toMatch(
      /SUBGRAPH_FLOW_URL: is missing[^]*JWT_PUBLIC_KEY: is missing/,
    );
    expect(messageOf({ ...sound, SUPERGRAPH_FILE: '/nowhere' })).toMatch(/SUPERGRAPH_FILE: there is no file/);
    expect(messageOf({ ...sound, MODE: 'edge' })).toMatch(/EDGE_ROUTER_URL: is missing/);
    expect(messageOf({ ...sound, SUBGRAPH_TIMEOUT_MS: '999999' })).toMatch(/SUBGRAPH_TIMEOUT_MS/);
  });

  test('a key may be written in one line, and two keys one after the other', () => {
    const { publicKeyPem } = generateSigningKey();
    expect(
      readGatewayConfig({ ...sound, JWT_PUBLIC_KEY: (sound.JWT_PUBLIC_KEY + publicKeyPem).replaceAll('\n', '\\n') }).jwt
        .publicKeysPem,
    ).toHaveLength(2);
  });
});
