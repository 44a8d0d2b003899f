'use client';
import { useQueryState } from 'nuqs';
import { useMemo } from 'react';
import { useOfNow } from '../ui/useNow';
import { asTimeRange, bucketOf, readRange, writeRange, type Range } from './timeRange';

const stepMs = 30_000;

/** The time range of the address. One that ends now moves on every half minute. */
export function useRange(otherwise = '24h') {
  const [text, setText] = useQueryState('range', { history: 'push' });
  const minute = useOfNow((now) => Math.ceil((now || Date.now()) / stepMs) * stepMs);
  const range = useMemo(() => readRange(text ?? otherwise, minute), [text, otherwise, minute]);
  return {
    text: text ?? otherwise,
    range,
    timeRange: useMemo(() => asTimeRange(range), [range]),
    bucket: bucketOf(range),
    setSpan: (span: string) => void setText(span),
    zoom: (next: Range) => void setText(writeRange(next)),
  };
}
