'use client';
import { create } from 'zustand';
import { persist } from 'zustand/middleware';

export type Theme = 'system' | 'light' | 'dark';
export type Language = 'en' | 'de';

interface Preferences {
  readonly theme: Theme;
  readonly language: Language;
  /** Columns that are hidden, by the table's name. */
  readonly hidden: Readonly<Record<string, readonly string[]>>;
  /** The way in which flows were last looked at. */
  readonly flowsView: 'table' | 'timeline';
  /** The last workspace that this browser worked in, by its slug. */
  readonly workspace: string | null;
  readonly set: (change: Partial<Omit<Preferences, 'set' | 'toggleColumn'>>) => void;
  readonly toggleColumn: (table: string, column: string) => void;
}

/** What a person likes, kept in this browser. */
export const usePreferences = create<Preferences>()(
  persist(
    (set) => ({
      theme: 'system',
      language: 'en',
      hidden: {},
      flowsView: 'table',
      workspace: null,
      set: (change) => set(change),
      toggleColumn: (table, column) =>
        set(({ hidden }) => {
          const known = hidden[table] ?? [];
          const next = known.includes(column) ? known.filter((name) => name !== column) : [...known, column];
          return { hidden: { ...hidden, [table]: next } };
        }),
    }),
    { name: 'tributary.preferences', version: 1 },
  ),
);
