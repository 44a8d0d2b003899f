/** Every page by its place below /console. */
export const routes = {
  home: '/',
  flows: '/flows',
  flow: '/flow',
  discover: '/discover',
  assets: '/assets',
  asset: '/asset',
  map: '/map',
  explore: '/explore',
  alerts: '/alerts',
  rules: '/rules',
  silences: '/silences',
  channels: '/channels',
  routes: '/routes',
  webhooks: '/webhooks',
  webhook: '/webhook',
  partners: '/partners',
  audit: '/audit',
  members: '/members',
  settings: '/settings',
} as const;

export type Route = keyof typeof routes;

/** What stands behind the `?` of a link; null and undefined leave a parameter out. */
export type Search = Readonly<Record<string, string | null | undefined>>;

/** A place in the console, without the workspace. */
export function placeOf(route: Route, search: Search = {}): string {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(search)) if (value !== null && value !== undefined) query.set(name, value);
  const text = query.toString();
  return text === '' ? routes[route] : `${routes[route]}?${text}`;
}
