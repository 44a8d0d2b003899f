'use client';
import { usePreferences, type Language, type Theme } from '../../preferences/preferences';
import { Card } from '../../ui/Card';
import { Field, Select } from '../../ui/Field';
import { useWords } from '../../words/useWords';

/** What this browser remembers of how a person likes it. */
export function LooksCard() {
  const { theme, language, set } = usePreferences();
  const words = useWords();
  return (
    <Card title={`${words.theme}, ${words.language.toLowerCase()}`}>
      <div className="grid gap-3 sm:grid-cols-2">
        <Field label={words.theme}>
          {({ id }) => (
            <Select id={id} value={theme} onChange={(event) => set({ theme: event.target.value as Theme })}>
              <option value="system">{words.system}</option>
              <option value="light">{words.light}</option>
              <option value="dark">{words.dark}</option>
            </Select>
          )}
        </Field>
        <Field label={words.language} hint="Navigation, numbers and dates.">
          {({ id, describedBy }) => (
            <Select
              id={id}
              aria-describedby={describedBy}
              value={language}
              onChange={(event) => set({ language: event.target.value as Language })}
            >
              <option value="en">English</option>
              <option value="de">Deutsch</option>
            </Select>
          )}
        </Field>
      </div>
    </Card>
  );
}
