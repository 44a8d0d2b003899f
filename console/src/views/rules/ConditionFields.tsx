'use client';
import { alertMetrics } from '../../graph/generated/choices';
import { Choice, Field, Input } from '../../ui/Field';
import { duration } from '../../words/format';
import { metricName } from '../../words/metricNames';
import { say } from '../../words/say';
import { conditionOf, unitOf, type ConditionForm } from './ruleForm';

const windows = ['60', '300', '900', '3600', '21600', '86400', '604800'];
const comparisons = ['ABOVE', 'BELOW'] as const;

interface ConditionFieldsProps {
  readonly condition: ConditionForm;
  readonly onChange: (next: Partial<ConditionForm>) => void;
}

/** A figure, its threshold, and over how long it is looked at. */
export function ConditionFields({ condition, onChange }: ConditionFieldsProps) {
  const { metric, comparison, threshold, windowSeconds } = condition;
  const lengths = windows.includes(windowSeconds) ? windows : [...windows, windowSeconds];
  return (
    <div className="grid gap-3 sm:grid-cols-4">
      <Field label={say('Figure')}>
        {({ id }) => (
          <Choice
            id={id}
            value={metric}
            names={alertMetrics}
            wordOf={metricName}
            onChoose={(next) => onChange({ metric: next })}
          />
        )}
      </Field>
      <Field label={say('Is')}>
        {({ id }) => (
          <Choice
            id={id}
            value={comparison}
            names={comparisons}
            wordOf={(name) => (name === 'ABOVE' ? say('above') : say('below'))}
            onChoose={(next) => onChange({ comparison: next })}
          />
        )}
      </Field>
      <Field
        label={say('Threshold ({metric})', { metric: unitOf(metric) })}
        problem={conditionOf(condition) ? null : say('A number.')}
      >
        {({ id }) => (
          <Input
            id={id}
            required
            inputMode="decimal"
            value={threshold}
            onChange={(event) => onChange({ threshold: event.target.value })}
          />
        )}
      </Field>
      <Field label={say('Over')}>
        {({ id }) => (
          <Choice
            id={id}
            value={windowSeconds}
            names={lengths}
            wordOf={(seconds) => duration(Number(seconds) * 1_000)}
            onChoose={(next) => onChange({ windowSeconds: next })}
          />
        )}
      </Field>
    </div>
  );
}
