'use client';
import * as Tabs from '@radix-ui/react-tabs';
import type { ReactNode } from 'react';
import { say } from '../words/say';

export interface Tab {
  readonly id: string;
  readonly title: string;
  /** A number behind the title; null: none. */
  readonly count?: number | null;
  readonly content: ReactNode;
}

interface TabBarProps {
  readonly tabs: readonly Tab[];
  readonly value: string;
  readonly onChange: (id: string) => void;
}

export function TabBar({ tabs, value, onChange }: TabBarProps) {
  return (
    <Tabs.Root value={value} onValueChange={onChange}>
      <Tabs.List className="flex gap-1 overflow-x-auto border-b border-line" aria-label={say('Parts of this page')}>
        {tabs.map((tab) => (
          <Tabs.Trigger
            key={tab.id}
            value={tab.id}
            className="-mb-px flex h-9 items-center gap-1.5 border-b-2 border-transparent px-3 text-sm whitespace-nowrap text-soft outline-offset-[-2px] hover:text-ink data-[state=active]:border-accent data-[state=active]:font-medium data-[state=active]:text-ink"
          >
            {tab.title}
            {typeof tab.count === 'number' && (
              <span className="nums rounded-full bg-sunken px-1.5 text-xs text-soft">{tab.count}</span>
            )}
          </Tabs.Trigger>
        ))}
      </Tabs.List>
      {tabs.map((tab) => (
        <Tabs.Content key={tab.id} value={tab.id} className="pt-4 outline-none" tabIndex={-1}>
          {tab.content}
        </Tabs.Content>
      ))}
    </Tabs.Root>
  );
}
