import { createHash } from 'node:crypto';
import type { RestRoute } from '../http/RestRoute.js';

const style = `
  body { font: 16px/1.5 system-ui, sans-serif; max-width: 26rem; margin: 4rem auto; padding: 0 1rem; color: #1a2233; }
  label, input, button { display: block; width: 100%; box-sizing: border-box; }
  input, button { font: inherit; padding: .6rem; margin: .3rem 0 1rem; border: 1px solid #8892a6; border-radius: 6px; }
  button { background: #1f4fd8; color: #fff; border: 0; cursor: pointer; }
  [role=status] { min-height: 3rem; }`;

export interface PasswordPage {
  /** Where it is, and where its form is sent. */
  readonly path: string;
  readonly title: string;
  readonly label: string;
  readonly button: string;
  /** Whether it says first to what the link leads, from POST /auth/invitation. */
  readonly describes: boolean;
}

export const invitationPage: PasswordPage = {
  path: '/auth/accept',
  title: 'Join a workspace',
  label: 'A password of at least 10 characters; if you have an account already, its password.',
  button: 'Join',
  describes: true,
};

export const resetPage: PasswordPage = {
  path: '/auth/reset',
  title: 'Set a new password',
  label: 'A new password of at least 10 characters. You are signed out everywhere else.',
  button: 'Set it',
  describes: false,
};

// The token stands in the fragment, which browsers send to no server: it reaches ours in the body of the request alone.
const script = `
  const form = document.querySelector('form');
  const status = document.querySelector('[role=status]');
  const post = (path, body) =>
    fetch(path, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) });
  const token = new URLSearchParams(location.hash.slice(1)).get('token') ?? '';
  const about = document.querySelector('[data-about]');
  const welcome = ({ workspaceId, workspaces }) => {
    form.remove();
    about.textContent = '';
    status.textContent = 'You are signed in, and belong to ' + workspaces.map((workspace) => workspace.name).join(', ') + '.';
    const here = workspaces.find((workspace) => workspace.id === workspaceId);
    for (const nav of document.querySelectorAll('nav')) {
      nav.hidden = false;
      const link = nav.querySelector('a');
      if (here) {
        link.textContent = 'Go on to ' + here.name;
        link.href += '?ws=' + encodeURIComponent(here.slug);
      }
      link.focus();
    }
  };
  const describe = ({ workspace, email, role, invitedBy }) => {
    const roles = { OWNER: 'an owner', ADMIN: 'an admin', OPERATOR: 'an operator', VIEWER: 'a viewer' };
    document.querySelector('h1').textContent = 'Join ' + workspace.name;
    about.textContent = (invitedBy ?? 'Whoever runs this product') + ' invites ' + email + ' to ' + workspace.name + ' as ' + (roles[role] ?? role) + '.';
  };
  if (token === '') {
    post('/auth/refresh', {}).then(async (response) => {
      if (response.status === 200) welcome(await response.json());
      else status.textContent = 'Open the link as it was sent to you: its end is missing.';
    }, () => {});
  }
  if (token !== '' && 'describes' in about.dataset) {
    post('/auth/invitation', { token }).then(async (response) => {
      const answer = await response.json();
      if (response.ok) describe(answer);
      else status.textContent = answer.errors?.[0]?.message ?? '';
    }, () => {});
  }
  form.addEventListener('submit', async (event) => {
    event.preventDefault();
    try {
      const response = await post(location.pathname, { token, password: form.elements.password.value });
      const answer = await response.json();
      if (!response.ok) throw new Error(answer.errors?.[0]?.message ?? 'It did not work. Try again.');
      history.replaceState(null, '', location.pathname);
      // What this tab remembers of somebody who was signed in before.
      sessionStorage.clear();
      welcome(answer);
    } catch (error) {
      status.textContent = error.message;
    }
  });`;

const pageOf = ({ title, label, button, describes }: PasswordPage, home: string | null): string => `<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>Tributary: ${title.toLowerCase()}</title><style>${style}</style></head>
<body>
<h1>${title}</h1>
<p data-about${describes ? ' data-describes' : ''}></p>
<form>
<label for="password">${label}</label>
<input id="password" name="password" type="password" autocomplete="new-password" minlength="10" maxlength="256" required autofocus>
<button>${button}</button>
</form>
<p role="status"></p>
${home === null ? '' : `<nav hidden><a href="${home}">Go on</a></nav>`}
<script>${script}</script>
</body>
</html>
`;

const sha256 = (text: string): string => `'sha256-${createHash('sha256').update(text).digest('base64')}'`;

const policy = [
  "default-src 'none'",
  `script-src ${sha256(script)}`,
  `style-src ${sha256(style)}`,
  "connect-src 'self'",
  "form-action 'none'",
  "frame-ancestors 'none'",
  "base-uri 'none'",
].join('; ');

/**
 * Where a one-time link leads: the page on which a person sets a password, and is signed in by it. `home`: where they go on from there, a
 * path of this site; null when there is no page.
 */
export function passwordPage(page: PasswordPage, home: string | null): RestRoute {
  const html = pageOf(page, home);
  return {
    method: 'GET',
    path: page.path,
    handle(exchange) {
      exchange.response.setHeader('content-security-policy', policy);
      exchange.response.setHeader('referrer-policy', 'no-referrer');
      exchange.send(200, html, 'text/html; charset=utf-8');
      return Promise.resolve();
    },
  };
}
