import type { RequestContext } from '@tributary/kernel';
import { batchLoader, checkedFirst, positionAfter, scopeOf, toPage } from '@tributary/data';
import type { Database, Page, PageRequest } from '@tributary/data';
import { profilesOf } from '../../storage/discoveryStatements.js';
import type { ShownMapping } from '../../storage/FieldMappingRow.js';
import type { FlowQueries } from '../flow/FlowQueries.js';
import type { SourceProfile } from './profile/SourceProfile.js';
import { noteCodes } from './source/SourceNotes.js';

export interface ReportedColumn {
  readonly path: string;
  /** Null: the source is one table. */
  readonly sheet: string | null;
  readonly samples: readonly string[];
  readonly became: string | null;
  readonly reason: string;
}

export interface ReportedFinding {
  readonly code: string;
  readonly message: string;
  readonly count: number;
  readonly samples: readonly string[];
}

/** How a discovery understood its source. */
export interface DiscoveryReport {
  readonly recognised: SourceProfile['recognised'];
  readonly encoding: string | null;
  readonly findings: readonly ReportedFinding[];
}

const columnsList = 'discoveryColumns';
const shownSamples = 3;

/** Answers what a discovery understood of its source, from what its import phase has kept. */
export class DiscoveryReports {
  constructor(
    private readonly database: Database,
    private readonly flows: FlowQueries,
  ) {}

  /** Null before the import phase has ended. */
  async report(context: RequestContext, flowId: string): Promise<DiscoveryReport | null> {
    const profile = await this.profile(context, flowId);
    if (profile === null) return null;
    const findings = (profile.notes ?? []).map(({ code, count, samples, sheet }) => ({
      code,
      message: noteCodes[code] ?? code,
      count,
      samples: sheet === undefined ? samples : samples.map((sample) => `${sheet}, ${sample}`),
    }));
    return { recognised: profile.recognised ?? null, encoding: profile.encoding?.encoding ?? null, findings };
  }

  /** Each column of the source once, in its order. */
  async columns(context: RequestContext, flowId: string, request: PageRequest): Promise<Page<ReportedColumn>> {
    checkedFirst(request.first);
    const after = Number(positionAfter(columnsList, request.after, 1)?.[0] ?? -1);
    const [profile, mappings] = await Promise.all([
      this.profile(context, flowId),
      this.flows.fieldMappings(context, flowId),
    ]);
    const byField = new Map(mappings.map((mapping) => [mapping.sourceField, mapping]));
    const sheets = profile?.sheets?.flatMap(({ name, columns }) => Array.from({ length: columns }, () => name)) ?? [];
    const columns = (profile?.columns ?? []).map((column, index) => ({
      index,
      path: column.name,
      sheet: sheets[index] ?? null,
      samples: column.samples.slice(0, shownSamples),
      ...outcomeOf(byField.get(column.name)),
    }));
    const rows = columns.filter(({ index }) => index > after).slice(0, request.first + 1);
    return toPage(columnsList, request, rows, ({ index }) => [index]);
  }

  async countColumns(context: RequestContext, flowId: string): Promise<number> {
    return (await this.profile(context, flowId))?.columns.length ?? 0;
  }

  /** The values that are kept of each column, by its name. Empty before the import phase has ended. */
  async samples(context: RequestContext, flowId: string): Promise<ReadonlyMap<string, readonly string[]>> {
    const loader = batchLoader<string, ReadonlyMap<string, readonly string[]>>(context, 'flow.samples', async (ids) => {
      const profiles = await Promise.all(ids.map((id) => this.profile(context, id)));
      return new Map(ids.map((id, index) => [id, samplesOf(profiles[index] ?? null)]));
    });
    return (await loader.load(flowId)) ?? new Map();
  }

  private profile(context: RequestContext, flowId: string): Promise<SourceProfile | null> {
    return batchLoader<string, SourceProfile>(context, 'flow.profile', async (ids) => {
      const rows = await this.database.read(scopeOf(context), profilesOf(ids));
      return new Map(rows.map(({ flowId: id, profile }) => [id, profile as SourceProfile]));
    }).load(flowId);
  }
}

function outcomeOf(mapping: ShownMapping | undefined): Pick<ReportedColumn, 'became' | 'reason'> {
  if (mapping === undefined) return { became: null, reason: 'It has not been mapped yet.' };
  return { became: mapping.status === 'REJECTED' ? null : mapping.targetField, reason: mapping.reason };
}

function samplesOf(profile: SourceProfile | null): ReadonlyMap<string, readonly string[]> {
  return new Map((profile?.columns ?? []).map(({ name, samples }) => [name, samples]));
}
