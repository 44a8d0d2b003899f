'use client';
import { parseAsBoolean, useQueryState } from 'nuqs';
import { AlertRules, AlertSilences } from '../../graph/generated/operations';
import { useGraphPages } from '../../graph/useGraph';
import { PageHeader } from '../../parts/PageHeader';
import { Query } from '../../parts/Query';
import { useMay } from '../../session/Permissions';
import { Button } from '../../ui/Button';
import { Empty } from '../../ui/states';
import { say } from '../../words/say';
import { SilenceDialog } from './SilenceDialog';
import { SilenceItem } from './SilenceItem';

/** For whom and how long alerts are quiet, planned work among them. */
export function SilencesPage() {
  const [makes, setMakes] = useQueryState('new', parseAsBoolean.withDefault(false));
  const may = useMay('alert.silence');
  const query = useGraphPages(AlertSilences, {}, (data) => data.alertSilences, { refetchInterval: 30_000 });
  const rules = useGraphPages(AlertRules, {}, (data) => data.alertRules);
  const ruleNames = new Map(
    rules.data?.pages.flatMap((page) => page.alertRules?.nodes ?? []).map(({ id, name }) => [id, name]),
  );
  return (
    <>
      <PageHeader
        title={say('Silences')}
        about={say('Alerts that nobody is told of for a while. They stay in the list of alerts.')}
        actions={
          may && (
            <Button variant="primary" icon="plus" onClick={() => void setMakes(true)}>
              {say('New silence')}
            </Button>
          )
        }
      />
      <Query query={query}>
        {({ pages }) => {
          const silences = pages.flatMap((page) => page.alertSilences?.nodes ?? []);
          return (
            <div className="rounded-lg border border-line bg-surface">
              {silences.length === 0 ? (
                <Empty icon="bellOff" title={say('Nothing is silenced')}>
                  {say('A silence holds the notifications of some alerts, for planned work or until somebody is back.')}
                </Empty>
              ) : (
                <ul className="divide-y divide-line">
                  {silences.map((silence) => (
                    <SilenceItem key={silence.id} silence={silence} ruleNames={ruleNames} may={may} />
                  ))}
                </ul>
              )}
              {query.hasNextPage && (
                <div className="border-t border-line p-3 text-center">
                  <Button onClick={() => void query.fetchNextPage()} busy={query.isFetchingNextPage}>
                    {say('Load more')}
                  </Button>
                </div>
              )}
            </div>
          );
        }}
      </Query>
      {makes && may && <SilenceDialog ruleNames={ruleNames} onClose={() => void setMakes(null)} />}
    </>
  );
}
