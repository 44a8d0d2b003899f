'use client';
import { useState } from 'react';
import { Members, RemoveMember, RevokeInvitation, SetMemberRole } from '../../graph/generated/operations';
import type { Role } from '../../graph/generated/types';
import { useAction, useGraph } from '../../graph/useGraph';
import { PageHeader } from '../../parts/PageHeader';
import { Query } from '../../parts/Query';
import { RelativeTime } from '../../parts/RelativeTime';
import { useMay, useViewer } from '../../session/Permissions';
import { Badge } from '../../ui/Badge';
import { Button } from '../../ui/Button';
import { Card } from '../../ui/Card';
import { Dialog } from '../../ui/Dialog';
import { Select } from '../../ui/Field';
import { label } from '../../words/format';
import { say, sayWith } from '../../words/say';
import { InviteDialog } from './InviteDialog';
import { roles } from './roles';

export function MembersPage() {
  const viewer = useViewer();
  const mayInvite = useMay('member.invite');
  const maySetRole = useMay('member.setRole');
  const maySetOwner = useMay('member.setOwner');
  const mayRemove = useMay('member.remove');
  const [invites, setInvites] = useState(false);
  const [removes, setRemoves] = useState<{ readonly id: string; readonly name: string } | null>(null);
  const query = useGraph(Members, {});
  const refreshes = ['Members'];
  const setRole = useAction(SetMemberRole, { refreshes, done: say('The role is changed; it counts at once.') });
  const remove = useAction(RemoveMember, {
    refreshes,
    done: say('They are out, and their sessions end.'),
    onDone: () => setRemoves(null),
  });
  const revoke = useAction(RevokeInvitation, { refreshes, done: say('The invitation is taken back.') });
  return (
    <>
      <PageHeader
        title={say('Members')}
        about={say('Who belongs to the workspace, and as what.')}
        actions={
          mayInvite && (
            <Button variant="primary" icon="plus" onClick={() => setInvites(true)}>
              {say('Invite')}
            </Button>
          )
        }
      />
      <Query query={query}>
        {(data) => {
          const workspace = data.viewer?.workspace;
          const open =
            workspace?.invitations?.nodes.filter(
              ({ acceptedAt, revokedAt, expiresAt }) => !acceptedAt && !revokedAt && Date.parse(expiresAt) > Date.now(),
            ) ?? [];
          return (
            <div className="grid gap-4">
              <Card title={say('People')} aside={workspace?.members?.totalCount} flush>
                <ul className="divide-y divide-line">
                  {(workspace?.members?.nodes ?? []).map(({ user, role, joinedAt }) => {
                    const own = user.id === viewer.userId;
                    const changeable = maySetRole && !own && (role !== 'OWNER' || maySetOwner);
                    return (
                      <li key={user.id} className="flex flex-wrap items-center gap-x-4 gap-y-2 px-4 py-2.5 text-sm">
                        <span
                          aria-hidden
                          className="grid size-8 place-items-center rounded-full bg-accent-wash text-xs font-semibold text-accent"
                        >
                          {user.displayName.slice(0, 1).toUpperCase()}
                        </span>
                        <span className="min-w-0 flex-1">
                          <span className="block truncate font-medium">
                            {user.displayName} {own && <span className="font-normal text-faint">{say('(you)')}</span>}
                          </span>
                          <span className="block truncate text-xs text-faint">{user.email}</span>
                        </span>
                        <span className="hidden text-xs text-faint sm:block">
                          {sayWith('joined {time}', { time: <RelativeTime time={joinedAt} /> })}
                        </span>
                        {changeable ? (
                          <Select
                            aria-label={say('Role of {displayName}', { displayName: user.displayName })}
                            className="w-32"
                            value={role}
                            disabled={setRole.isPending}
                            onChange={(event) =>
                              setRole.mutate({ input: { userId: user.id, role: event.target.value as Role } })
                            }
                          >
                            {roles
                              .filter((each) => each !== 'OWNER' || maySetOwner)
                              .map((each) => (
                                <option key={each} value={each}>
                                  {label(each)}
                                </option>
                              ))}
                          </Select>
                        ) : (
                          <Badge>{label(role)}</Badge>
                        )}
                        {mayRemove && !own && (role !== 'OWNER' || maySetOwner) && (
                          <Button
                            variant="danger"
                            size="small"
                            onClick={() => setRemoves({ id: user.id, name: user.displayName })}
                          >
                            {say('Remove')}
                          </Button>
                        )}
                      </li>
                    );
                  })}
                </ul>
              </Card>
              {workspace?.invitations && (
                <Card title={say('Open invitations')} flush>
                  {open.length === 0 ? (
                    <p className="p-4 text-sm text-faint">{say('Nobody is invited just now.')}</p>
                  ) : (
                    <ul className="divide-y divide-line">
                      {open.map(({ id, email, role, expiresAt }) => (
                        <li key={id} className="flex flex-wrap items-center gap-x-4 gap-y-2 px-4 py-2.5 text-sm">
                          <span className="min-w-0 flex-1 truncate">{email}</span>
                          <span className="text-xs text-faint">
                            {sayWith('expires {time}', { time: <RelativeTime time={expiresAt} /> })}
                          </span>
                          <Badge>{label(role)}</Badge>
                          {mayInvite && (
                            <Button
                              variant="danger"
                              size="small"
                              busy={revoke.isPending}
                              onClick={() => revoke.mutate({ input: { id } })}
                            >
                              {say('Take back')}
                            </Button>
                          )}
                        </li>
                      ))}
                    </ul>
                  )}
                </Card>
              )}
            </div>
          );
        }}
      </Query>
      {invites && <InviteDialog onClose={() => setInvites(false)} />}
      <Dialog
        open={removes !== null}
        onClose={() => setRemoves(null)}
        title={say('Remove {name}?', { name: removes?.name ?? '' })}
        description={say('They lose access at once, in every tab. What they did stays in the audit trail.')}
      >
        <div className="flex justify-end gap-2">
          <Button onClick={() => setRemoves(null)}>{say('Keep them')}</Button>
          <Button
            variant="danger"
            busy={remove.isPending}
            onClick={() => removes && remove.mutate({ input: { userId: removes.id } })}
          >
            {say('Remove')}
          </Button>
        </div>
      </Dialog>
    </>
  );
}
