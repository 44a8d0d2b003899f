'use client';
import { TributaryError } from '@tributary/client';
import { useEffect, useRef } from 'react';
import { useSession } from '../session/SessionProvider';
import type { Operation } from '../graph/operation';
import { Batches } from './batches';
import { isCut } from './connection';
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
  /** What has come since the last call, oldest first: a rush of events is not drawn one by one. */
  readonly onEvents: (events: readonly Event[]) => void;
  /** What was missed can no longer be had, or cannot be had for now: query again. */
  readonly onReset: () => void;
}

/** A tab that nobody looks at stops after this. */
const restAfterMs = 5 * 60_000;
/** Of a page that has been without a connection for a minute. */
const askedEveryMs = 30_000;
/** Nobody reads faster than this, and each change of the page costs it some milliseconds. */
const drawnEveryMs = 100;

/** Follows a subscription for as long as the page is open: each event once and in order, through any restart of the gateway. */
export function useFollow<Data, Variables, Event extends FollowedEvent>(
  operation: Operation<Data, Variables>,
  variables: Omit<Variables, 'after'>,
  { after, fromNow = false, onEvents, onReset }: FollowOptions<Event>,
): void {
  const client = useLiveClient();
  const session = useSession();
  const latest = useRef({ onEvents, onReset });
  useEffect(() => {
    latest.current = { onEvents, onReset };
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
    const batches = new Batches<Event>((events) => latest.current.onEvents(events), drawnEveryMs);

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
          if (event.type === 'stream.reset') {
            batches.flush();
            latest.current.onReset();
          } else if (!isAboutStream(event.type)) batches.add(event);
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
    const poll = setInterval(() => {
      if (isCut() && document.visibilityState === 'visible') latest.current.onReset();
    }, askedEveryMs);
    document.addEventListener('visibilitychange', look);
    return () => {
      document.removeEventListener('visibilitychange', look);
      if (rest) clearTimeout(rest);
      clearInterval(poll);
      current?.abort();
      batches.drop();
    };
  }, [client, begins, key, operation, session]);
}
