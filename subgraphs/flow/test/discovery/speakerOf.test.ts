import { describe, expect, test } from '@jest/globals';
import { lastingName } from '../../src/domain/discovery/identity/speakerOf.js';

describe('a source is known again by its name', () => {
  test.each([
    ['assets-2026-11.csv', 'assets'],
    ['assets-2026-12.csv', 'assets'],
    ['Export (3).csv', 'export'],
    ['export - Copy.xlsx', 'export'],
    ['RVTools_export_all_2026-11-27_21.04.xlsx', 'rvtools export all'],
    ['inventory_20261127T210400Z.json.gz', 'inventory'],
    ['dc1.csv', 'dc1'],
    ['dc2.csv', 'dc2'],
    ['NetBox', 'netbox'],
    ['2026-11.csv', '.csv'],
  ])('%s is %s', (name, lasting) => {
    expect(lastingName(name)).toBe(lasting);
  });
});
