/** The one style sheet of a report. Colours of sources and verdicts can be told apart without seeing red and green. */
export const REPORT_STYLE = `
:root { color-scheme: light dark; --paper: #fff; --ink: #1c1e21; --ink-2: #565b63; --line: #d9dce1; --soft: #f4f5f7;
  --system: #7a5195; --user: #0072b2; --assistant: #d98200; --workspace: #00876c; --tool: #bc5090; --frame: #9aa0a8;
  --allow: #0072b2; --ask: #d98200; --deny: #b3261e; --link: #0b57d0; }
@media (prefers-color-scheme: dark) { :root { --paper: #17191c; --ink: #e6e8eb; --ink-2: #a6adb7; --line: #363b42;
  --soft: #202327; --system: #b28bd0; --user: #56b4e9; --assistant: #f0a93b; --workspace: #3cc29e; --tool: #e58cc1;
  --frame: #7d848d; --allow: #56b4e9; --ask: #f0a93b; --deny: #ff8a80; --link: #8ab4f8; } }
* { box-sizing: border-box; }
body { margin: 0 auto; padding: 24px; max-width: 1180px; background: var(--paper); color: var(--ink);
  font: 15px/1.5 system-ui, sans-serif; }
h1 { font-size: 24px; margin: 0 0 4px; overflow-wrap: anywhere; } h2 { font-size: 18px; margin: 32px 0 8px; }
h3 { font-size: 14px; margin: 0 0 4px; overflow-wrap: anywhere; }
a { color: var(--link); } p { margin: 4px 0 8px; max-width: 80ch; }
.verdict { border-left: 5px solid var(--ask); background: var(--soft); padding: 10px 14px; margin: 14px 0; }
.verdict.complete { border-color: var(--workspace); }
dl { display: grid; grid-template-columns: max-content 1fr; gap: 2px 16px; margin: 8px 0; }
dt { color: var(--ink-2); } dd { margin: 0; overflow-wrap: anywhere; }
.scroll { overflow-x: auto; } table { border-collapse: collapse; width: 100%; font-size: 13px; }
th, td { text-align: left; padding: 3px 10px 3px 0; border-bottom: 1px solid var(--line); vertical-align: top; }
td { overflow-wrap: anywhere; } th { color: var(--ink-2); font-weight: 600; white-space: nowrap; }
.n { text-align: right; white-space: nowrap; font-variant-numeric: tabular-nums; }
.k { white-space: nowrap; } .wide { min-width: 180px; }
.allow { color: var(--allow); } .ask { color: var(--ask); } .deny { color: var(--deny); font-weight: 600; }
figure { margin: 16px 0; } figcaption { font-weight: 600; font-size: 14px; margin-bottom: 4px; }
svg { width: 100%; height: auto; font-family: system-ui, sans-serif; }
article { border: 1px solid var(--line); padding: 8px 12px; margin: 8px 0; background: var(--soft); }
article:target { outline: 2px solid var(--link); }
pre { margin: 0; white-space: pre-wrap; overflow-wrap: anywhere; font: 12px/1.45 ui-monospace, monospace; }
@media print { body { max-width: none; padding: 0; } }
`;
