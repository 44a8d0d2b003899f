'use client';
import { Fragment, useEffect, useState, type ReactNode } from 'react';
import { usePreferences } from '../preferences/preferences';
import { speak } from '../words/language';

/** Says what is inside in the language that the person has chosen. Another language is another page: all of it is drawn anew. */
export function LanguageKeeper({ children }: { readonly children: ReactNode }) {
  const wanted = usePreferences((state) => state.language);
  const [spoken, setSpoken] = useState('en');
  useEffect(() => {
    let left = false;
    void speak(wanted).then(() => {
      if (left) return;
      document.documentElement.lang = wanted;
      setSpoken(wanted);
    });
    return () => {
      left = true;
    };
  }, [wanted]);
  return <Fragment key={spoken}>{children}</Fragment>;
}
