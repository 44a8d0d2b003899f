'use client';
import { Button } from '../../ui/Button';
import { Choice, Field } from '../../ui/Field';
import { say } from '../../words/say';
import { ConditionFields } from './ConditionFields';
import { mostAlso, type ConditionForm, type RuleForm } from './ruleForm';

const combinations = ['ALL', 'ANY'] as const;

interface MoreConditionsProps {
  readonly form: RuleForm;
  readonly onChange: (next: Partial<RuleForm>) => void;
}

/** What a rule looks at beside its first condition, and whether all must be met. */
export function MoreConditions({ form, onChange }: MoreConditionsProps) {
  const { also, combine } = form;
  const change = (index: number, next: Partial<ConditionForm>) =>
    onChange({ also: also.map((condition, at) => (at === index ? { ...condition, ...next } : condition)) });
  return (
    <div className="grid gap-3">
      {also.length > 0 && (
        <Field label={say('It fires when')}>
          {({ id }) => (
            <Choice
              id={id}
              className="max-w-xs"
              value={combine}
              names={combinations}
              wordOf={(name) => (name === 'ALL' ? say('all conditions are met') : say('one condition is met'))}
              onChoose={(next) => onChange({ combine: next })}
            />
          )}
        </Field>
      )}
      {also.map((condition, index) => (
        <fieldset key={index} className="rounded-md border border-line p-3">
          <legend className="px-1 text-xs font-medium text-soft">
            {say('Condition {index}', { index: index + 2 })}
          </legend>
          <ConditionFields condition={condition} onChange={(next) => change(index, next)} />
          <div className="mt-2 flex justify-end">
            <Button
              size="small"
              variant="ghost"
              icon="x"
              onClick={() => onChange({ also: also.filter((_, at) => at !== index) })}
            >
              {say('Leave it out')}
            </Button>
          </div>
        </fieldset>
      ))}
      {also.length < mostAlso && (
        <div>
          <Button
            size="small"
            icon="plus"
            onClick={() =>
              onChange({
                also: [
                  ...also,
                  {
                    metric: 'REQUESTS',
                    comparison: 'ABOVE',
                    threshold: '10',
                    windowSeconds: form.windowSeconds,
                    recoveryThreshold: null,
                  },
                ],
              })
            }
          >
            {say('Another condition')}
          </Button>
        </div>
      )}
    </div>
  );
}
