'use client';
import { MemberNames } from '../../graph/generated/operations';
import { useGraph } from '../../graph/useGraph';
import { useMay, useViewer } from '../../session/Permissions';
import { Field, Select } from '../../ui/Field';
import { say } from '../../words/say';

interface OwnerChoiceProps {
  readonly label: string;
  /** The id of a member; '' for nobody in particular. */
  readonly value: string;
  readonly onChoose: (id: string) => void;
  readonly disabled?: boolean;
}

/** Names of the workspace's members by their ids; empty for whoever may not see them. */
export function useMemberNames(): ReadonlyMap<string, string> {
  const may = useMay('member.read');
  const { data } = useGraph(MemberNames, {}, { enabled: may, refetchInterval: false });
  return new Map((data?.viewer?.workspace.members?.nodes ?? []).map(({ user }) => [user.id, user.displayName]));
}

/** One of the members, who looks first. */
export function OwnerChoice({ label, value, onChoose, disabled }: OwnerChoiceProps) {
  const { userId, displayName } = useViewer();
  const names = new Map(useMemberNames());
  if (userId) names.delete(userId);
  return (
    <Field label={label}>
      {({ id }) => (
        <Select id={id} value={value} disabled={disabled} onChange={(event) => onChoose(event.target.value)}>
          {userId && <option value={userId}>{say('{displayName} (you)', { displayName })}</option>}
          {[...names].map(([memberId, name]) => (
            <option key={memberId} value={memberId}>
              {name}
            </option>
          ))}
          <option value="">{say('nobody in particular')}</option>
        </Select>
      )}
    </Field>
  );
}
