'use client';
import { useState, type FormEvent } from 'react';
import { Channels } from '../../graph/generated/operations';
import { useGraph } from '../../graph/useGraph';
import { Link } from '../../host/navigation';
import { Button } from '../../ui/Button';
import { Dialog } from '../../ui/Dialog';
import { Checkbox, Choice, Field, Input } from '../../ui/Field';
import { duration } from '../../words/format';
import { say, sayWith } from '../../words/say';
import { formOf, inputOf, newRoute, unchanged, type Route, type RouteForm, type Routes } from './routeForm';
import { RouteMatchers } from './RouteMatchers';
import { RouteStepsForm } from './RouteStepsForm';
import { useSetRoutes } from './useSetRoutes';

const waits = [0, 10, 30, 60, 300, 900, 3_600];
const intervals = [10, 60, 300, 900, 3_600, 21_600, 86_400];
const repeats = [900, 3_600, 14_400, 43_200, 86_400, 604_800];

interface RouteDialogProps {
  readonly routes: Routes;
  /** The route that is changed; null: a new one, which comes last. */
  readonly route: Route | null;
  readonly onClose: () => void;
}

/** Which alerts, told together how, told again when, and to whom. */
export function RouteDialog({ routes, route, onClose }: RouteDialogProps) {
  const [form, setForm] = useState<RouteForm>(route ? formOf(route) : newRoute);
  const { data } = useGraph(Channels, {});
  const { send, busy } = useSetRoutes(routes, say('The routes are set.'), onClose);
  const change = (next: Partial<RouteForm>) => setForm({ ...form, ...next });
  const entered = inputOf(form);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (!entered) return;
    const others = routes.routes.map((each) => (each.id === route?.id ? entered : unchanged(each)));
    send(route ? others : [...others, entered]);
  };
  const lengths = [
    ['groupWaitSeconds', say('The first news wait for others'), waits],
    ['groupIntervalSeconds', say('News are apart at least'), intervals],
    ['repeatSeconds', say('Told again after'), repeats],
  ] as const;
  return (
    <Dialog
      open
      wide
      onClose={onClose}
      title={route ? say('Edit “{name}”', { name: route.name }) : say('New route')}
      description={say('Routes are looked at in their order; the first that takes an alert says who is told.')}
    >
      <form onSubmit={submit} className="grid gap-4">
        <Field label={say('Name')}>
          {({ id }) => (
            <Input
              id={id}
              required
              autoFocus
              maxLength={200}
              value={form.name}
              onChange={(event) => change({ name: event.target.value })}
            />
          )}
        </Field>
        <RouteMatchers matchers={form.matchers} onChange={(matchers) => change({ matchers })} />
        <Checkbox
          checked={form.goOn}
          label={say('The routes behind it are looked at, too')}
          onChange={(event) => change({ goOn: event.target.checked })}
        />
        <Field
          label={say('Told together when alike in')}
          hint={say('Labels, divided by commas. Empty: all that it takes are told together.')}
        >
          {({ id, describedBy }) => (
            <Input
              id={id}
              aria-describedby={describedBy}
              value={form.groupBy}
              onChange={(event) => change({ groupBy: event.target.value })}
            />
          )}
        </Field>
        <div className="grid gap-3 sm:grid-cols-3">
          {lengths.map(([name, title, offered]) => (
            <Field key={name} label={title}>
              {({ id }) => (
                <Choice
                  id={id}
                  value={String(form[name])}
                  names={withOwn(offered, form[name]).map(String)}
                  wordOf={(seconds) => (seconds === '0' ? say('no time') : duration(Number(seconds) * 1_000))}
                  onChoose={(seconds) => change({ [name]: Number(seconds) })}
                />
              )}
            </Field>
          ))}
        </div>
        {data?.channels?.length === 0 ? (
          <p className="rounded-md bg-warn-wash px-3 py-2 text-sm text-warn">
            {sayWith('There is no channel to tell anybody by. {make}', {
              make: (
                <Link to="channels" search={{ channel: 'new' }} className="underline">
                  {say('Make one first')}
                </Link>
              ),
            })}
          </p>
        ) : (
          <RouteStepsForm steps={form.steps} channels={data?.channels ?? []} onChange={(steps) => change({ steps })} />
        )}
        <div className="flex justify-end gap-2">
          <Button onClick={onClose}>{say('Cancel')}</Button>
          <Button type="submit" variant="primary" busy={busy} disabled={!entered}>
            {route ? say('Save') : say('Make the route')}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}

/** A length that somebody set elsewhere stays one of those to choose from. */
function withOwn(offered: readonly number[], own: number): readonly number[] {
  return offered.includes(own) ? offered : [...offered, own].sort((one, other) => one - other);
}
