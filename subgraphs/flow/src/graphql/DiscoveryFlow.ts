import { Field, Float, Int, ObjectType } from 'type-graphql';
import { mayDo } from '@tributary/contracts/actions';
import { maskPersonalData, maskPersonalText } from '@tributary/kernel';
import type { RequestContext } from '@tributary/kernel';
import { countedConnectionType, JsonObjectScalar, MaskedWithout } from '@tributary/server';
import type { GraphqlContext } from '@tributary/server';
import type { DiscoveryReport, ReportedColumn, ReportedFinding } from '../domain/discovery/DiscoveryReports.js';
import type { DiscoveryFlowRow, ShownMapping, RejectedRowRecord } from '../domain/flow/records.js';
import { DiscoveryCoverage, MappingStatus, SourceFormat } from './enums.js';

@ObjectType({ description: 'What becomes of a column of the source.' })
export class FieldMapping {
  /** Not in the graph. Null: of no flow, but of a trial. */
  flowId: string | null = null;
  context!: GraphqlContext;

  @Field(() => String, { description: 'Name of the column; for JSON the path of the field.' })
  sourceField!: string;

  @Field(() => String, {
    nullable: true,
    description: 'A field of mappingTargets. Null: its values are kept in the asset’s attributes under their own name.',
  })
  targetField!: string | null;

  @Field(() => Float, { description: 'How sure the suggestion is, 0 to 1. 1: a person decided.' })
  confidence!: number;

  @Field(() => MappingStatus, { description: 'What a person said to it.' })
  status!: MappingStatus;

  @Field(() => String, { description: 'Why it was suggested or decided, in a sentence.' })
  reason!: string;
}

@ObjectType({ description: 'A row of the source that became no asset.' })
export class RejectedRow {
  @Field(() => Int, {
    description: 'Line of the source that it begins on, from 1; for a JSON list the number of the record.',
  })
  line!: number;

  @Field(() => String, {
    description: 'What is wrong with it, such as RAGGED_ROW or DUPLICATE_KEY. Codes may be added.',
  })
  code!: string;

  @Field(() => String, { description: 'What is wrong and what to do, for a person.' })
  message!: string;

  @Field(() => JsonObjectScalar, {
    description:
      'The row as it was read, cut to a bounded size: cells by column, or `text` where it could not be split. Personal data in it is masked unless ADMIN or OWNER.',
  })
  @MaskedWithout('flow.readPersonal')
  raw!: Record<string, unknown>;
}

export const RejectedRowConnection = countedConnectionType(() => RejectedRow, 'RejectedRow');

@ObjectType({
  description: 'A kind of source that is known: its columns mean what its definition says.',
})
export class RecognisedSource {
  @Field(() => String, { description: 'Name of its definition, such as kubernetes-objects.' })
  source!: string;

  @Field(() => String, { description: 'What people call it.' })
  name!: string;

  @Field(() => Float, { description: 'Share of the first records that show all of its marks, 0 to 1.' })
  confidence!: number;
}

@ObjectType({ description: 'A column of the source, and what became of it.' })
export class DiscoveryColumn {
  @Field(() => String, {
    description:
      'Name of the column as approveFieldMappings takes it: for JSON the path of the field, for sheets vInfo!VM.',
  })
  path!: string;

  @Field(() => String, {
    nullable: true,
    description: 'The sheet or file that it is on. Null: the source is one table.',
  })
  sheet!: string | null;

  @Field(() => [String], {
    description:
      'At most three of its values, cut to 80 characters. Personal data in them is masked unless ADMIN or OWNER.',
  })
  @MaskedWithout('flow.readPersonal')
  samples!: string[];

  @Field(() => String, {
    nullable: true,
    description: 'The field of mappingTargets that it became. Null: its values are in the asset’s attributes.',
  })
  became!: string | null;

  @Field(() => String, { description: 'Why, in a sentence.' })
  reason!: string;
}

export const DiscoveryColumnConnection = countedConnectionType(() => DiscoveryColumn, 'DiscoveryColumn');

@ObjectType({ description: 'Something that was noticed about a source beside its rows.' })
export class DiscoveryFinding {
  @Field(() => String, {
    description: 'What it is, such as PREAMBLE, FOOTER, NO_HEADER or CREDENTIAL_REMOVED. Codes may be added.',
  })
  code!: string;

