'use client';
import { useState, type FormEvent } from 'react';
import { UpdateAsset } from '../../graph/generated/operations';
import type { Criticality, UpdateAssetInput } from '../../graph/generated/types';
import { useAction } from '../../graph/useGraph';
import { Button } from '../../ui/Button';
import { Dialog } from '../../ui/Dialog';
import { textOf } from '../../ui/textOf';
import { Field, Input, Select } from '../../ui/Field';
import { label } from '../../words/format';
import type { AssetFacts } from './AssetFacts';
import { say } from '../../words/say';

const levels: readonly Criticality[] = ['CRITICAL', 'HIGH', 'MEDIUM', 'LOW', 'UNKNOWN'];

/** What a person knows better than the source; it stays when a flow sees the asset again. */
export function EditAsset({ asset, onClose }: { readonly asset: AssetFacts; readonly onClose: () => void }) {
  const [conflict, setConflict] = useState(false);
  const update = useAction(UpdateAsset, {
    refreshes: ['Asset', 'Assets', 'AssetFacets'],
    done: say('It is saved.'),
    onDone: onClose,
    onRefused: ({ code }) => {
      setConflict(code === 'RESOURCE_CONFLICT');
      return code === 'RESOURCE_CONFLICT';
    },
  });
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const text = (name: string) => textOf(form, name);
    const input: UpdateAssetInput = {
      id: asset.id,
      version: asset.version,
      name: text('name'),
      environment: text('environment') || null,
      department: text('department') || null,
      criticality: text('criticality') as Criticality,
      tags: text('tags')
        .split(/[\s,]+/)
        .filter(Boolean),
    };
    update.mutate({ input });
  };
  return (
    <Dialog
      open
      onClose={onClose}
      title={say('Edit “{name}”', { name: asset.name })}
      description={say('What is set here stays, whatever a source says later.')}
    >
      <form onSubmit={submit} className="grid gap-3" key={asset.version}>
        {conflict && (
          <p role="alert" className="rounded-md bg-warn-wash px-3 py-2 text-sm text-warn">
            {say('Somebody changed it meanwhile. This now shows their version: look again, then save.')}
          </p>
        )}
        <Field label={say('Name')}>
          {({ id }) => <Input id={id} name="name" required maxLength={255} defaultValue={asset.name} />}
        </Field>
        <div className="grid gap-3 sm:grid-cols-2">
          <Field label={say('Environment')}>
            {({ id }) => <Input id={id} name="environment" maxLength={255} defaultValue={asset.environment ?? ''} />}
          </Field>
          <Field label={say('Department')}>
            {({ id }) => <Input id={id} name="department" maxLength={255} defaultValue={asset.department ?? ''} />}
          </Field>
        </div>
        <Field label={say('Criticality')}>
          {({ id }) => (
            <Select id={id} name="criticality" defaultValue={asset.criticality}>
              {levels.map((level) => (
                <option key={level} value={level}>
                  {label(level)}
                </option>
              ))}
            </Select>
          )}
        </Field>
        <Field label={say('Tags')} hint={say('Divided by blanks or commas.')}>
          {({ id, describedBy }) => (
            <Input id={id} name="tags" aria-describedby={describedBy} defaultValue={asset.tags.join(' ')} />
          )}
        </Field>
        <div className="flex justify-end gap-2">
          <Button onClick={onClose}>{say('Cancel')}</Button>
          <Button type="submit" variant="primary" busy={update.isPending}>
            {say('Save')}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
