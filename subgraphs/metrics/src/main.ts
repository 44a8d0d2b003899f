import { runAsProcess, settingsWithSecrets } from '@tributary/process';
import { readSubgraphConfig, runSubgraph } from '@tributary/server';
import { readOtlpConfig, readPriceBook, readRetention } from './config.js';
import { metricsSubgraph } from './metrics.js';

await runAsProcess(async () => {
  const env = await settingsWithSecrets();
  await runSubgraph(
    metricsSubgraph({ otlp: readOtlpConfig(env), prices: readPriceBook(env), retention: readRetention(env) }),
    readSubgraphConfig(env),
  );
});
