'use client';
import { Button } from '../../ui/Button';
import { Input } from '../../ui/Field';
import { say } from '../../words/say';
import type { MatcherForm } from './routeForm';

/** Labels that every workspace's alerts have; each may be typed. */
const usualLabels = ['severity', 'ruleId', 'flowId', 'assetId', 'metric', 'key', 'phase', 'code'];

interface RouteMatchersProps {
  readonly matchers: readonly MatcherForm[];
  readonly onChange: (matchers: readonly MatcherForm[]) => void;
}

/** Which alerts are meant: each line is a label with its values, and all must match. */
export function RouteMatchers({ matchers, onChange }: RouteMatchersProps) {
  const change = (index: number, next: Partial<MatcherForm>) =>
    onChange(matchers.map((matcher, at) => (at === index ? { ...matcher, ...next } : matcher)));
  return (
    <fieldset className="grid gap-2">
      <legend className="mb-1 text-xs font-medium text-soft">{say('Which alerts')}</legend>
      <datalist id="labels-of-alerts">
        {usualLabels.map((each) => (
          <option key={each} value={each} />
        ))}
      </datalist>
      {matchers.length === 0 && <p className="text-sm text-faint">{say('Every alert that comes this far.')}</p>}
      {matchers.map((matcher, index) => (
        <div key={index} className="flex items-center gap-2">
          <Input
            list="labels-of-alerts"
            aria-label={say('Label {index}', { index: index + 1 })}
            className="max-w-40"
            value={matcher.label}
            onChange={(event) => change(index, { label: event.target.value })}
          />
          <span className="text-sm text-faint">=</span>
          <Input
            aria-label={say('Values of label {index}, divided by commas', { index: index + 1 })}
            value={matcher.values}
            placeholder="CRITICAL, WARNING"
            onChange={(event) => change(index, { values: event.target.value })}
          />
          <Button
            size="icon"
            variant="ghost"
            icon="x"
            aria-label={say('Leave label {index} out', { index: index + 1 })}
            onClick={() => onChange(matchers.filter((_, at) => at !== index))}
          />
        </div>
      ))}
      <div>
        <Button size="small" icon="plus" onClick={() => onChange([...matchers, { label: 'severity', values: '' }])}>
          {say('Only with a label')}
        </Button>
      </div>
    </fieldset>
  );
}
