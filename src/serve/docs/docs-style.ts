/** The style of the page. Two columns from 60rem on; colours follow the system. */
export const docsStyle = `
:root { color-scheme: light dark; --text: #1c2024; --soft: #5a6169; --line: #d9dde2; --back: #fff; --box: #f4f6f8; --link: #0b5cad; }
@media (prefers-color-scheme: dark) {
  :root { --text: #e6e9ec; --soft: #a3abb4; --line: #343b42; --back: #14181b; --box: #1d2226; --link: #7db8f2; }
}
* { box-sizing: border-box; }
body { margin: 0; color: var(--text); background: var(--back); font: 16px/1.55 system-ui, sans-serif; }
a { color: var(--link); }
a:focus-visible, summary:focus-visible { outline: 2px solid var(--link); outline-offset: 2px; }
code, pre { font: 0.875em/1.5 ui-monospace, monospace; overflow-wrap: anywhere; }
pre { padding: 0.75rem 1rem; border-radius: 0.5rem; background: var(--box); white-space: pre-wrap; }
header, main { padding: 1rem; min-width: 0; max-width: 56rem; }
header p { margin-bottom: 0; }
h1, h2, h3 { line-height: 1.25; }
h1 { margin-top: 0; }
h2 { margin-top: 3rem; padding-top: 1rem; border-top: 1px solid var(--line); }
h3 { margin: 2.5rem 0 0.5rem; font-size: 1.1rem; }
h4 { margin: 1.25rem 0 0.25rem; color: var(--soft); font-size: 0.875rem; }
.route { font-weight: 600; }
.method { display: inline-block; min-width: 4rem; margin-right: 0.5rem; color: var(--soft); text-transform: uppercase; }
dl { margin: 0; border: 1px solid var(--line); border-radius: 0.5rem; }
dl > div { padding: 0.5rem 0.75rem; border-top: 1px solid var(--line); }
dl > div:first-child { border-top: 0; }
dt small { color: var(--soft); }
dd { margin: 0; color: var(--soft); }
nav { padding: 1rem; font-size: 0.9rem; }
nav ul { margin: 0.25rem 0 0.75rem; padding: 0; list-style: none; }
nav li { padding: 0.2rem 0; overflow-wrap: anywhere; }
@media (min-width: 60rem) {
  body { display: grid; grid-template-columns: 23rem minmax(0, 1fr); grid-template-rows: auto 1fr; }
  nav { grid-row: 1 / 3; grid-column: 1; position: sticky; top: 0; height: 100vh; overflow: auto; border-right: 1px solid var(--line); }
  header, main { grid-column: 2; padding: 2rem 3rem; }
  main { padding-top: 0; }
}
`;
