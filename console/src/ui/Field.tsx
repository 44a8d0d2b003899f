'use client';
import {
  useId,
  type ComponentProps,
  type InputHTMLAttributes,
  type ReactNode,
  type SelectHTMLAttributes,
  type TextareaHTMLAttributes,
} from 'react';
import { classes } from './classes';

const control =
  'h-8 w-full min-w-0 rounded-md border border-line-strong bg-surface px-2.5 text-sm text-ink disabled:opacity-60 aria-invalid:border-bad';

interface FieldProps {
  readonly label: string;
  readonly hint?: ReactNode;
  /** Why what stands in it will not do. */
  readonly problem?: string | null;
  readonly children: (ids: { readonly id: string; readonly describedBy: string | undefined }) => ReactNode;
}

/** A label above a control, with a hint or what is wrong below it. */
export function Field({ label, hint, problem, children }: FieldProps) {
  const id = useId();
  const describedBy = problem || hint ? `${id}-hint` : undefined;
  return (
    <div className="min-w-0">
      <label htmlFor={id} className="mb-1 block text-xs font-medium text-soft">
        {label}
      </label>
      {children({ id, describedBy })}
      {(problem || hint) && (
        <p
          id={describedBy}
          className={classes('mt-1 text-xs', problem ? 'text-bad' : 'text-faint')}
          role={problem ? 'alert' : undefined}
        >
          {problem ?? hint}
        </p>
      )}
    </div>
  );
}

export function Input({ className, ...rest }: ComponentProps<'input'>) {
  return <input {...rest} className={classes(control, className)} />;
}

export function Select({ className, ...rest }: SelectHTMLAttributes<HTMLSelectElement>) {
  return <select {...rest} className={classes(control, 'pr-7', className)} />;
}

interface ChoiceProps<Name extends string> extends Omit<SelectHTMLAttributes<HTMLSelectElement>, 'value' | 'onChange'> {
  readonly names: readonly Name[];
  /** What people read for a name. */
  readonly wordOf: (name: Name) => string;
  readonly value: Name;
  readonly onChoose: (name: Name) => void;
}

/** A select of one of several names. */
export function Choice<Name extends string>({ names, wordOf, onChoose, ...rest }: ChoiceProps<Name>) {
  return (
    <Select {...rest} onChange={(event) => onChoose(event.target.value as Name)}>
      {names.map((name) => (
        <option key={name} value={name}>
          {wordOf(name)}
        </option>
      ))}
    </Select>
  );
}

export function Textarea({ className, ...rest }: TextareaHTMLAttributes<HTMLTextAreaElement>) {
  return <textarea {...rest} className={classes(control, 'h-auto py-1.5', className)} />;
}

interface CheckboxProps extends Omit<InputHTMLAttributes<HTMLInputElement>, 'type'> {
  readonly label: ReactNode;
}

export function Checkbox({ label, className, ...rest }: CheckboxProps) {
  return (
    <label className={classes('flex items-start gap-2 text-sm', className)}>
      <input {...rest} type="checkbox" className="mt-0.5 size-4 shrink-0 accent-[var(--accent)]" />
      <span className="min-w-0">{label}</span>
    </label>
  );
}
