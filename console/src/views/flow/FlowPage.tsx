'use client';
import { useParameter } from '../../host/navigation';
import { Flow, FlowProgress } from '../../graph/generated/operations';
import type { FlowProgressSubscription, FlowQuery } from '../../graph/generated/types';
import { useGraph } from '../../graph/useGraph';
import { Query } from '../../parts/Query';
import { useFollow } from '../../live/useFollow';
import { useSettled } from '../../live/useSettled';
import { Empty } from '../../ui/states';
import { FlowView } from './FlowView';
import { mergeFlow, patchFlow } from './patchFlow';
import { useQueryClient } from '@tanstack/react-query';
import { say } from '../../words/say';

export function FlowPage() {
  const id = useParameter('id');
  if (!id) return <Empty icon="workflow" title={say('The address names no flow')} />;
  return <FollowedFlow key={id} id={id} />;
}

const merge = (known: FlowQuery, asked: FlowQuery): FlowQuery =>
  known.flow && asked.flow ? { ...asked, flow: mergeFlow(known.flow, asked.flow) } : asked;
const over = new Set(['SUCCEEDED', 'FAILED', 'CANCELLED']);

function FollowedFlow({ id }: { readonly id: string }) {
  const query = useGraph(Flow, { id }, { refetchInterval: false, merge });
  const client = useQueryClient();
  const refetch = () => void query.refetch();
  const refetchSoon = useSettled(refetch, 500);
  const flow = query.data?.flow;

  useFollow(
    FlowProgress,
    { flowId: id },
    {
      after: flow?.events.pageInfo.endCursor,
      onReset: refetch,
      onEvents: (events: readonly FlowProgressSubscription['flowProgress'][]) => {
        client.setQueryData<FlowQuery>(query.key, (old) =>
          old?.flow ? { ...old, flow: events.reduce(patchFlow, old.flow) } : old,
        );
        // What an event does not carry: mappings, findings, figures, alerts.
        if (events.some(({ type, status }) => type !== 'flow.progress' || (status && over.has(status)))) refetchSoon();
      },
    },
  );

  return (
    <Query query={query}>
      {(data) =>
        data.flow ? (
          <FlowView flow={data.flow} />
        ) : (
          <Empty icon="workflow" title={say('There is no such flow in this workspace')}>
            {say('It may belong to another one: the address says which this is.')}
          </Empty>
        )
      }
    </Query>
  );
}
