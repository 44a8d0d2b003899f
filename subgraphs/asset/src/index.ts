export { assetModule } from './assetModule.js';
