'use client';
import { useEffect } from 'react';
import { usePreferences } from '../preferences/preferences';

/** Keeps the page in the theme and language that the person has chosen, or that the system has. */
export function ThemeKeeper() {
  const theme = usePreferences((state) => state.theme);
  const language = usePreferences((state) => state.language);
  useEffect(() => {
    const dark = matchMedia('(prefers-color-scheme: dark)');
    const apply = () => {
      document.documentElement.dataset['theme'] = theme === 'system' ? (dark.matches ? 'dark' : 'light') : theme;
    };
    apply();
    dark.addEventListener('change', apply);
    return () => dark.removeEventListener('change', apply);
  }, [theme]);
  useEffect(() => {
    document.documentElement.lang = language;
  }, [language]);
  return null;
}
