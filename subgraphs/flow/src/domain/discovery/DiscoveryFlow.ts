import type { CleansingReport } from './agents/RowCleanser.js';
import type { DependencyReport } from './agents/DependencyMapper.js';
import type { DiscoveryReport } from './agents/Reporter.js';
import type { InventoryReport } from './agents/InventoryKeeper.js';
import type { SettlementReport } from './agents/Settler.js';
import type { SuggestionReport } from './agents/MappingSuggester.js';
import type { SourceProfile } from './profile/SourceProfile.js';
import type { PhaseRun } from '../engine/PhaseRun.js';
import { Listen, Start } from '../engine/phases.js';
import type { PhaseOutcome } from '../engine/phases.js';

export const discoveryKind = 'discovery';

/** Turns a source file into assets and their dependencies. */
export class DiscoveryFlow {
  @Start({ title: 'Import', weight: 10 })
  async import(run: PhaseRun): Promise<PhaseOutcome> {
    const profile = await run.ask<SourceProfile>('source-profiler');
    const { rows, rejected, bytes, columns } = profile;
    return { summary: { rows: rows + rejected, unreadable: rejected, bytes, columns: columns.length } };
  }

  @Listen('import', { title: 'Field mapping', weight: 2 })
  async mapping(run: PhaseRun): Promise<PhaseOutcome> {
    const { requiresApproval, asks, ...counts } = await run.ask<SuggestionReport>('mapping-suggester');
    if (!requiresApproval) return { summary: counts };
    const summary = { ...counts, asks: asks.map(({ code }) => code) };
    const why = asks.map(({ message }) => `${message} `).join('');
    const message = `${why}${counts.mapped} of ${counts.columns} columns have a suggestion. Approve them with approveFieldMappings.`;
    return { status: 'AWAITING_APPROVAL', summary, message };
  }

  @Listen('mapping', { title: 'Cleansing', weight: 20 })
  async cleansing(run: PhaseRun): Promise<PhaseOutcome> {
    const { valid, rejected, personalData } = await run.ask<CleansingReport>('row-cleanser');
    return { summary: { valid, rejected, personalData } };
  }

  @Listen('cleansing', { title: 'Inventory', weight: 55 })
  async inventory(run: PhaseRun): Promise<PhaseOutcome> {
    const { created, changed, unchanged } = await run.ask<InventoryReport>('inventory-keeper');
    return { summary: { created, changed, unchanged } };
  }

  @Listen('inventory', { title: 'Dependencies', weight: 12 })
  async dependencies(run: PhaseRun): Promise<PhaseOutcome> {
    const report = await run.ask<DependencyReport | null>('dependency-mapper');
    if (!report) return { status: 'SKIPPED', message: 'No column names another asset.' };
    return { summary: { ...report } };
  }

  @Listen(['inventory', 'dependencies'], { title: 'Report', weight: 1 })
  async report(run: PhaseRun): Promise<PhaseOutcome> {
    const over = await run.ask<SettlementReport>('settler');
    return { summary: { ...(await run.ask<DiscoveryReport>('reporter')), ...over } };
  }
}
