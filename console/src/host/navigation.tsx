'use client';
// With app/ the only place that knows Next: whoever leaves it changes this folder.
import NextLink from 'next/link';
import { usePathname, useRouter, useSearchParams } from 'next/navigation';
import { useCallback, type AnchorHTMLAttributes } from 'react';
import { placeOf, routes, type Route, type Search } from './routes';

interface LinkProps extends Omit<AnchorHTMLAttributes<HTMLAnchorElement>, 'href'> {
  readonly to: Route;
  readonly search?: Search;
}

/** A link within the console; it keeps the workspace. */
export function Link({ to, search, ...rest }: LinkProps) {
  const workspace = useSearchParams().get('ws');
  return <NextLink {...rest} href={placeOf(to, { ...search, ws: workspace })} prefetch={false} />;
}

/** Goes to a place within the console, keeping the workspace unless `search` names one. */
export function useGo(): (to: Route, search?: Search) => void {
  const router = useRouter();
  const workspace = useSearchParams().get('ws');
  return useCallback((to, search) => router.push(placeOf(to, { ws: workspace, ...search })), [router, workspace]);
}

export function useRoute(): Route {
  const path = usePathname();
  const found = (Object.keys(routes) as Route[]).find((route) => routes[route] === path);
  return found ?? 'home';
}

/** A parameter of the address; null when it is absent. */
export function useParameter(name: string): string | null {
  return useSearchParams().get(name);
}
