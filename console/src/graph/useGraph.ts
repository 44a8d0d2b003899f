'use client';
import {
  replaceEqualDeep,
  useInfiniteQuery,
  useMutation,
  useQuery,
  useQueryClient,
  type InfiniteData,
  type QueryKey,
} from '@tanstack/react-query';
import { useMemo } from 'react';
import { tellDone, tellRefused } from '../ui/tell';
import { useSession, useSignedIn } from '../session/SessionProvider';
import type { Refusal } from '../session/Refusal';
import type { Operation } from './operation';
import { request } from './request';
import { requestOnce } from './requestOnce';
import { sentenceOf } from './sentenceOf';
import { say } from '../words/say';

interface GraphOptions<Data = unknown> {
  readonly enabled?: boolean;
  /** How often it is asked again, in ms; false where a stream keeps it fresh. Default 30 s. */
  readonly refetchInterval?: number | false;
  /** What is shown once it is asked again, where events have changed what is here: an answer may be older than they are. */
  readonly merge?: (known: Data, asked: Data) => Data;
}

/** Cache keys begin with the workspace, so that no tab shows another's. The same one while the variables say the same. */
export function useKey(name: string, variables: unknown): QueryKey {
  const { workspaceId } = useSignedIn();
  const text = JSON.stringify(variables);
  return useMemo(() => [workspaceId, name, JSON.parse(text) as unknown], [workspaceId, name, text]);
}

/** Asks a query, and again every 30 s. */
export function useGraph<Data, Variables>(
  operation: Operation<Data, Variables>,
  variables: Variables,
  options: GraphOptions<Data> = {},
) {
  const session = useSession();
  const key = useKey(operation.name, variables);
  const { merge } = options;
  const query = useQuery<Data, Refusal>({
    queryKey: key,
    queryFn: async ({ signal }) => (await request(session, operation, variables, signal)).data,
    refetchInterval: options.refetchInterval ?? 30_000,
    ...(merge
      ? {
          structuralSharing: (known: unknown, asked: unknown) =>
            known === undefined ? asked : replaceEqualDeep(known, merge(known as Data, asked as Data)),
        }
      : {}),
    ...(options.enabled === undefined ? {} : { enabled: options.enabled }),
  });
  return { ...query, key };
}

/** Pages of a list that are asked again by themselves. */
const mostAskedAgain = 5;

export interface Page {
  readonly pageInfo: { readonly endCursor?: string | null; readonly hasNextPage: boolean };
}

/** Asks a list page by page; `pageOf` finds the page in the answer. */
export function useGraphPages<Data, Variables extends { after?: string | null | undefined }>(
  operation: Operation<Data, Variables>,
  variables: Omit<Variables, 'after'>,
  pageOf: (data: Data) => Page | null | undefined,
  options: GraphOptions = {},
) {
  const session = useSession();
  const key = useKey(operation.name, variables);
  const query = useInfiniteQuery<Data, Refusal, InfiniteData<Data, string | null>, QueryKey, string | null>({
    queryKey: key,
    initialPageParam: null,
    queryFn: async ({ signal, pageParam }) =>
      (await request(session, operation, { ...variables, after: pageParam } as unknown as Variables, signal)).data,
    getNextPageParam: (last) => {
      const page = pageOf(last);
      return page?.pageInfo.hasNextPage ? (page.pageInfo.endCursor ?? null) : null;
    },
    // Who has scrolled far does not have all of it asked again and again.
    refetchInterval: ({ state }) =>
      (state.data?.pages.length ?? 0) > mostAskedAgain ? false : (options.refetchInterval ?? false),
    ...(options.enabled === undefined ? {} : { enabled: options.enabled }),
  });
  /** Every page, those that are here and those that are not, at most `mostPages`. */
  const readAll = async (mostPages: number): Promise<readonly Data[]> => {
    const pages: Data[] = [...(query.data?.pages ?? [])];
    while (pages.length < mostPages) {
      const last = pages.at(-1);
      const page = last === undefined ? null : pageOf(last);
      if (last !== undefined && !page?.pageInfo.hasNextPage) break;
      const after = page?.pageInfo.endCursor ?? null;
      pages.push((await request(session, operation, { ...variables, after } as unknown as Variables)).data);
    }
    return pages;
  };
  return { ...query, key, readAll };
}

interface ActionOptions<Data> {
  /** What is said when it is done; absent: nothing. */
  readonly done?: string | ((data: Data) => string);
  /** Names of queries that are asked again. */
  readonly refreshes?: readonly string[];
  readonly onDone?: (data: Data) => void;
  /** Called with the refusal; true: it has been dealt with. */
  readonly onRefused?: (refusal: Refusal) => boolean;
}

/** Does a mutation, and says how it went. Each call carries a key, so that a second click does nothing twice. */
export function useAction<Data, Variables extends object>(
  operation: Operation<Data, Variables>,
  options: ActionOptions<Data> = {},
) {
  const session = useSession();
  const client = useQueryClient();
  const { workspaceId } = useSignedIn();
  return useMutation<Data, Refusal, Variables>({
    mutationFn: async (variables) => (await requestOnce(session, operation, variables)).data,
    onSuccess: async (data) => {
      if (options.done) tellDone(typeof options.done === 'string' ? options.done : options.done(data));
      await Promise.all(
        (options.refreshes ?? []).map((name) => client.invalidateQueries({ queryKey: [workspaceId, name] })),
      );
      options.onDone?.(data);
    },
    onError: (refusal) => {
      if (options.onRefused?.(refusal)) return;
      tellRefused(sentenceOf(refusal), {
        ...(refusal.requestId ? { description: say('Request {requestId}', { requestId: refusal.requestId }) } : {}),
        duration: 10_000,
      });
    },
  });
}
