import { Platform0001 } from './0001-platform.js';
import { Workspace0003 } from './0003-workspace.js';
import { Flow0004 } from './0004-flow.js';
import { Asset0005 } from './0005-asset.js';
import { Metrics0006 } from './0006-metrics.js';
import { Alert0007 } from './0007-alert.js';
import { Suspension0010 } from './0010-suspension.js';
import { People0011 } from './0011-people.js';
import { Housekeeping0012 } from './0012-housekeeping.js';
import { AuditCheckpoint0013 } from './0013-audit-checkpoint.js';
import { EncryptedColumns0014 } from './0014-encrypted-columns.js';
import { Jobs0015 } from './0015-jobs.js';
import { PlainPolicies0016 } from './0016-plain-policies.js';
import { SourceFormats0017 } from './0017-source-formats.js';
import { Accounts0018 } from './0018-accounts.js';
import { StreamNews0019 } from './0019-stream-news.js';
import { WhoSaidSo0020 } from './0020-who-said-so.js';
import { Missing0021 } from './0021-missing.js';
import { Identity0022 } from './0022-identity.js';
import { StoredCredentials0023 } from './0023-stored-credentials.js';
import { SourceSheets0025 } from './0025-source-sheets.js';
import { SourceDefinitions0026 } from './0026-source-definitions.js';
import { TraceTables0028 } from './0028-trace-tables.js';
import { TraceUpkeep0029 } from './0029-trace-upkeep.js';
import { TraceCopy0030 } from './0030-trace-copy.js';
import { TraceSwap0031 } from './0031-trace-swap.js';
import { Histograms0032 } from './0032-histograms.js';
import { FlowCounts0036 } from './0036-flow-counts.js';
import { PlainLookups0037 } from './0037-plain-lookups.js';
import { NarrowDays0040 } from './0040-narrow-days.js';
import { Orders0045 } from './0045-orders.js';
import { Inviter0046 } from './0046-inviter.js';
import { AlertMachine0047 } from './0047-alert-machine.js';
import { AlertPeople0048 } from './0048-alert-people.js';
import { TraceRetention0049 } from './0049-trace-retention.js';
import { Webhook0052 } from './0052-webhook.js';
import { Channel0053 } from './0053-channel.js';
import { WebhookOrdering0054 } from './0054-webhook-ordering.js';
import { AlertSilences0055 } from './0055-alert-silences.js';
import { AlertRoutes0056 } from './0056-alert-routes.js';
import { TotalsAnew0057 } from './0057-totals-anew.js';
import { WebhookLag0059 } from './0059-webhook-lag.js';
import { LookupsInTwoSteps0065 } from './0065-lookups-in-two-steps.js';
import { DeliveryLag0067 } from './0067-delivery-lag.js';
import { OperationUse0070 } from './0070-operation-use.js';
import { FiveMinutes0071 } from './0071-five-minutes.js';

export { installJobs } from '@tributary/jobs';
export { onCitus } from './onCitus.js';

/** Every migration, oldest first. One table's story a file. */
export const migrations: readonly Function[] = [
  Platform0001,
  Workspace0003,
  Flow0004,
  Asset0005,
  Metrics0006,
  Alert0007,
  Suspension0010,
  People0011,
  Housekeeping0012,
  AuditCheckpoint0013,
  EncryptedColumns0014,
  Jobs0015,
  PlainPolicies0016,
  SourceFormats0017,
  Accounts0018,
  StreamNews0019,
  WhoSaidSo0020,
  Missing0021,
  Identity0022,
  StoredCredentials0023,
  SourceSheets0025,
  SourceDefinitions0026,
  TraceTables0028,
  TraceUpkeep0029,
  TraceCopy0030,
  TraceSwap0031,
  Histograms0032,
  FlowCounts0036,
  PlainLookups0037,
  NarrowDays0040,
  Orders0045,
  Inviter0046,
  AlertMachine0047,
  AlertPeople0048,
  TraceRetention0049,
  Webhook0052,
  Channel0053,
  WebhookOrdering0054,
  AlertSilences0055,
  AlertRoutes0056,
  TotalsAnew0057,
  WebhookLag0059,
  LookupsInTwoSteps0065,
  DeliveryLag0067,
  OperationUse0070,
  FiveMinutes0071,
];
