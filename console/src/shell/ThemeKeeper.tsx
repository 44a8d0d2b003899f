'use client';
import { useEffect } from 'react';
import { usePreferences } from '../preferences/preferences';

/** Keeps the page in the theme that the person has chosen, or that the system has. */
export function ThemeKeeper() {
  const theme = usePreferences((state) => state.theme);
  useEffect(() => {
    const dark = matchMedia('(prefers-color-scheme: dark)');
    const apply = () => {
      document.documentElement.dataset['theme'] = theme === 'system' ? (dark.matches ? 'dark' : 'light') : theme;
    };
    apply();
    dark.addEventListener('change', apply);
    return () => dark.removeEventListener('change', apply);
  }, [theme]);
  return null;
}
