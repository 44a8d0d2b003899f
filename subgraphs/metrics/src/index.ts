export { metricsModule } from './metricsModule.js';
