'use client';
import { count, label } from '../../words/format';
import { say } from '../../words/say';

interface FacetListProps {
  readonly title: string;
  readonly counts: readonly { readonly value?: string | null; readonly count: number }[];
  readonly chosen: readonly string[];
  readonly onChange: (chosen: string[]) => void;
}

const mostShown = 8;
/** Facets whose values are the graph's own words. */
const constants: ReadonlySet<string> = new Set(['kind', 'criticality', 'status']);

/** The values of one property with how many assets have each. */
export function FacetList({ title, counts, chosen, onChange }: FacetListProps) {
  const known = counts.filter((each): each is { value: string; count: number } => typeof each.value === 'string');
  const shown = [...known.slice(0, mostShown), ...known.slice(mostShown).filter(({ value }) => chosen.includes(value))];
  if (shown.length === 0 && chosen.length === 0) return null;
  const toggle = (value: string) =>
    onChange(chosen.includes(value) ? chosen.filter((each) => each !== value) : [...chosen, value]);
  return (
    <fieldset>
      <legend className="mb-1 text-xs font-medium text-faint">{label(title)}</legend>
      <ul className="space-y-0.5">
        {shown.map(({ value, count: assets }) => (
          <li key={value}>
            <label className="flex items-center gap-2 rounded-md px-1.5 py-0.5 text-sm hover:bg-sunken">
              <input
                type="checkbox"
                className="size-3.5 accent-[var(--accent)]"
                checked={chosen.includes(value)}
                onChange={() => toggle(value)}
              />
              <span className="min-w-0 flex-1 truncate">{constants.has(title) ? label(value) : value}</span>
              <span className="nums text-xs text-faint">{count(assets)}</span>
            </label>
          </li>
        ))}
      </ul>
      {known.length > mostShown && (
        <p className="px-1.5 text-xs text-faint">{say('and {count} more', { count: known.length - mostShown })}</p>
      )}
    </fieldset>
  );
}
