'use client';
import { parseAsString, parseAsStringLiteral, useQueryState } from 'nuqs';
import { FlowTraces } from '../../graph/generated/operations';
import { useGraphPages } from '../../graph/useGraph';
import { Query } from '../../parts/Query';
import { traceColumns, traceOrderNames, traceOrders } from '../../parts/traceColumns';
import { TraceDrawer } from '../../parts/TraceDrawer';
import { DataTable } from '../../tables/DataTable';
import { Choice } from '../../ui/Field';
import { Empty } from '../../ui/states';
import { say } from '../../words/say';

/** What agents did for the flow. */
export function FlowTracesTab({ flowId, finished }: { readonly flowId: string; readonly finished: string | null }) {
  const [order, setOrder] = useQueryState('order', parseAsStringLiteral(traceOrders).withDefault('STARTED_DESC'));
  const [trace, setTrace] = useQueryState('trace', parseAsString);
  const query = useGraphPages(FlowTraces, { id: flowId, orderBy: order }, (data) => data.flow?.traces, {
    refetchInterval: finished ? false : 5_000,
  });
  return (
    <>
      <Query query={query}>
        {({ pages }) => (
          <DataTable
            name="traces of the flow"
            columns={traceColumns}
            rows={pages.flatMap((page) => page.flow?.traces?.nodes ?? [])}
            keyOf={({ id }) => id}
            onOpen={({ id }) => void setTrace(id)}
            hasMore={query.hasNextPage}
            loadsMore={query.isFetchingNextPage}
            onMore={() => void query.fetchNextPage()}
            tools={
              <Choice
                aria-label={say('Order')}
                className="w-auto max-w-full"
                value={order}
                names={traceOrders}
                wordOf={(name) => say(traceOrderNames[name])}
                onChoose={(name) => void setOrder(name)}
              />
            }
            empty={
              <Empty icon="activity" title={say('No agent has reported a run for this flow')}>
                {say('Agents report with ingestTraces or OpenTelemetry, and name the flow.')}
              </Empty>
            }
          />
        )}
      </Query>
      {trace && <TraceDrawer id={trace} onClose={() => void setTrace(null)} onOpen={(id) => void setTrace(id)} />}
    </>
  );
}
