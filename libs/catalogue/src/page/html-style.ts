/** Style of the public page: system fonts, one column, tables that fold into cards on a phone. */
export const PAGE_STYLE = `
:root { color-scheme: light dark; --ink: #1b1f24; --soft: #57606a; --line: #d0d7de; --tint: #f3f5f7; --paper: #fff; --link: #0a58b8; }
@media (prefers-color-scheme: dark) {
  :root { --ink: #e6e9ec; --soft: #a3acb6; --line: #3a424c; --tint: #22272e; --paper: #16191d; --link: #7ab8ff; }
}
* { box-sizing: border-box; }
body { margin: 0; background: var(--paper); color: var(--ink); font: 1rem/1.6 system-ui, sans-serif; }
main, footer { max-width: 60rem; margin: 0 auto; padding: 1rem; }
h1 { font-size: 1.8rem; line-height: 1.25; }
h2 { font-size: 1.3rem; margin-top: 2.5rem; padding-top: 1rem; border-top: 1px solid var(--line); }
h3 { font-size: 1.05rem; margin-top: 2rem; }
h1, h2, h3, p, li, td, th { overflow-wrap: anywhere; }
a { color: var(--link); }
code { font: 0.9em/1.5 ui-monospace, monospace; overflow-wrap: anywhere; }
pre { background: var(--tint); border: 1px solid var(--line); border-radius: 6px; padding: 0.75rem; overflow-x: auto; }
pre code { overflow-wrap: normal; }
table { border-collapse: collapse; width: 100%; font-size: 0.95rem; }
th, td { text-align: left; vertical-align: top; padding: 0.5rem 0.75rem 0.5rem 0; border-bottom: 1px solid var(--line); }
thead th { color: var(--soft); font-weight: 600; }
tbody th { font-weight: 400; width: 28%; }
label { font-weight: 600; }
input { font: inherit; width: 100%; max-width: 30rem; padding: 0.4rem; color: inherit; background: var(--paper); border: 1px solid var(--soft); border-radius: 6px; }
button { font: inherit; padding: 0.4rem 1rem; color: var(--paper); background: var(--link); border: 0; border-radius: 6px; cursor: pointer; }
footer { color: var(--soft); font-size: 0.9rem; border-top: 1px solid var(--line); }
@media (max-width: 40rem) {
  thead { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
  table, tbody, tr, th, td { display: block; width: 100%; }
  tbody tr { border-bottom: 1px solid var(--line); padding: 0.5rem 0; }
  tbody th, td { border: 0; padding: 0.15rem 0; width: 100%; }
  td::before { content: attr(data-label) ": "; color: var(--soft); }
}
@media print { body { background: #fff; color: #000; } pre { white-space: pre-wrap; } }
`;
