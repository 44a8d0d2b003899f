'use client';
import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { NuqsAdapter } from 'nuqs/adapters/next/app';
import { Suspense, useState, type ReactNode } from 'react';
import { Toaster } from 'sonner';
import { SessionProvider } from './session/SessionProvider';
import { Refusal } from './session/Refusal';
import { Gate } from './shell/Gate';
import { ThemeKeeper } from './shell/ThemeKeeper';

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
  return (
    <QueryClientProvider client={client}>
      <Suspense>
        <NuqsAdapter>
          <SessionProvider>
            <ThemeKeeper />
            <Gate>{children}</Gate>
            <Toaster
              position="bottom-right"
              closeButton
              theme="system"
              toastOptions={{ classNames: { description: 'font-mono text-xs' } }}
            />
          </SessionProvider>
        </NuqsAdapter>
      </Suspense>
    </QueryClientProvider>
  );
}
