'use client';
import { Button } from '../ui/Button';
import { spans } from './timeRange';
import { say } from '../words/say';

interface RangePickerProps {
  readonly value: string;
  readonly onChange: (span: string) => void;
}

export function RangePicker({ value, onChange }: RangePickerProps) {
  const fixed = !Object.hasOwn(spans, value);
  return (
    <div
      role="group"
      aria-label={say('Time range')}
      className="flex items-center rounded-md border border-line-strong bg-surface p-0.5"
    >
      {Object.keys(spans).map((span) => (
        <button
          key={span}
          type="button"
          aria-pressed={value === span}
          onClick={() => onChange(span)}
          className="h-6.5 rounded px-2 text-xs text-soft hover:text-ink aria-pressed:bg-accent-wash aria-pressed:font-medium aria-pressed:text-accent"
        >
          {span}
        </button>
      ))}
      {fixed && (
        <Button size="small" variant="ghost" icon="x" onClick={() => onChange('24h')}>
          {say('Zoomed')}
        </Button>
      )}
    </div>
  );
}
