'use client';
import { useBudgets } from '../../graph/budgets';
import { Card } from '../../ui/Card';
import { Progress } from '../../ui/Progress';
import { count, label } from '../../words/format';

/** How much of this minute's budgets is used, as the last answer said. */
export function BudgetCard() {
  const budgets = useBudgets((state) => state.budgets);
  return (
    <Card title="Budgets of a minute">
      {budgets.length === 0 ? (
        <p className="text-sm text-faint">This gateway sets no budget.</p>
      ) : (
        <ul className="grid gap-3">
          {budgets.map(({ name, limit, left, resetsInSeconds }) => (
            <li key={name}>
              <div className="mb-1 flex justify-between gap-4 text-sm">
                <span>
                  {name === 'requests'
                    ? 'Your requests'
                    : name === 'cost'
                      ? 'Your cost'
                      : label(name.replace('-', ' '))}
                </span>
                <span className="nums text-xs text-faint">
                  {count(limit - left)} of {count(limit)}, anew in {resetsInSeconds} s
                </span>
              </div>
              <Progress
                value={limit === 0 ? 0 : (limit - left) / limit}
                label={`Used of ${name}`}
                tone={left < limit / 10 ? 'bad' : 'accent'}
              />
            </li>
          ))}
        </ul>
      )}
    </Card>
  );
}
