interface SparklineProps {
  readonly values: readonly (number | null)[];
  readonly className?: string;
}

/** The shape of a series, without axes; an ornament beside its figure. */
export function Sparkline({ values, className }: SparklineProps) {
  const known = values.map((value) => value ?? 0);
  const most = Math.max(...known, 0);
  if (known.length < 2 || most === 0) return <svg aria-hidden className={className} />;
  const points = known.map((value, index) => `${(index / (known.length - 1)) * 100},${28 - (value / most) * 26}`);
  return (
    <svg aria-hidden viewBox="0 0 100 30" preserveAspectRatio="none" className={className}>
      <polygon points={`0,30 ${points.join(' ')} 100,30`} fill="var(--c1)" opacity={0.12} />
      <polyline
        points={points.join(' ')}
        fill="none"
        stroke="var(--c1)"
        strokeWidth={1.5}
        vectorEffect="non-scaling-stroke"
      />
    </svg>
  );
}
