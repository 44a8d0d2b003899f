import { describeMode } from './describeMode.js';

// With APOLLO_ROUTER naming its binary, the cluster's subgraphs behind that router.
describeMode(process.env['APOLLO_ROUTER'] ? 'apollo-router' : 'cluster');
