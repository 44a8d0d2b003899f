import type { ApproveFieldMappings } from '../domain/discovery/ApproveFieldMappings.js';
import type { DiscoveryReports } from '../domain/discovery/DiscoveryReports.js';
import type { SourceDefinitions } from '../domain/discovery/definitions/SourceDefinitions.js';
import type { StartDiscovery } from '../domain/discovery/StartDiscovery.js';
import type { ControlFlow } from '../domain/flow/ControlFlow.js';
import type { FlowQueries } from '../domain/flow/FlowQueries.js';
import type { WatchFlows } from '../domain/flow/WatchFlows.js';
import type { RunnerFlows } from '../domain/runners/RunnerFlows.js';

/** What the resolvers translate to. */
export interface FlowServices {
  readonly queries: FlowQueries;
  readonly reports: DiscoveryReports;
  readonly watch: WatchFlows;
  readonly discovery: StartDiscovery;
  readonly definitions: SourceDefinitions;
  readonly approval: ApproveFieldMappings;
  readonly control: ControlFlow;
  readonly runners: RunnerFlows;
}
