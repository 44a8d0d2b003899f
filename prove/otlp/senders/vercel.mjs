// Vercel's AI SDK with its telemetry for OpenTelemetry.   SPANS: how many calls   MODEL_URL: where the model is
import { env } from 'node:process';
import { createOpenAI } from '@ai-sdk/openai';
import { OpenTelemetry } from '@ai-sdk/otel';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-proto';
import { NodeSDK } from '@opentelemetry/sdk-node';
import { generateText, registerTelemetry } from 'ai';

const sdk = new NodeSDK({ serviceName: 'vercel', traceExporter: new OTLPTraceExporter(), instrumentations: [] });
sdk.start();
registerTelemetry(new OpenTelemetry());
const model = createOpenAI({ apiKey: 'none', baseURL: env.MODEL_URL }).chat('gpt-4o');
for (let n = 0; n < Number(env.SPANS); n += 1) {
  await generateText({ model, prompt: 'How are you?', telemetry: { functionId: 'greeting' } });
}
await sdk.shutdown();
