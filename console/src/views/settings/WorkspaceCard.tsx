'use client';
import type { FormEvent } from 'react';
import { ServerInfo, UpdateSettings, Viewer } from '../../graph/generated/operations';
import { useAction, useGraph } from '../../graph/useGraph';
import { RelativeTime } from '../../parts/RelativeTime';
import { useMay } from '../../session/Permissions';
import { Button } from '../../ui/Button';
import { Card } from '../../ui/Card';
import { textOf } from '../../ui/textOf';
import { Field, Input } from '../../ui/Field';
import { WorkspaceName } from './WorkspaceName';
import { say } from '../../words/say';

const name = 'runnerLostAfterMinutes';

export function WorkspaceCard() {
  const may = useMay('workspace.update');
  const { data } = useGraph(Viewer, {}, { refetchInterval: false });
  const server = useGraph(ServerInfo, {}, { refetchInterval: false });
  const update = useAction(UpdateSettings, { refreshes: ['Viewer'], done: say('It is saved.') });
  const workspace = data?.viewer?.workspace;
  if (!workspace) return null;
  const minutes = workspace.settings[name];
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const text = textOf(new FormData(event.currentTarget), 'minutes');
    update.mutate({ input: { settings: { [name]: text === '' ? null : Number(text) } } });
  };
  return (
    <Card title={say('Workspace')}>
      <dl className="mb-4 grid gap-2 text-sm">
        <div className="flex justify-between gap-4">
          <dt className="text-soft">{say('Name')}</dt>
          <dd className="min-w-0">
            <WorkspaceName name={workspace.name} />
          </dd>
        </div>
        <div className="flex justify-between gap-4">
          <dt className="text-soft">{say('Short name in addresses')}</dt>
          <dd>
            <code className="text-xs">{workspace.slug}</code>
          </dd>
        </div>
        <div className="flex justify-between gap-4">
          <dt className="text-soft">{say('Created')}</dt>
          <dd>
            <RelativeTime time={workspace.createdAt} />
          </dd>
        </div>
        {server.data?.serverInfo && (
          <div className="flex justify-between gap-4">
            <dt className="text-soft">Tributary</dt>
            <dd className="nums">
              {server.data.serverInfo.version}
              <span className="text-faint">
                {server.data.serverInfo.mode === 'EMBEDDED' ? say(', in one process') : say(', as a cluster')}
              </span>
            </dd>
          </div>
        )}
      </dl>
      <form onSubmit={submit} className="flex items-end gap-2 border-t border-line pt-4">
        <div className="flex-1">
          <Field
            label={say('An outside runner counts as lost after (minutes)')}
            hint={say('Its flow fails then. Empty: 15.')}
          >
            {({ id, describedBy }) => (
              <Input
                id={id}
                name="minutes"
                type="number"
                min={1}
                max={10_080}
                disabled={!may}
                aria-describedby={describedBy}
                defaultValue={typeof minutes === 'number' ? minutes : ''}
                placeholder="15"
              />
            )}
          </Field>
        </div>
        {may && (
          <Button type="submit" busy={update.isPending} className="mb-5">
            {say('Save')}
          </Button>
        )}
      </form>
    </Card>
  );
}
