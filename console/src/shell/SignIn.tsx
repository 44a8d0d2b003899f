'use client';
import { useEffect, useState, type FormEvent } from 'react';
import { sentenceOf } from '../graph/sentenceOf';
import { useSession } from '../session/SessionProvider';
import { Button } from '../ui/Button';
import { secretOf, textOf } from '../ui/textOf';
import { Field, Input } from '../ui/Field';
import { say } from '../words/say';
import { Mark } from './Mark';

interface Person {
  readonly label: string;
  readonly email: string;
  readonly password: string;
}

interface Method {
  readonly kind: string;
  readonly path: string;
  readonly issuer?: string;
}

/** The ways in: a password, the issuer of the organisation, and where it is a demo, its people with one click. */
export function SignIn({ reason }: { readonly reason: string | null }) {
  const session = useSession();
  const [people, setPeople] = useState<readonly Person[]>([]);
  const [methods, setMethods] = useState<readonly Method[]>([]);
  const [busy, setBusy] = useState<string | null>(null);
  const [problem, setProblem] = useState<string | null>(reason);

  useEffect(() => {
    const read = async (path: string): Promise<unknown> => (await fetch(path)).json();
    read('/auth/methods')
      .then((answer) => setMethods((answer as { methods: Method[] }).methods))
      .catch(() => setMethods([]));
    read('/console/people.json')
      .then((answer) => setPeople((answer as { people: Person[] }).people))
      .catch(() => setPeople([]));
  }, []);

  const signIn = async (email: string, password: string) => {
    setBusy(email);
    setProblem(null);
    try {
      await session.signIn(email, password);
    } catch (error) {
      setProblem(sentenceOf(error));
      setBusy(null);
    }
  };
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    void signIn(textOf(form, 'email'), secretOf(form, 'password'));
  };
  const oidc = methods.find(({ kind }) => kind === 'oidc');

  return (
    <main className="mx-auto grid min-h-screen w-full max-w-sm place-content-center gap-6 px-6 py-10">
      <div className="flex items-center gap-3">
        <Mark className="size-9" />
        <div>
          <h1 className="text-xl font-semibold">Tributary</h1>
          <p className="text-sm text-soft">{say('Flows, assets, figures and alerts of one graph.')}</p>
        </div>
      </div>
      <form onSubmit={submit} className="grid gap-3 rounded-xl border border-line bg-surface p-5">
        <Field label={say('E-mail')}>
          {({ id }) => <Input id={id} name="email" type="email" autoComplete="username" required autoFocus />}
        </Field>
        <Field label={say('Password')} problem={problem}>
          {({ id, describedBy }) => (
            <Input
              id={id}
              name="password"
              type="password"
              autoComplete="current-password"
              aria-describedby={describedBy}
              required
            />
          )}
        </Field>
        <Button type="submit" variant="primary" busy={busy !== null}>
          {say('Sign in')}
        </Button>
        {oidc && (
          <a
            href={`${oidc.path}?return=${encodeURIComponent(`${window.location.pathname}${window.location.search}`)}`}
            className="inline-flex h-8 items-center justify-center rounded-md border border-line-strong text-sm font-medium hover:bg-sunken"
          >
            {say('Sign in')} · {oidc.issuer ? new URL(oidc.issuer).host : 'OpenID Connect'}
          </a>
        )}
      </form>
      {people.length > 0 && (
        <section aria-label={say('Demo people')}>
          <p className="mb-2 text-xs text-faint">
            {say('This is a demo: sign in as one of its people with one click.')}
          </p>
          <div className="grid grid-cols-2 gap-2">
            {people.map(({ label, email, password }) => (
              <Button key={email} size="small" onClick={() => void signIn(email, password)} busy={busy === email}>
                {label}
              </Button>
            ))}
          </div>
        </section>
      )}
    </main>
  );
}
