'use client';
import { useMemo, useState } from 'react';
import { ApproveMappings, MappingTargets } from '../../graph/generated/operations';
import { useAction, useGraph } from '../../graph/useGraph';
import { useMay } from '../../session/Permissions';
import { Badge } from '../../ui/Badge';
import { Button } from '../../ui/Button';
import { Select } from '../../ui/Field';
import { Progress } from '../../ui/Progress';
import { Empty } from '../../ui/states';
import { label, percent } from '../../words/format';
import type { FlowFacts } from './patchFlow';
import { say } from '../../words/say';

const attribute = '';

/** Which column became which field, why, and with which values; whoever may decides otherwise while the flow waits. */
export function MappingTab({ flow }: { readonly flow: FlowFacts }) {
  const mappings = flow.discovery?.fieldMappings ?? [];
  const waits = flow.status === 'AWAITING_APPROVAL';
  const may = useMay('flow.approve') && waits;
  const targets = useGraph(MappingTargets, {}, { refetchInterval: false, enabled: may });
  const [decided, setDecided] = useState<Readonly<Record<string, string>>>({});
  const approve = useAction(ApproveMappings, {
    done: say('Approved: it goes on.'),
    refreshes: ['Flow', 'Flows', 'Home'],
  });

  // What was mapped first, the surest last where somebody has to look.
  const sorted = useMemo(
    () =>
      mappings.toSorted(
        (one, other) =>
          Number(one.targetField === null || one.targetField === undefined) -
            Number(other.targetField === null || other.targetField === undefined) || one.confidence - other.confidence,
      ),
    [mappings],
  );
  const chosen = (sourceField: string, suggested: string | null | undefined) =>
    decided[sourceField] ?? suggested ?? attribute;
  const taken = new Map<string, number>();
  for (const { sourceField, targetField } of mappings) {
    const target = chosen(sourceField, targetField);
    if (target !== attribute) taken.set(target, (taken.get(target) ?? 0) + 1);
  }
  const missing = (targets.data?.mappingTargets ?? []).filter(({ required, field }) => required && !taken.has(field));

  if (mappings.length === 0) {
    return (
      <Empty
        icon="table"
        title={flow.finishedAt ? say('This source had no columns to map') : say('The columns have not been read yet')}
      >
        {say('They stand here as soon as the phase “field mapping” has looked at them.')}
      </Empty>
    );
  }
  const send = (all: boolean) =>
    approve.mutate({
      input: {
        flowId: flow.id,
        mappings: all
          ? []
          : Object.entries(decided).map(([sourceField, targetField]) => ({
              sourceField,
              targetField: targetField === attribute ? null : targetField,
            })),
      },
    });
  return (
    <div className="rounded-lg border border-line bg-surface">
      {may && (
        <div className="flex flex-wrap items-center gap-2 border-b border-line px-4 py-2">
          <p className="min-w-0 flex-1 text-sm text-soft">
            {missing.length > 0 ? (
              <span className="text-warn">
                {say('No column is this yet, and rows are rejected without it: {fields}.', {
                  fields: missing.map(({ field }) => field).join(', '),
                })}
              </span>
            ) : (
              say('Change what was understood wrongly, then approve.')
            )}
          </p>
          <Button
            variant="primary"
            icon="check"
            busy={approve.isPending}
            onClick={() => send(Object.keys(decided).length === 0)}
          >
            {Object.keys(decided).length === 0
              ? say('Approve all')
              : say('Approve with {decided} changed', { decided: Object.keys(decided).length })}
          </Button>
        </div>
      )}
      <ul className="divide-y divide-line">
        {sorted.map(({ sourceField, targetField, confidence, reason, status, samples }) => (
          <li
            key={sourceField}
            className="grid gap-x-4 gap-y-1 px-4 py-2.5 text-sm md:grid-cols-[minmax(0,1.2fr)_minmax(0,1fr)_minmax(0,1.3fr)]"
          >
            <div className="min-w-0">
              <span className="block truncate font-mono text-xs font-medium">{sourceField}</span>
              <span className="mt-1 flex flex-wrap gap-1">
                {samples.map((sample, index) => (
                  <code
                    key={index}
                    className="max-w-40 truncate rounded bg-sunken px-1.5 text-xs text-soft"
                    title={sample}
                  >
                    {sample}
                  </code>
                ))}
              </span>
            </div>
            <div className="min-w-0">
              {may ? (
                <Select
                  aria-label={say('What {sourceField} becomes', { sourceField })}
                  value={chosen(sourceField, targetField)}
                  onChange={(event) => setDecided({ ...decided, [sourceField]: event.target.value })}
                >
                  <option value={attribute}>{say('an attribute of its own')}</option>
                  {(targets.data?.mappingTargets ?? []).map(({ field, required }) => (
                    <option key={field} value={field}>
                      {required ? say('{field} (needed)', { field }) : field}
                    </option>
                  ))}
                </Select>
              ) : targetField ? (
                <span className="font-medium">{targetField}</span>
              ) : (
                <span className="text-faint">{say('an attribute of its own')}</span>
              )}
              {taken.get(chosen(sourceField, targetField))! > 1 && (
                <p className="mt-1 text-xs text-warn">{say('Another column is this one, too.')}</p>
              )}
            </div>
            <div className="flex min-w-0 items-start gap-3">
              <span className="w-20 shrink-0 pt-1.5">
                <Progress
                  value={confidence}
                  label={say('Confidence for {sourceField}', { sourceField })}
                  tone={confidence >= 0.8 ? 'good' : confidence >= 0.5 ? 'warn' : 'bad'}
                />
                <span className="nums text-xs text-faint">{percent(confidence)}</span>
              </span>
              <span className="min-w-0 text-xs text-soft">
                {reason}{' '}
                {status !== 'SUGGESTED' && (
                  <Badge tone={status === 'APPROVED' ? 'good' : 'rest'}>{label(status)}</Badge>
                )}
              </span>
            </div>
          </li>
        ))}
      </ul>
    </div>
  );
}
