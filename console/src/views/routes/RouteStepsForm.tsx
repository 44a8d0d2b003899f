'use client';
import type { ChannelsQuery } from '../../graph/generated/types';
import { channelKindName } from '../../parts/deliveryBadges';
import { Button } from '../../ui/Button';
import { Checkbox, Input } from '../../ui/Field';
import { say } from '../../words/say';
import type { StepForm } from './routeForm';

const mostSteps = 5;

interface RouteStepsFormProps {
  readonly steps: readonly StepForm[];
  readonly channels: NonNullable<ChannelsQuery['channels']>;
  readonly onChange: (steps: readonly StepForm[]) => void;
}

/** Who is told, and who else while nobody has acknowledged. */
export function RouteStepsForm({ steps, channels, onChange }: RouteStepsFormProps) {
  const change = (index: number, next: Partial<StepForm>) =>
    onChange(steps.map((step, at) => (at === index ? { ...step, ...next } : step)));
  const last = Number(steps.at(-1)?.afterMinutes ?? 0);
  return (
    <div className="grid gap-3">
      {steps.map((step, index) => (
        <fieldset key={index} className="rounded-md border border-line p-3">
          <legend className="px-1 text-xs font-medium text-soft">
            {index === 0 ? say('Told at once') : say('Step {index}', { index: index + 1 })}
          </legend>
          {index > 0 && (
            <div className="mb-2 flex items-center gap-2 text-sm">
              <Input
                aria-label={say('Minutes until step {index}', { index: index + 1 })}
                className="max-w-20"
                inputMode="decimal"
                value={step.afterMinutes}
                onChange={(event) => change(index, { afterMinutes: event.target.value })}
              />
              <span className="min-w-0 flex-1">{say('minutes later, while nobody has acknowledged')}</span>
              <Button
                size="icon"
                variant="ghost"
                icon="x"
                aria-label={say('Leave step {index} out', { index: index + 1 })}
                onClick={() => onChange(steps.filter((_, at) => at !== index))}
              />
            </div>
          )}
          <div className="grid gap-1.5 sm:grid-cols-2">
            {channels.map(({ id, name, kind }) => (
              <Checkbox
                key={id}
                checked={step.channelIds.includes(id)}
                label={`${name} (${channelKindName(kind)})`}
                onChange={(event) =>
                  change(index, {
                    channelIds: event.target.checked
                      ? [...step.channelIds, id]
                      : step.channelIds.filter((each) => each !== id),
                  })
                }
              />
            ))}
          </div>
        </fieldset>
      ))}
      {steps.length < mostSteps && (
        <div>
          <Button
            size="small"
            icon="plus"
            onClick={() => onChange([...steps, { afterMinutes: String(last + 15), channelIds: [] }])}
          >
            {say('Others later')}
          </Button>
        </div>
      )}
    </div>
  );
}
