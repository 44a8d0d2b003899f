import { z } from 'zod';
import { logLevels, type LogLevel } from './logger.js';

export const logLevelSetting = (fallback: LogLevel) =>
  z
    .enum(logLevels)
    .default(fallback)
    .describe('trace, debug, info, warn, error, fatal or silent; JSON lines on standard error');

export const tracesSetting = () =>
  z.string().optional().meta({ description: 'where OpenTelemetry spans go, OTLP over HTTP', otherwise: 'off' });
