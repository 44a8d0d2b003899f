'use client';
import { useEffect, useRef, useState } from 'react';
import uPlot from 'uplot';
import { classes } from '../ui/classes';
import { resolved, colour } from './colours';
import { say } from '../words/say';
import { timeText } from '../words/format';

export interface ChartSeries {
  readonly name: string;
  /** Null where nothing was measured. */
  readonly values: readonly (number | null)[];
  /** Drawn in the colour of what is wrong. */
  readonly tone?: 'bad';
}

export interface TimeChartProps {
  readonly label: string;
  /** Seconds since 1970, ascending. */
  readonly times: readonly number[];
  readonly series: readonly ChartSeries[];
  readonly format: (value: number | null) => string;
  readonly height?: number;
  /** Lines across the chart, such as a threshold. */
  readonly threshold?: number;
  /** Stretches that are marked, in seconds since 1970. */
  readonly marked?: readonly { readonly from: number; readonly to: number }[];
  /** Called with what was dragged over, in ms since 1970. */
  readonly onZoom?: (from: number, to: number) => void;
  readonly bars?: boolean;
}

/** Lines over time on a canvas; dragging chooses a stretch. The legend says what stands under the pointer. */
export function DrawnTimeChart(props: TimeChartProps) {
  const { times, series, height = 200, threshold, marked, bars } = props;
  const host = useRef<HTMLDivElement>(null);
  const [at, setAt] = useState<number | null>(null);
  const latest = useRef(props);
  const drawn = useRef<uPlot | null>(null);
  const [theme, setTheme] = useState(0);
  useEffect(() => {
    latest.current = props;
  });
  const shape = JSON.stringify([series.map(({ name }) => name), threshold, marked, bars, height]);

  useEffect(() => {
    const element = host.current;
    if (!element) return;
    const style = getComputedStyle(document.documentElement);
    const ink = style.getPropertyValue('--faint').trim();
    const line = style.getPropertyValue('--line').trim();
    const bad = style.getPropertyValue('--bad').trim();
    const axis = {
      stroke: ink,
      grid: { stroke: line, width: 1 },
      ticks: { show: false },
      font: '11px system-ui, sans-serif',
    };
    const { current } = latest;
    const chart = new uPlot(
      {
        width: element.clientWidth || 400,
        height,
        legend: { show: false },
        cursor: { y: false, drag: { x: current.onZoom !== undefined, y: false, setScale: false } },
        scales: {
          ...(current.bars ? { x: { range: roomForBars } } : {}),
          y: {
            range: (_chart, low, high) => {
              const top = Math.max(high ?? 0, current.threshold ?? 0);
              const bottom = Math.min(low ?? 0, 0);
              return [bottom, top === bottom ? 1 : top + (top - bottom) * 0.08];
            },
          },
        },
        axes: [
          { ...axis, space: 80, size: 26, values: (_chart, splits) => timeLabels(splits) },
          {
            ...axis,
            size: 62,
            space: 36,
            values: (_chart, splits) => splits.map((value) => latest.current.format(value)),
          },
        ],
        series: [
          {},
          ...current.series.map(({ name, tone }, index) => ({
            label: name,
            stroke: resolved(index, tone),
            width: 1.75,
            ...(current.bars
              ? {
                  fill: `${resolved(index, tone)}bb`,
                  paths: uPlot.paths.bars!({ size: [0.7, 40] }),
                  points: { show: false },
                }
              : {
                  fill: current.series.length === 1 ? `${resolved(index, tone)}22` : undefined,
                  points: { size: 4 },
                  spanGaps: false,
                }),
          })),
        ],
        hooks: {
          setCursor: [(drawn) => setAt(drawn.cursor.idx ?? null)],
          setSelect: [
            (drawn) => {
              const { left, width } = drawn.select;
              if (width < 4) return;
              latest.current.onZoom?.(drawn.posToVal(left, 'x') * 1_000, drawn.posToVal(left + width, 'x') * 1_000);
              drawn.setSelect({ left: 0, top: 0, width: 0, height: 0 }, false);
            },
          ],
          drawClear: [
            (drawn) => {
              const { ctx, bbox } = drawn;
              ctx.save();
              ctx.fillStyle = `${bad}2e`;
              for (const { from, to } of latest.current.marked ?? []) {
                const left = Math.max(bbox.left, drawn.valToPos(from, 'x', true));
                const right = Math.min(bbox.left + bbox.width, drawn.valToPos(to, 'x', true));
                if (right > left) ctx.fillRect(left, bbox.top, Math.max(2, right - left), bbox.height);
              }
              ctx.restore();
            },
          ],
          draw: [
            (drawn) => {
              const limit = latest.current.threshold;
              if (limit === undefined) return;
              const { ctx, bbox } = drawn;
              const y = drawn.valToPos(limit, 'y', true);
              ctx.save();
              ctx.strokeStyle = bad;
              ctx.lineWidth = 1.5 * devicePixelRatio;
              ctx.setLineDash([6, 4]);
              ctx.beginPath();
              ctx.moveTo(bbox.left, y);
              ctx.lineTo(bbox.left + bbox.width, y);
              ctx.stroke();
              ctx.restore();
            },
          ],
        },
      },
      [current.times as number[], ...current.series.map(({ values }) => values as number[])],
      element,
    );
    drawn.current = chart;
    const observer = new ResizeObserver(() => chart.setSize({ width: element.clientWidth, height }));
    observer.observe(element);
    const repainted = new MutationObserver(() => setTheme((count) => count + 1));
    repainted.observe(document.documentElement, { attributeFilter: ['data-theme'] });
    return () => {
      observer.disconnect();
      repainted.disconnect();
      chart.destroy();
      drawn.current = null;
    };
    // The chart is made again when its shape or its colours change; its data is handed over below.
  }, [shape, height, theme]);

  useEffect(() => {
    drawn.current?.setData([times as number[], ...series.map(({ values }) => values as number[])]);
  }, [times, series]);

  const summary = series
    .map(({ name, values }) => `${name}: ${props.format(values.findLast((value) => value !== null) ?? null)}`)
    .join(', ');
  return (
    <figure>
      <div
        ref={host}
        role="img"
        aria-label={say('{label}. Last: {summary}', { label: props.label, summary })}
        style={{ height }}
        className="min-w-0 overflow-hidden"
      />
      <figcaption className="mt-1 flex flex-wrap gap-x-4 gap-y-1 text-xs">
        {at !== null && times[at] !== undefined && (
          <span className="nums text-faint">
            {timeText(times[at] * 1_000, { dateStyle: 'medium', timeStyle: 'short' })}
          </span>
        )}
        {series.map(({ name, values, tone }, index) => (
          <span key={name} className="flex min-w-0 items-center gap-1.5">
            <span
              aria-hidden
              className={classes('size-2 shrink-0 rounded-full')}
              style={{ background: colour(index, tone) }}
            />
            <span className="truncate text-soft">{name}</span>
            {at !== null && <span className="nums font-medium">{props.format(values[at] ?? null)}</span>}
          </span>
        ))}
      </figcaption>
    </figure>
  );
}

/** Half a bar more at both ends: the first and last would be cut through their middles. */
function roomForBars(chart: uPlot, first: number, last: number): [number, number] {
  const times = chart.data[0];
  const half = times.length > 1 ? (times[1]! - times[0]!) / 2 : 0;
  return [first - half, last + half];
}

/** Days where the axis spans days, else times of the day. Seconds since 1970. */
function timeLabels(splits: readonly number[]): string[] {
  const span = (splits.at(-1) ?? 0) - (splits[0] ?? 0);
  const options: Intl.DateTimeFormatOptions =
    span > 2 * 86_400 ? { day: 'numeric', month: 'short' } : { hour: '2-digit', minute: '2-digit' };
  return splits.map((seconds) => timeText(seconds * 1_000, options));
}
