import { create } from 'zustand';

/** How one budget of a minute stands. */
export interface Budget {
  readonly name: string;
  readonly limit: number;
  readonly left: number;
  readonly resetsInSeconds: number;
}

export const useBudgets = create<{ readonly budgets: readonly Budget[] }>(() => ({ budgets: [] }));

/** Takes the standings from the answer's RateLimit fields. */
export function noteBudgets(headers: Headers): void {
  const budgets = readBudgets(headers.get('ratelimit-policy') ?? '', headers.get('ratelimit') ?? '');
  if (budgets.length > 0) useBudgets.setState({ budgets });
}

/** From the fields of the IETF's draft: `"requests";q=120000;w=60` and `"requests";r=119998;t=41`, comma between. */
export function readBudgets(policy: string, standing: string): Budget[] {
  const limits = new Map(itemsOf(policy).map(({ name, values }) => [name, values.get('q') ?? 0]));
  return itemsOf(standing).map(({ name, values }) => ({
    name,
    limit: limits.get(name) ?? 0,
    left: values.get('r') ?? 0,
    resetsInSeconds: values.get('t') ?? 0,
  }));
}

function itemsOf(field: string): { name: string; values: Map<string, number> }[] {
  return field
    .split(',')
    .map((item) => item.trim())
    .filter((item) => item.startsWith('"'))
    .map((item) => {
      const [quoted, ...parameters] = item.split(';');
      return {
        name: quoted!.slice(1, -1),
        values: new Map(
          parameters.map((parameter) => {
            const [key, value] = parameter.split('=');
            return [key!.trim(), Number(value)] as const;
          }),
        ),
      };
    });
}
