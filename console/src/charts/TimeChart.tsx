'use client';
import { lazy, Suspense } from 'react';
import { Skeleton } from '../ui/states';
import type { TimeChartProps } from './DrawnTimeChart';

const Drawn = lazy(async () => ({ default: (await import('./DrawnTimeChart')).DrawnTimeChart }));

/** A chart over time. What draws it is loaded when the first is shown, so that a page with words stands sooner. */
export function TimeChart(props: TimeChartProps) {
  const height = props.height ?? 200;
  return (
    <Suspense fallback={<Skeleton className="w-full" height={height + 24} />}>
      <Drawn {...props} />
    </Suspense>
  );
}
