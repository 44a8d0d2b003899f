import { useState, useSyncExternalStore } from 'react';

/** The line above GraphiQL: who is signed in, or how to. */
export function SignInBar({ session, people }) {
  const current = useSyncExternalStore(session.subscribe, session.snapshot);
  return (
    <header className="bar">
      <span className="brand">
        <Logo />
        Tributary
      </span>
      {current ? <SignedIn session={session} current={current} /> : <SignIn session={session} people={people} />}
    </header>
  );
}

function SignIn({ session, people }) {
  const [email, setEmail] = useState('');
  const [password, setPassword] = useState('');
  const { busy, failure, run } = useAction();
  const signIn = (person) => run(() => session.signIn(person.email, person.password));
  return (
    <form
      className="sign-in"
      onSubmit={(event) => {
        event.preventDefault();
        signIn({ email, password });
      }}
    >
      {failure && (
        <span className="failure" role="alert">
          {failure}
        </span>
      )}
      {people.length > 0 && (
        <select
          aria-label="Sign in as a demo person"
          value=""
          disabled={busy}
          onChange={(event) => signIn(people[Number(event.target.value)])}
        >
          <option value="" disabled>
            Sign in as…
          </option>
          {people.map((person, index) => (
            <option key={person.email} value={index}>
              {person.label}
            </option>
          ))}
        </select>
      )}
      {people.length > 0 && <span className="or">or</span>}
      <input
        type="email"
        name="email"
        autoComplete="username"
        placeholder="E-mail"
        aria-label="E-mail"
        required
        value={email}
        onChange={(event) => setEmail(event.target.value)}
      />
      <input
        type="password"
        name="password"
        autoComplete="current-password"
        placeholder="Password"
        aria-label="Password"
        required
        value={password}
        onChange={(event) => setPassword(event.target.value)}
      />
      <button type="submit" disabled={busy}>
        {busy ? 'Signing in…' : 'Sign in'}
      </button>
    </form>
  );
}

function SignedIn({ session, current }) {
  const { busy, failure, run } = useAction();
  const here = current.workspaces?.find((workspace) => workspace.id === current.workspaceId);
  return (
    <div className="signed-in">
      {failure && (
        <span className="failure" role="alert">
          {failure}
        </span>
      )}
      <span className="person">{current.email}</span>
      {current.workspaces?.length > 1 ? (
        <select
          aria-label="Workspace"
          value={current.workspaceId}
          disabled={busy}
          onChange={(event) => run(() => session.switchTo(event.target.value))}
        >
          {current.workspaces.map((workspace) => (
            <option key={workspace.id} value={workspace.id}>
              {workspace.name}
            </option>
          ))}
        </select>
      ) : (
        here && <span className="workspace">{here.name}</span>
      )}
      {here && <span className="role">{here.role.toLowerCase()}</span>}
      <button type="button" disabled={busy} onClick={() => run(() => session.signOut())}>
        Sign out
      </button>
    </div>
  );
}

function useAction() {
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState(null);
  const run = async (action) => {
    setBusy(true);
    setFailure(null);
    try {
      await action();
    } catch (error) {
      setFailure(error.message);
    } finally {
      setBusy(false);
    }
  };
  return { busy, failure, run };
}

function Logo() {
  return (
    <svg viewBox="0 0 32 32" width="22" height="22" aria-hidden="true">
      <rect width="32" height="32" rx="7" fill="#0b6e75" />
      <g fill="none" stroke="#fff" strokeWidth="2.6" strokeLinecap="round">
        <path d="M8 6c0 6 8 6 8 12v8" />
        <path d="M24 6c0 6-8 6-8 12" />
        <path d="M16 6v12" opacity=".65" />
      </g>
    </svg>
  );
}
