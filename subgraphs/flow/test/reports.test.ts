import { describe, expect, test } from '@jest/globals';
import { flowProgress } from '../src/domain/flow/flowProgress.js';
import { judgeReport } from '../src/domain/runners/judgeReport.js';
import type { FlowPhaseRow } from '../src/storage/FlowPhaseRow.js';

function phase(facts: Partial<FlowPhaseRow>): FlowPhaseRow {
  return { status: 'RUNNING', progress: 0.5, checkpoint: null, weight: 1, ...facts } as FlowPhaseRow;
}

describe('a report about a phase', () => {
  test.each([
    ['a later status', { status: 'PENDING', progress: 0 }, { status: 'RUNNING', progress: 0 }, 'NEW'],
    ['an end at once', { status: 'PENDING', progress: 0 }, { status: 'SKIPPED', progress: 0 }, 'NEW'],
    ['an end with less progress', {}, { status: 'FAILED', progress: 0.1 }, 'NEW'],
    ['more progress', {}, { status: 'RUNNING', progress: 0.6 }, 'NEW'],
    ['less progress', {}, { status: 'RUNNING', progress: 0.4 }, 'OLD'],
    ['the same again', {}, { status: 'RUNNING', progress: 0.5 }, 'OLD'],
    ['the same with a message', {}, { status: 'RUNNING', progress: 0.5, message: 'still at it' }, 'NEW'],
    [
      'the same message again',
      { checkpoint: { message: 'x', data: null } },
      { status: 'RUNNING', progress: 0.5, message: 'x' },
      'OLD',
    ],
    ['an earlier status', {}, { status: 'PENDING', progress: 0 }, 'OLD'],
    ['waiting where it ran', {}, { status: 'AWAITING_APPROVAL', progress: 0.5 }, 'NEW'],
    ['running where it waited', { status: 'AWAITING_APPROVAL' }, { status: 'RUNNING', progress: 0.5 }, 'OLD'],
    ['running on from where it waited', { status: 'AWAITING_APPROVAL' }, { status: 'RUNNING', progress: 0.6 }, 'NEW'],
    ['a failure of what has succeeded', { status: 'SUCCEEDED', progress: 1 }, { status: 'FAILED', progress: 1 }, 'OLD'],
  ] as const)('with %s', (_, known, report, verdict) => {
    expect(judgeReport(phase(known as Partial<FlowPhaseRow>), report)).toBe(verdict);
  });
});

describe('the progress of a flow', () => {
  test('is that of its phases by weight; a phase that is done or skipped counts whole', () => {
    expect(flowProgress([])).toBe(1);
    expect(flowProgress([phase({ status: 'SUCCEEDED', weight: 1 }), phase({ progress: 0.5, weight: 3 })])).toBe(0.625);
    expect(flowProgress([phase({ status: 'SKIPPED', progress: 0 }), phase({ status: 'SUCCEEDED', progress: 1 })])).toBe(
      1,
    );
  });
});
