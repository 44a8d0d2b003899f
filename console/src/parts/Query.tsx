'use client';
import type { ReactNode } from 'react';
import { sentenceOf } from '../graph/sentenceOf';
import { Refusal } from '../session/Refusal';
import { RefusalNote, SkeletonRows } from '../ui/states';

interface QueryProps<Data> {
  readonly query: {
    readonly data: Data | undefined;
    readonly error: unknown;
    readonly refetch: () => unknown;
  };
  readonly loading?: ReactNode;
  readonly children: (data: Data) => ReactNode;
}

/** What was asked for, or that it is on its way, or why it is not there. What is there stays while it is asked again. */
export function Query<Data>({ query, loading, children }: QueryProps<Data>) {
  if (query.data !== undefined) return children(query.data);
  if (query.error) {
    return (
      <RefusalNote
        sentence={sentenceOf(query.error)}
        requestId={query.error instanceof Refusal ? query.error.requestId : null}
        onRetry={() => void query.refetch()}
      />
    );
  }
  return loading ?? <SkeletonRows />;
}
