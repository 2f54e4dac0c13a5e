"""How a report looks: one column, light and dark as the system says, text of contrast 4.5 and more."""

STYLE = """
:root { color-scheme: light dark; --text: #1f2430; --soft: #4b5160; --page: #fff; --card: #f5f7f8;
  --line: #d5dade; --link: #11586a; }
@media (prefers-color-scheme: dark) { :root { --text: #e7eaee; --soft: #b6bdc8; --page: #14181d;
  --card: #1d232a; --line: #3a434d; --link: #7cc7d6; } }
* { box-sizing: border-box; }
body { margin: 0; background: var(--page); color: var(--text); font: 16px/1.55 system-ui, sans-serif;
  overflow-wrap: anywhere; }
main { max-width: 70rem; margin: 0 auto; padding: 1.5rem 1rem 4rem; }
h1 { font-size: 1.8rem; line-height: 1.2; margin: 0 0 0.5rem; }
h2 { font-size: 1.35rem; margin: 2.5rem 0 0.75rem; padding-top: 0.75rem; border-top: 1px solid var(--line); }
h3 { font-size: 1.05rem; margin: 0 0 0.25rem; }
.wide + h3 { margin-top: 1rem; }
h4 { font-size: 1rem; margin: 1rem 0 0.25rem; }
p, ul, ol { margin: 0.25rem 0 0.75rem; }
.lead, article p { color: var(--soft); }
a { color: var(--link); }
nav ul { display: flex; flex-wrap: wrap; gap: 0.25rem 1rem; list-style: none; padding: 0; }
#columns ~ article { background: var(--card); border-radius: 0.5rem; padding: 1rem; margin: 0 0 0.75rem; }
section:has(> #columns) { display: grid; grid-template-columns: repeat(auto-fill, minmax(19rem, 1fr));
  gap: 0.75rem; }
section:has(> #columns) > h2 { grid-column: 1 / -1; margin-bottom: 0; }
section:has(> #columns) > article { margin: 0; }
dl { display: grid; grid-template-columns: max-content 1fr; gap: 0.1rem 1rem; margin: 0.5rem 0 0;
  font-variant-numeric: tabular-nums; }
dt { color: var(--soft); }
dd { margin: 0; }
.wide, pre { overflow-x: auto; }
.wide:focus-visible, pre:focus-visible, a:focus-visible { outline: 2px solid var(--link);
  outline-offset: 2px; }
table { border-collapse: collapse; font-variant-numeric: tabular-nums; }
th, td { padding: 0.25rem 0.75rem; text-align: left; border-bottom: 1px solid var(--line);
  vertical-align: top; overflow-wrap: normal; }
th { color: var(--soft); font-weight: 600; }
.number { text-align: right; white-space: nowrap; }
pre { background: var(--card); border-radius: 0.5rem; padding: 1rem; font-size: 0.85rem; line-height: 1.45;
  overflow-wrap: normal; }
@media (max-width: 30rem) { h1 { font-size: 1.4rem; } section:has(> #columns) { display: block; }
  section:has(> #columns) > article { margin-bottom: 0.75rem; } th, td { padding: 0.25rem 0.5rem; } }
@media print { nav { display: none; } article { break-inside: avoid; } }
"""
