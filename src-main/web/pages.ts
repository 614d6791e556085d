/** @file The few pages that the host writes itself: sign-in, and the window that was not built. No text from outside. */

/** One style sheet for all of them: the content policy allows none inside a page. */
export const pageStyle = `
:root { color-scheme: light dark; --ground: #f6f7f9; --card: #fff; --line: #d5dae1; --text: #1b2230; --soft: #566072; --accent: #2f5fd0; --on-accent: #fff; --bad: #b3261e; }
@media (prefers-color-scheme: dark) { :root { --ground: #12151b; --card: #1a1f28; --line: #343c4a; --text: #e8ebf0; --soft: #a3adbd; --accent: #8ab0ff; --on-accent: #10203f; --bad: #ff9d94; } }
* { box-sizing: border-box; }
body { margin: 0; min-height: 100vh; display: grid; place-items: center; padding: 1rem; background: var(--ground); color: var(--text); font: 1rem/1.5 system-ui, sans-serif; }
main { width: 100%; max-width: 26rem; padding: 1.75rem; background: var(--card); border: 1px solid var(--line); border-radius: 0.75rem; }
h1 { margin: 0 0 0.5rem; font-size: 1.25rem; line-height: 1.3; }
p { margin: 0 0 1rem; color: var(--soft); }
code { font-family: ui-monospace, monospace; font-size: 0.9em; color: var(--text); overflow-wrap: anywhere; }
label { display: block; margin-bottom: 0.375rem; font-weight: 600; }
input { width: 100%; padding: 0.5rem 0.75rem; font: inherit; color: inherit; background: var(--ground); border: 1px solid var(--soft); border-radius: 0.5rem; }
button { margin-top: 1rem; width: 100%; padding: 0.5rem 0.75rem; font: inherit; font-weight: 600; color: var(--on-accent); background: var(--accent); border: 0; border-radius: 0.5rem; cursor: pointer; }
input:focus, button:focus { outline: 3px solid var(--accent); outline-offset: 2px; }
[role='alert'] { color: var(--bad); }
`;

function page(title: string, body: string, head = ''): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title}</title>
<link rel="stylesheet" href="/page.css">
${head}</head>
<body><main>
${body}
</main></body>
</html>
`;
}

/** @param isRefused whether a token was given that is not the right one */
export function signInPage(isRefused: boolean): string {
  return page(
    'Sign in to epicstar',
    `<h1>Sign in to epicstar</h1>
<p>Open the address that <code>epicstar serve</code> printed, or enter the token at its end.</p>
${isRefused ? '<p role="alert" id="refused">This token is not the right one.</p>' : ''}
<form method="post" action="/login">
<label for="token">Token</label>
<input id="token" name="token" type="password" autocomplete="current-password" required autofocus${isRefused ? ' aria-invalid="true" aria-describedby="refused"' : ''}>
<button type="submit">Sign in</button>
</form>`,
  );
}

export const notBuiltPage = page(
  'epicstar',
  `<h1>The window was not built</h1>
<p>epicstar runs, but the files of its window are missing. Run <code>npm run build</code> and load this page again.</p>`,
);

/**
 * A visit that another site started comes without the strict cookie; the same visit started by this page has it.
 */
export const againPage = page(
  'epicstar',
  '<h1>One moment</h1>\n<p><a href="/">Open epicstar</a></p>',
  '<meta http-equiv="refresh" content="0;url=/">\n',
);
