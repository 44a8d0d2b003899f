'use client';
import { usePreferences } from '../preferences/preferences';
import { de } from './de';
import { en, type Words } from './en';
import { setLocale } from './format';

const catalogues: Readonly<Record<string, Words>> = { en, de };

/** The words of the language that the person has chosen; formatters follow it. */
export function useWords(): Words {
  const language = usePreferences((state) => state.language);
  setLocale(language);
  return catalogues[language] ?? en;
}
