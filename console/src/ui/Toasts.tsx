'use client';
import { Toaster } from 'sonner';

/** Where what was done, or refused, is told. */
export function Toasts() {
  return (
    <Toaster
      position="bottom-right"
      closeButton
      theme="system"
      toastOptions={{ classNames: { description: 'font-mono text-xs' } }}
    />
  );
}
