import { clsx, type ClassValue } from 'clsx';
import { twMerge } from 'tailwind-merge';

/** Joins class names; of two that say the same, the last counts. */
export function classes(...values: ClassValue[]): string {
  return twMerge(clsx(values));
}
