'use client';
import { useDeferredValue, useState, type FormEvent } from 'react';
import { CreateRule, DeleteRule, UpdateRule } from '../../graph/generated/operations';
import { useAction } from '../../graph/useGraph';
import { useMay } from '../../session/Permissions';
import { Button } from '../../ui/Button';
import { Dialog } from '../../ui/Dialog';
import { Field, Input, Select } from '../../ui/Field';
import { duration, label } from '../../words/format';
import { metricName, metricNames } from '../../words/metricNames';
import { formOf, inputOf, newRule, patchOf, unitOf, type Rule, type RuleForm } from './ruleForm';
import { RuleLife } from './RuleLife';
import { RulePreviewChart } from './RulePreviewChart';
import { RuleStanding } from './RuleStanding';
import { say } from '../../words/say';

const windows = [60, 300, 900, 3_600, 21_600, 86_400, 604_800];
const groups = ['AGENT', 'MODEL', 'DEPARTMENT', 'ENVIRONMENT', 'VERSION', 'FLOW'];

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
  const lengths = windows.includes(Number(form.windowSeconds)) ? windows : [...windows, Number(form.windowSeconds)];
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
          <div className="grid gap-3 sm:grid-cols-4">
            <Field label={say('Figure')}>
              {({ id }) => (
                <Select
                  id={id}
                  value={form.metric}
                  onChange={(event) => change({ metric: event.target.value as RuleForm['metric'] })}
                >
                  {Object.keys(metricNames).map((metric) => (
                    <option key={metric} value={metric}>
                      {metricName(metric)}
                    </option>
                  ))}
                </Select>
              )}
            </Field>
            <Field label={say('Is')}>
              {({ id }) => (
                <Select
                  id={id}
                  value={form.comparison}
                  onChange={(event) => change({ comparison: event.target.value as RuleForm['comparison'] })}
                >
                  <option value="ABOVE">{say('above')}</option>
                  <option value="BELOW">{say('below')}</option>
                </Select>
              )}
            </Field>
            <Field
              label={say('Threshold ({metric})', { metric: unitOf(form.metric) })}
              problem={inputOf(form) ? null : say('A number.')}
            >
              {({ id }) => (
                <Input
                  id={id}
                  required
                  inputMode="decimal"
                  value={form.threshold}
                  onChange={(event) => change({ threshold: event.target.value })}
                />
              )}
            </Field>
            <Field label={say('Over')}>
              {({ id }) => (
                <Select
                  id={id}
                  value={form.windowSeconds}
                  onChange={(event) => change({ windowSeconds: event.target.value })}
                >
                  {lengths.map((seconds) => (
                    <option key={seconds} value={seconds}>
                      {duration(seconds * 1_000)}
                    </option>
                  ))}
                </Select>
              )}
            </Field>
          </div>
          <div className="grid gap-3 sm:grid-cols-3">
            <Field label={say('For each')}>
              {({ id }) => (
                <Select id={id} value={form.groupBy} onChange={(event) => change({ groupBy: event.target.value })}>
                  <option value="">{say('all together')}</option>
                  {groups.map((group) => (
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
