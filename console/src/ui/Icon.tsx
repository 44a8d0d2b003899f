import { createElement } from 'react';
import { classes } from './classes';
import { iconShapes, type IconName } from './iconShapes';

export type { IconName };

interface IconProps {
  readonly name: IconName;
  readonly className?: string;
  /** Said to screen readers; absent: it is an ornament. */
  readonly label?: string;
}

export function Icon({ name, className, label }: IconProps) {
  return (
    <svg
      viewBox="0 0 24 24"
      fill="none"
      stroke="currentColor"
      strokeWidth={2}
      strokeLinecap="round"
      strokeLinejoin="round"
      className={classes('size-4 shrink-0', className)}
      {...(label ? { role: 'img', 'aria-label': label } : { 'aria-hidden': true })}
    >
      {iconShapes[name].map(([tag, attributes], index) => createElement(tag, { key: index, ...attributes }))}
    </svg>
  );
}
