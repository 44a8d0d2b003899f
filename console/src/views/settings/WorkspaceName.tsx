'use client';
import { useState, type FormEvent } from 'react';
import { RenameWorkspace } from '../../graph/generated/operations';
import { useAction } from '../../graph/useGraph';
import { useMay } from '../../session/Permissions';
import { Button } from '../../ui/Button';
import { Input } from '../../ui/Field';
import { textOf } from '../../ui/textOf';
import { say } from '../../words/say';

/** The name that people see, and a way to change it for those who may. */
export function WorkspaceName({ name }: { readonly name: string }) {
  const may = useMay('workspace.update');
  const [edits, setEdits] = useState(false);
  const rename = useAction(RenameWorkspace, {
    refreshes: ['Viewer'],
    done: say('It has its new name.'),
    onDone: () => setEdits(false),
  });
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    rename.mutate({ input: { name: textOf(new FormData(event.currentTarget), 'name') } });
  };
  if (edits) {
    return (
      <form onSubmit={submit} className="flex min-w-0 items-center gap-2">
        <Input
          name="name"
          aria-label={say('Name of the workspace')}
          defaultValue={name}
          required
          maxLength={100}
          autoFocus
        />
        <Button type="submit" size="small" busy={rename.isPending}>
          {say('Save')}
        </Button>
        <Button size="small" variant="ghost" onClick={() => setEdits(false)}>
          {say('Cancel')}
        </Button>
      </form>
    );
  }
  return (
    <span className="flex min-w-0 items-center gap-2">
      <span className="truncate">{name}</span>
      {may && (
        <Button size="small" variant="ghost" icon="pencil" onClick={() => setEdits(true)}>
          {say('Rename')}
        </Button>
      )}
    </span>
  );
}
