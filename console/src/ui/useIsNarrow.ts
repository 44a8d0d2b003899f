'use client';
import { useSyncExternalStore } from 'react';

/** Where Tailwind's `md` begins. */
const wide = '(min-width: 48rem)';

/** Whether the screen is narrower than `md`. */
export function useIsNarrow(): boolean {
  return useSyncExternalStore(
    subscribe,
    () => !matchMedia(wide).matches,
    () => false,
  );
}

function subscribe(changed: () => void): () => void {
  const media = matchMedia(wide);
  media.addEventListener('change', changed);
  return () => media.removeEventListener('change', changed);
}
