import { createHash } from 'node:crypto';

const style = `
  body { font: 16px/1.6 system-ui, sans-serif; max-width: 30rem; margin: 20vh auto; padding: 0 1.5rem; color: #18202f; background: #f7f8fa; }
  h1 { font-size: 1.25rem; margin: 0 0 .5rem; } p { margin: .25rem 0; color: #4a5468; } a { color: #1f4fd8; }
  code { background: #e8ebf1; padding: .1rem .35rem; border-radius: 4px; }
  @media (prefers-color-scheme: dark) { body { color: #e6e9f0; background: #12151c; } p { color: #a5aec0; } a { color: #8ab0ff; } code { background: #232936; } }`;

/** What a build that is under way says of itself. */
export interface BuildProgress {
  /** Such as "Installing its packages". */
  readonly step: string;
  /** When the build began, in ms since 1970. */
  readonly since: number;
}

/** Stands at the console's place until the console is built, and asks again by itself. */
export function waitingPage(progress: BuildProgress | null, now: number): { html: string; policy: string } {
  const text = progress
    ? `<h1>The console is being built</h1><p role="status">${escaped(progress.step)}, ${Math.max(0, Math.round((now - progress.since) / 1000))} s so far. The first time takes a minute or two.</p><p>This page opens it as soon as it is there.</p>`
    : `<h1>The console is not built yet</h1><p role="status">A start with <code>npm start</code> builds it afterwards; by hand: <code>node scripts/build-console.mjs</code>.</p><p>This page opens it as soon as it is there.</p>`;
  return {
    html: `<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><meta http-equiv="refresh" content="3"><title>Tributary: the console is on its way</title><style>${style}</style></head>
<body><main>${text}<p>The graph is ready meanwhile: <a href="/graphql">open GraphiQL</a>.</p></main></body>
</html>
`,
    policy: `default-src 'none'; style-src 'sha256-${createHash('sha256').update(style).digest('base64')}'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'`,
  };
}

function escaped(text: string): string {
  return text.replace(/[&<>"]/g, (character) => `&#${character.charCodeAt(0)};`);
}
