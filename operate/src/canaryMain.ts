import { parseArgs } from 'node:util';
import { runAsProcess, settingsWithSecrets } from '@tributary/process';
import { HaproxyRuntime } from './canary/HaproxyRuntime.js';
import { runCanary, type Target } from './canary/runCanary.js';
import { readOperateConfig } from './config.js';

// `npm run canary -- --stable gateway-1=http://10.0.0.1:4000 --canary gateway-2=http://10.0.0.2:4000`: gives a new version of the gateway a part
// of HAProxy's requests, and then all or none. Ends with 1 when it was rolled back.
await runAsProcess(async () => {
  const { values } = parseArgs({
    options: {
      backend: { type: 'string', default: 'gateways' },
      stable: { type: 'string', multiple: true, default: [] },
      canary: { type: 'string', multiple: true, default: [] },
      share: { type: 'string', default: '10' },
      seconds: { type: 'string', default: '300' },
      'look-every': { type: 'string', default: '10' },
      errors: { type: 'string', default: '1' },
      slower: { type: 'string', default: '20' },
      'least-operations': { type: 'string', default: '100' },
    },
  });
  const { HAPROXY_SOCKET } = readOperateConfig(await settingsWithSecrets());
  if (!HAPROXY_SOCKET) throw new Error('HAPROXY_SOCKET is missing: where HAProxy’s runtime API listens.');
  const number = (name: keyof typeof values): number => {
    const value = Number(values[name]);
    if (!(value > 0)) throw new Error(`--${name} must be a number above 0.`);
    return value;
  };
  const share = number('share') / 100;
  if (share >= 1) throw new Error('--share must be less than 100: the others are compared with.');
  const stopped = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => stopped.abort());
  const refusal = await runCanary({
    haproxy: new HaproxyRuntime(HAPROXY_SOCKET),
    backend: values.backend,
    stable: targets('--stable', values.stable),
    canary: targets('--canary', values.canary),
    share,
    seconds: number('seconds'),
    lookEverySeconds: number('look-every'),
    gates: {
      failedShare: number('errors') / 100,
      slowerBy: number('slower') / 100,
      leastOperations: number('least-operations'),
    },
    say: (line) => console.log(line),
    signal: stopped.signal,
  });
  if (refusal !== null) process.exitCode = 1;
});

function targets(option: string, given: readonly string[]): Target[] {
  if (given.length === 0) throw new Error(`Name at least one server with ${option} name=url.`);
  return given.map((each) => {
    const at = each.indexOf('=');
    const url = each.slice(at + 1);
    if (at < 1 || !URL.canParse(url)) throw new Error(`${option} ${each} is not of the form name=http://host:port.`);
    return { name: each.slice(0, at), url };
  });
}
