import type { ReactNode } from 'react';

export interface Bar {
  readonly key: string;
  readonly name: ReactNode;
  readonly value: number;
  readonly text: string;
  readonly aside?: string;
  readonly onOpen?: () => void;
}

/** Values beside each other, the largest as wide as there is room. */
export function Bars({ bars }: { readonly bars: readonly Bar[] }) {
  const most = Math.max(...bars.map(({ value }) => value), 0);
  return (
    <ul className="space-y-2">
      {bars.map(({ key, name, value, text, aside, onOpen }) => {
        const content = (
          <>
            <span className="mb-1 flex items-baseline justify-between gap-3 text-sm">
              <span className="min-w-0 truncate">{name}</span>
              <span className="nums shrink-0 font-medium">
                {text}
                {aside && <span className="ml-2 font-normal text-faint">{aside}</span>}
              </span>
            </span>
            <span className="block h-1.5 rounded-full bg-sunken">
              <span
                className="block h-full rounded-full bg-[var(--c1)]"
                style={{ width: `${most === 0 ? 0 : (value / most) * 100}%` }}
              />
            </span>
          </>
        );
        return (
          <li key={key}>
            {onOpen ? (
              <button type="button" onClick={onOpen} className="block w-full rounded-md text-left hover:opacity-80">
                {content}
              </button>
            ) : (
              content
            )}
          </li>
        );
      })}
    </ul>
  );
}
