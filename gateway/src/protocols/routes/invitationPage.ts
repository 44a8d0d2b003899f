import { createHash } from 'node:crypto';
import type { RestRoute } from '../http/RestRoute.js';

const style = `
  body { font: 16px/1.5 system-ui, sans-serif; max-width: 26rem; margin: 4rem auto; padding: 0 1rem; color: #1a2233; }
  label, input, button { display: block; width: 100%; box-sizing: border-box; }
  input, button { font: inherit; padding: .6rem; margin: .3rem 0 1rem; border: 1px solid #8892a6; border-radius: 6px; }
  button { background: #1f4fd8; color: #fff; border: 0; cursor: pointer; }
  [role=status] { min-height: 3rem; }`;

// The token stands in the fragment, which browsers send to no server: it reaches ours in the body of the request alone.
const script = `
  const form = document.querySelector('form');
  const status = document.querySelector('[role=status]');
  form.addEventListener('submit', async (event) => {
    event.preventDefault();
    const token = new URLSearchParams(location.hash.slice(1)).get('token') ?? '';
    const body = JSON.stringify({ token, password: form.elements.password.value });
    try {
      const response = await fetch('/auth/accept', { method: 'POST', headers: { 'content-type': 'application/json' }, body });
      const answer = await response.json();
      if (!response.ok) throw new Error(answer.errors?.[0]?.message ?? 'It did not work. Try again.');
      form.remove();
      history.replaceState(null, '', location.pathname);
      status.textContent = 'Done. You belong to ' + answer.workspaces.map((workspace) => workspace.name).join(', ') + '. Sign in with your e-mail and this password.';
    } catch (error) {
      status.textContent = error.message;
    }
  });`;

const page = `<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>Tributary: join a workspace</title><style>${style}</style></head>
<body>
<h1>Join a workspace</h1>
<form>
<label for="password">A password of at least 10 characters; if you have an account already, its password.</label>
<input id="password" name="password" type="password" autocomplete="new-password" minlength="10" maxlength="256" required autofocus>
<button>Join</button>
</form>
<p role="status"></p>
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

/** Where a one-time link leads: the page on which an invited person sets a password. */
export function invitationPage(): RestRoute {
  return {
    method: 'GET',
    path: '/auth/accept',
    handle(exchange) {
      exchange.response.setHeader('content-security-policy', policy);
      exchange.response.setHeader('referrer-policy', 'no-referrer');
      exchange.send(200, page, 'text/html; charset=utf-8');
      return Promise.resolve();
    },
  };
}
