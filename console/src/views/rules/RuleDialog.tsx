'use client';
import { useDeferredValue, useState, type FormEvent } from 'react';
import { alertDimensions } from '../../graph/generated/choices';
import { CreateRule, DeleteRule, UpdateRule } from '../../graph/generated/operations';
import { useAction } from '../../graph/useGraph';
import { useMay } from '../../session/Permissions';
import { Button } from '../../ui/Button';
import { Dialog } from '../../ui/Dialog';
import { Field, Input, Select } from '../../ui/Field';
import { label } from '../../words/format';
import { ConditionFields } from './ConditionFields';
import { MoreConditions } from './MoreConditions';
import { formOf, inputOf, newRule, patchOf, type Rule, type RuleForm } from './ruleForm';
import { RuleLife } from './RuleLife';
import { RulePreviewChart } from './RulePreviewChart';
import { RuleStanding } from './RuleStanding';
import { say } from '../../words/say';

/** What a rule says, beside what it would have done. `rule` null: a new one. */
export function RuleDialog({ rule, onClose }: { readonly rule: Rule | null; readonly onClose: () => void }) {
  const may = useMay('alertRule.write');
  const [form, setForm] = useState<RuleForm>(rule ? formOf(rule) : newRule);
  const [deletes, setDeletes] = useState(false);
  const refreshes = ['AlertRules'];
  const create = useAction(CreateRule, { refreshes, done: say('The rule is on.'), onDone: onClose });
  const update = useAction(UpdateRule, { refreshes, done: say('It is saved.'), onDone: onClose });
  const remove = useAction(DeleteRule, {
    refreshes,
    done: say('The rule is gone; its open alerts are resolved.'),
    onDone: onClose,
  });
  const change = (next: Partial<RuleForm>) => setForm({ ...form, ...next });
  const input = useDeferredValue(inputOf(form, rule?.scope ?? null));
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const entered = inputOf(form, rule?.scope ?? null);
    if (!entered) return;
    if (!rule) create.mutate({ input: { rule: entered } });
    else {
      update.mutate({ input: { id: rule.id, version: rule.version, patch: patchOf(entered) } });
    }
  };
  return (
    <Dialog
      open
      wide
      onClose={onClose}
      title={rule ? rule.name : say('New rule')}
      description={say('While its condition holds, it has one open alert.')}
    >
      <form onSubmit={submit} className="grid gap-4">
        <fieldset disabled={!may} className="grid gap-3">
          <Field label={say('Name')}>
            {({ id }) => (
              <Input
                id={id}
                required
                maxLength={200}
                value={form.name}
                placeholder={say('Too many errors')}
                onChange={(event) => change({ name: event.target.value })}
              />
            )}
          </Field>
          <ConditionFields condition={form} onChange={change} />
          <MoreConditions form={form} onChange={change} />
          <div className="grid gap-3 sm:grid-cols-3">
            <Field label={say('For each')}>
              {({ id }) => (
                <Select id={id} value={form.groupBy} onChange={(event) => change({ groupBy: event.target.value })}>
                  <option value="">{say('all together')}</option>
                  {alertDimensions.map((group) => (
                    <option key={group} value={group}>
                      {label(group).toLowerCase()}
                    </option>
                  ))}
                </Select>
              )}
            </Field>
            <Field label={say('Only agents')} hint={say('Names, comma between. Empty: all.')}>
              {({ id, describedBy }) => (
                <Input
                  id={id}
                  aria-describedby={describedBy}
                  value={form.agent}
                  onChange={(event) => change({ agent: event.target.value })}
                />
              )}
            </Field>
            <Field label={say('Severity')}>
              {({ id }) => (
                <Select
                  id={id}
                  value={form.severity}
                  onChange={(event) => change({ severity: event.target.value as RuleForm['severity'] })}
                >
                  <option value="INFO">{say('Info')}</option>
                  <option value="WARNING">{say('Warning')}</option>
                  <option value="CRITICAL">{say('Critical')}</option>
                </Select>
              )}
            </Field>
          </div>
          <RuleLife form={form} onChange={change} />
        </fieldset>
        <RulePreviewChart input={input} rule={rule} />
        {rule && <RuleStanding rule={rule} />}
        {may && (
          <div className="flex flex-wrap justify-end gap-2">
            {rule &&
              (deletes ? (
                <Button
                  variant="danger"
                  icon="trash2"
                  className="mr-auto"
                  busy={remove.isPending}
                  onClick={() => remove.mutate({ input: { id: rule.id } })}
                >
                  {say('Delete for good')}
                </Button>
              ) : (
                <Button variant="danger" icon="trash2" className="mr-auto" onClick={() => setDeletes(true)}>
                  {say('Delete')}
                </Button>
              ))}
            <Button onClick={onClose}>{say('Cancel')}</Button>
            <Button
              type="submit"
              variant="primary"
              busy={create.isPending || update.isPending}
              disabled={!inputOf(form)}
            >
              {rule ? say('Save') : say('Make the rule')}
            </Button>
          </div>
        )}
      </form>
    </Dialog>
  );
}
