'use client';
import { usePreferences, type Language, type Theme } from '../../preferences/preferences';
import { Card } from '../../ui/Card';
import { Field, Select } from '../../ui/Field';
import { say } from '../../words/say';

/** What this browser remembers of how a person likes it. */
export function LooksCard() {
  const { theme, language, set } = usePreferences();
  return (
    <Card title={`${say('Theme')}, ${say('Language').toLowerCase()}`}>
      <div className="grid gap-3 sm:grid-cols-2">
        <Field label={say('Theme')}>
          {({ id }) => (
            <Select id={id} value={theme} onChange={(event) => set({ theme: event.target.value as Theme })}>
              <option value="system">{say('As the system')}</option>
              <option value="light">{say('Light')}</option>
              <option value="dark">{say('Dark')}</option>
            </Select>
          )}
        </Field>
        <Field
          label={say('Language')}
          hint={say('Texts, numbers and dates. What sources and the gateway say stays as it is.')}
        >
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
