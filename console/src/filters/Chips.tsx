'use client';
import { count } from '../words/format';

interface ChipsProps {
  readonly label: string;
  readonly options: readonly { readonly value: string; readonly text: string; readonly count?: number | null }[];
  readonly chosen: readonly string[];
  readonly onChange: (chosen: string[]) => void;
}

/** Values that can be chosen together; none chosen means all. */
export function Chips({ label, options, chosen, onChange }: ChipsProps) {
  const toggle = (value: string) =>
    onChange(chosen.includes(value) ? chosen.filter((each) => each !== value) : [...chosen, value]);
  return (
    <div role="group" aria-label={label} className="flex flex-wrap gap-1">
      {options.map((option) => (
        <button
          key={option.value}
          type="button"
          aria-pressed={chosen.includes(option.value)}
          onClick={() => toggle(option.value)}
          className="h-7 rounded-full border border-line-strong px-2.5 text-xs text-soft hover:text-ink aria-pressed:border-accent aria-pressed:bg-accent-wash aria-pressed:text-accent"
        >
          {option.text}
          {typeof option.count === 'number' && <span className="nums ml-1.5 text-faint">{count(option.count)}</span>}
        </button>
      ))}
    </div>
  );
}
