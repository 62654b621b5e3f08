/** The style of the page: one card, phone first; colours as in the studio, and they follow the system. */
export const approveStyle = `
:root { color-scheme: light dark; --text: #16181d; --soft: #555d69; --line: #dfe3e8; --back: #f6f7f9; --card: #fff; --sunk: #eef0f4; --accent: #4338ca; --on-accent: #fff; --good: #13693a; --warn: #8a4b05; --warn-back: #fdeecb; --bad: #b01e28; --bad-back: #fde3e4; }
@media (prefers-color-scheme: dark) {
  :root { --text: #eceef1; --soft: #a4acb8; --line: #2c323b; --back: #0f1216; --card: #171b21; --sunk: #20262e; --accent: #a5b0fb; --on-accent: #12142b; --good: #7ee0a5; --warn: #f7c469; --warn-back: #3d2b08; --bad: #ff9aa0; --bad-back: #45181b; }
}
* { box-sizing: border-box; }
html { -webkit-text-size-adjust: 100%; }
body { margin: 0; color: var(--text); background: var(--back); font: 1rem/1.5 system-ui, -apple-system, 'Segoe UI', Roboto, 'Noto Sans', 'Noto Sans CJK SC', 'PingFang SC', 'Microsoft YaHei', sans-serif; }
main { max-width: 36rem; margin: 0 auto; padding: 1.25rem; background: var(--card); min-height: 100vh; }
.brand { margin: 0 0 1rem; color: var(--soft); font-weight: 700; }
h1 { margin: 0 0 0.5rem; font-size: 1.5rem; line-height: 1.25; letter-spacing: -0.01em; }
h1.good { color: var(--good); }
h1.bad { color: var(--bad); }
p { margin: 0 0 1rem; }
.soft { color: var(--soft); }
dl { margin: 1.25rem 0; }
dl > div { padding: 0.6rem 0; border-top: 1px solid var(--line); }
dt { color: var(--soft); font-size: 0.9rem; }
dd { margin: 0; overflow-wrap: anywhere; }
dd small { color: var(--soft); }
ul { margin: 0; padding-left: 1.2rem; }
blockquote { margin: 0.25rem 0 0; padding: 0.6rem 0.8rem; max-height: 18rem; overflow: auto; border-radius: 0.5rem; background: var(--sunk); white-space: pre-wrap; unicode-bidi: isolate; }
bdi { unicode-bidi: isolate; }
dd p { margin: 0; }
.cost { font-size: 1.6rem; font-weight: 650; font-variant-numeric: tabular-nums; line-height: 1.3; }
.notice { padding: 0.6rem 0.8rem; border-radius: 0.5rem; }
.warn { color: var(--warn); background: var(--warn-back); }
.alert { color: var(--bad); background: var(--bad-back); }
label { display: block; font-weight: 600; }
input { display: block; width: 100%; margin: 0.35rem 0; padding: 0.65rem 0.75rem; color: inherit; background: var(--card); border: 1px solid var(--soft); border-radius: 0.5rem; font: inherit; }
button { display: block; width: 100%; margin: 1.25rem 0 0.75rem; padding: 0.8rem 1rem; color: var(--on-accent); background: var(--accent); border: 0; border-radius: 0.5rem; font: inherit; font-weight: 650; cursor: pointer; }
:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; }
@media (min-width: 40rem) {
  main { margin: 3rem auto; padding: 2rem 2.5rem; min-height: 0; border: 1px solid var(--line); border-radius: 0.75rem; }
  dl > div { display: grid; grid-template-columns: 9rem minmax(0, 1fr); gap: 1rem; align-items: baseline; }
  blockquote { margin: 0; }
}
`;
