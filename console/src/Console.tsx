'use client';
import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { NuqsAdapter } from 'nuqs/adapters/next/app';
import { lazy, Suspense, useEffect, useState, type ReactNode } from 'react';
import { SessionProvider } from './session/SessionProvider';
import { Refusal } from './session/Refusal';
import { Gate } from './shell/Gate';
import { LanguageKeeper } from './shell/LanguageKeeper';
import { ThemeKeeper } from './shell/ThemeKeeper';

const Toasts = lazy(async () => ({ default: (await import('./ui/Toasts')).Toasts }));
const fiveMinutes = 5 * 60_000;

/** Everything that surrounds a page. */
export function Console({ children }: { readonly children: ReactNode }) {
  const [client] = useState(
    () =>
      new QueryClient({
        defaultOptions: {
          queries: {
            staleTime: fiveMinutes,
            refetchInterval: 30_000,
            refetchOnWindowFocus: true,
            retry: (count, error) =>
              count < 3 &&
              (!(error instanceof Refusal) || ['NETWORK', 'SERVICE_UNAVAILABLE', 'TIMEOUT'].includes(error.code)),
          },
        },
      }),
  );
  // Nothing is told before the page stands.
  const [settled, setSettled] = useState(false);
  useEffect(() => setSettled(true), []);
  return (
    <QueryClientProvider client={client}>
      <Suspense>
        <NuqsAdapter>
          <SessionProvider>
            <ThemeKeeper />
            <LanguageKeeper>
              <Gate>{children}</Gate>
            </LanguageKeeper>
            {settled && (
              <Suspense>
                <Toasts />
              </Suspense>
            )}
          </SessionProvider>
        </NuqsAdapter>
      </Suspense>
    </QueryClientProvider>
  );
}
