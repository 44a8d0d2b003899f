import { clusterMode } from '../harness.js';
import { describeMode } from './describeMode.js';

// With APOLLO_ROUTER naming its binary, the cluster's subgraphs behind that router; with E2E_SYSTEM one that runs in containers.
describeMode(clusterMode);
