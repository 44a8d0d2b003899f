import { Fragment, createElement, type ReactNode } from 'react';
import type { de } from './de';

/** Every text that the console says, in English: what is not in the other catalogue does not compile. */
export type Text = keyof typeof de;
type NamesIn<Wording extends string> = Wording extends `${string}{${infer Name}}${infer Rest}`
  ? Name | NamesIn<Rest>
  : never;
/** A text without places for values. */
export type PlainText = { [Wording in Text]: [NamesIn<Wording>] extends [never] ? Wording : never }[Text];
type Values<Wording extends Text, Value> = [NamesIn<Wording>] extends [never]
  ? []
  : [values: Readonly<Record<NamesIn<Wording>, Value>>];
type Catalogue = Readonly<Record<Text, string>>;

let catalogue: Catalogue | null = null;

/** For all that is said from now on; null is English. */
export function setCatalogue(next: Catalogue | null): void {
  catalogue = next;
}

/** The text in the language that the person has chosen, with its values in their places. Not at a module's start: the language may change. */
export function say<Wording extends Text>(text: Wording, ...[values]: Values<Wording, string | number>): string {
  const wording: string = catalogue?.[text] ?? text;
  if (!values) return wording;
  const known: Readonly<Record<string, string | number>> = values;
  return wording.replaceAll(/\{(\w+)\}/g, (whole, name: string) => String(known[name] ?? whole));
}

/** The same with parts of a page in the places, such as links. */
export function sayWith<Wording extends Text>(text: Wording, ...[values]: Values<Wording, ReactNode>): ReactNode {
  const wording: string = catalogue?.[text] ?? text;
  const known: Readonly<Record<string, ReactNode>> = values ?? {};
  return wording
    .split(/\{(\w+)\}/)
    .map((part, index) => createElement(Fragment, { key: index }, index % 2 === 0 ? part : known[part]));
}
