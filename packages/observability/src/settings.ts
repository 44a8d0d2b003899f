import { z } from 'zod';
import { logLevels, type LogLevel } from './logger.js';

export const logLevelSetting = (fallback: LogLevel) =>
  z
    .enum(logLevels)
    .default(fallback)
    .describe('trace, debug, info, warn, error, fatal or silent; JSON lines on standard error');

export const logOperationsSetting = () =>
  z.coerce
    .number({ error: 'must be a number from 0 to 1' })
    .min(0, 'must be a number from 0 to 1')
    .max(1, 'must be a number from 0 to 1')
    .default(1)
    .describe(
      'what part of the operations that went well gets a line of the log, 0 to 1; those that did not always do',
    );

export const tracesSetting = () =>
  z.string().optional().meta({ description: 'where OpenTelemetry spans go, OTLP over HTTP', otherwise: 'off' });
