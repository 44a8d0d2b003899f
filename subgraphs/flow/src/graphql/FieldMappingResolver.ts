import { FieldResolver, Resolver, Root } from 'type-graphql';
import { MaskedWithout } from '@tributary/server';
import type { DiscoveryReports } from '../domain/discovery/DiscoveryReports.js';
import { FieldMapping, shownSamples } from './DiscoveryFlow.js';

@Resolver(() => FieldMapping)
export class FieldMappingResolver {
  constructor(private readonly reports: DiscoveryReports) {}

  @FieldResolver(() => [String], {
    description:
      'At most five different values of the column, cut to 80 characters; secrets that the import removed are not among them. Empty for a trial of a definition. Personal data in them is masked unless ADMIN or OWNER.',
  })
  @MaskedWithout('flow.readPersonal')
  async samples(@Root() { flowId, context, sourceField }: FieldMapping): Promise<string[]> {
    // Of a trial, whose sample is in the hands of whoever sent it.
    if (flowId === null) return [];
    const samples = await this.reports.samples(context, flowId);
    return shownSamples(samples.get(sourceField) ?? [], context.principal);
  }
}
