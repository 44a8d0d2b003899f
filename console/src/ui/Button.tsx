'use client';
import { cva, type VariantProps } from 'class-variance-authority';
import type { ButtonHTMLAttributes } from 'react';
import { classes } from './classes';
import { Icon, type IconName } from './Icon';

export const buttonClasses = cva(
  'inline-flex items-center justify-center gap-1.5 rounded-md font-medium whitespace-nowrap transition-colors disabled:opacity-50 disabled:pointer-events-none',
  {
    variants: {
      variant: {
        primary: 'bg-accent text-accent-ink hover:brightness-110',
        secondary: 'border border-line-strong bg-surface hover:bg-sunken',
        ghost: 'hover:bg-sunken text-soft hover:text-ink',
        danger: 'border border-line-strong bg-surface text-bad hover:bg-bad-wash',
      },
      size: { small: 'h-7 px-2 text-xs', normal: 'h-8 px-3 text-sm', icon: 'size-8' },
    },
    defaultVariants: { variant: 'secondary', size: 'normal' },
  },
);

interface ButtonProps extends ButtonHTMLAttributes<HTMLButtonElement>, VariantProps<typeof buttonClasses> {
  readonly icon?: IconName;
  readonly busy?: boolean;
}

export function Button({
  variant,
  size,
  icon,
  busy,
  className,
  children,
  type = 'button',
  disabled,
  ...rest
}: ButtonProps) {
  return (
    <button
      {...rest}
      type={type}
      disabled={(disabled ?? false) || (busy ?? false)}
      aria-busy={busy}
      className={classes(buttonClasses({ variant, size }), className)}
    >
      {busy ? <Icon name="refreshCw" className="animate-spin" /> : icon ? <Icon name={icon} /> : null}
      {children}
    </button>
  );
}
