'use client';
import { TributaryError } from '@tributary/client';
import { useEffect, useRef } from 'react';
import { useSession } from '../session/SessionProvider';
import type { Operation } from '../graph/operation';
import { useLiveClient } from './LiveProvider';
import { isAboutStream } from './patches';
import { say } from '../words/say';

interface FollowedEvent {
  readonly type: string;
  readonly cursor: string;
}

interface FollowOptions<Event> {
  /** Where to begin: nothing is followed before it is known. */
  readonly after?: string | null | undefined;
  /** Begins at once with what happens from now on, where no page says where its stream stands. */
  readonly fromNow?: boolean;
  readonly onEvent: (event: Event) => void;
  /** What was missed can no longer be had: query again. */
  readonly onReset: () => void;
}

/** A tab that nobody looks at stops after this. */
const restAfterMs = 5 * 60_000;

/** Follows a subscription for as long as the page is open: each event once and in order, through any restart of the gateway. */
export function useFollow<Data, Variables, Event extends FollowedEvent>(
  operation: Operation<Data, Variables>,
  variables: Omit<Variables, 'after'>,
  { after, fromNow = false, onEvent, onReset }: FollowOptions<Event>,
): void {
  const client = useLiveClient();
  const session = useSession();
  const latest = useRef({ onEvent, onReset });
  useEffect(() => {
    latest.current = { onEvent, onReset };
  });
  const begins = fromNow || typeof after === 'string';
  const first = useRef(after);
  if (!first.current) first.current = after;
  const key = JSON.stringify(variables);

  useEffect(() => {
    if (!client || !begins) return;
    let position = first.current ?? null;
    let current: AbortController | null = null;
    let rest: ReturnType<typeof setTimeout> | null = null;

    const follow = async () => {
      const controller = new AbortController();
      current = controller;
      try {
        const events = client.follow<Data, Variables>(operation, {
          variables: JSON.parse(key) as Omit<Variables, 'after'>,
          after: position,
          signal: controller.signal,
        }) as unknown as AsyncIterable<Event>;
        for await (const event of events) {
          position = event.cursor;
          if (event.type === 'stream.reset') latest.current.onReset();
          else if (!isAboutStream(event.type)) latest.current.onEvent(event);
        }
      } catch (error) {
        if (error instanceof TributaryError && error.code === 'INVALID_CREDENTIALS')
          session.ended(say('Your session was ended elsewhere. Sign in again.'));
      }
    };
    const look = () => {
      if (document.visibilityState === 'visible') {
        if (rest) clearTimeout(rest);
        rest = null;
        if (!current) void follow();
      } else {
        rest ??= setTimeout(() => {
          current?.abort();
          current = null;
        }, restAfterMs);
      }
    };
    void follow();
    document.addEventListener('visibilitychange', look);
    return () => {
      document.removeEventListener('visibilitychange', look);
      if (rest) clearTimeout(rest);
      current?.abort();
    };
  }, [client, begins, key, operation, session]);
}