  @Field(() => String, { description: 'What it is, for a person.' })
  message!: string;

  @Field(() => Int, { description: 'How often it was noticed.' })
  count!: number;

  @Field(() => String, { nullable: true, description: 'The first places. Null where it has no place.' })
  sample!: string | null;
}

@ObjectType({ description: 'Something that a column of a source can be mapped to.' })
export class MappingTarget {
  @Field(() => String, { description: 'Its name in approveFieldMappings.' })
  field!: string;

  @Field(() => String, { description: 'What it holds.' })
  description!: string;

  @Field(() => Boolean, {
    description:
      'Whether every source of assets needs it. A host name, external id or address can stand in for the name.',
  })
  required!: boolean;
}

@ObjectType({ description: 'What a discovery reads and what it has found so far.' })
export class DiscoveryFlow {
  flowId!: string;
  context!: GraphqlContext;

  @Field(() => String, { description: 'Name of the source, such as a file name.' })
  sourceName!: string;

  @Field(() => DiscoveryCoverage, { description: 'How much of what it knows the source was said to show.' })
  coverage!: DiscoveryCoverage;

  @Field(() => SourceFormat, { description: 'How the source is written.' })
  sourceFormat!: SourceFormat;

  @Field(() => Int, { description: 'Rows that were read.' })
  rowsTotal!: number;

  @Field(() => Int, { description: 'Rows that cleansing accepted.' })
  rowsValid!: number;

  @Field(() => Int, { description: 'Rows that could not be read or that cleansing rejected.' })
  rowsRejected!: number;

  @Field(() => Int, { description: 'Assets that were new to the inventory.' })
  assetsCreated!: number;

  @Field(() => Int, { description: 'Assets that were there already and were seen again, changed or not.' })
  assetsUpdated!: number;

  @Field(() => Int, { description: 'Dependencies between assets that are new or were seen again.' })
  dependenciesFound!: number;
}

export function toDiscoveryFlow(record: DiscoveryFlowRow, context: GraphqlContext): DiscoveryFlow {
  const { flowId, sourceName, rowsTotal, rowsValid, rowsRejected, assetsCreated, assetsUpdated, dependenciesFound } =
    record;
  return Object.assign(new DiscoveryFlow(), {
    flowId,
    context,
    sourceName,
    coverage: record.coverage,
    sourceFormat: record.sourceFormat,
    rowsTotal,
    rowsValid,
    rowsRejected,
    assetsCreated,
    assetsUpdated,
    dependenciesFound,
  });
}

export function toRecognisedSource({ recognised }: DiscoveryReport): RecognisedSource | null {
  if (recognised === null) return null;
  const { id, name, confidence } = recognised;
  return Object.assign(new RecognisedSource(), { source: id, name, confidence });
}

export function toDiscoveryColumn(
  { path, sheet, samples, became, reason }: ReportedColumn,
  { principal }: Pick<RequestContext, 'principal'>,
): DiscoveryColumn {
  return Object.assign(new DiscoveryColumn(), {
    path,
    sheet,
    samples: shownSamples(samples, principal),
    became,
    reason,
  });
}

/** Values of a column as the principal may see them. */
export function shownSamples(samples: readonly string[], principal: RequestContext['principal']): string[] {
  return mayDo(principal, 'flow.readPersonal') ? [...samples] : samples.map(maskPersonalText);
}

export function toDiscoveryFinding({ code, message, count, samples }: ReportedFinding): DiscoveryFinding {
  return Object.assign(new DiscoveryFinding(), { code, message, count, sample: samples.join(', ') || null });
}

export function toFieldMapping(record: ShownMapping, context: GraphqlContext): FieldMapping {
  const { flowId, sourceField, targetField, confidence, reason } = record;
  return Object.assign(new FieldMapping(), {
    flowId,
    context,
    sourceField,
    targetField,
    confidence,
    reason,
    status: record.status,
  });
}

export function toRejectedRow(
  { line, code, message, raw }: RejectedRowRecord,
  { principal }: Pick<RequestContext, 'principal'>,
): RejectedRow {
  const shown = mayDo(principal, 'flow.readPersonal')
    ? { message, raw: { ...raw } }
    : { message: maskPersonalText(message), raw: maskPersonalData({ ...raw }) };
  return Object.assign(new RejectedRow(), { line, code, ...shown });
}
