'use client';
import { useBudgets } from '../../graph/budgets';
import { Card } from '../../ui/Card';
import { Progress } from '../../ui/Progress';
import { count, label } from '../../words/format';
import { say } from '../../words/say';

/** How much of this minute's budgets is used, as the last answer said. */
export function BudgetCard() {
  const budgets = useBudgets((state) => state.budgets);
  return (
    <Card title={say('Budgets of a minute')}>
      {budgets.length === 0 ? (
        <p className="text-sm text-faint">{say('This gateway sets no budget.')}</p>
      ) : (
        <ul className="grid gap-3">
          {budgets.map(({ name, limit, left, resetsInSeconds }) => (
            <li key={name}>
              <div className="mb-1 flex justify-between gap-4 text-sm">
                <span>
                  {name === 'requests'
                    ? say('Your requests')
                    : name === 'cost'
                      ? say('Your cost')
                      : label(name.replace('-', ' '))}
                </span>
                <span className="nums text-xs text-faint">
                  {say('{limit} of {limit2}, anew in {resetsInSeconds} s', {
                    limit: count(limit - left),
                    limit2: count(limit),
                    resetsInSeconds,
                  })}
                </span>
              </div>
              <Progress
                value={limit === 0 ? 0 : (limit - left) / limit}
                label={say('Used of {name}', { name })}
                tone={left < limit / 10 ? 'bad' : 'accent'}
              />
            </li>
          ))}
        </ul>
      )}
    </Card>
  );
}
