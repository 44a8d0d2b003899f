export { assetSubgraph } from './asset.js';
