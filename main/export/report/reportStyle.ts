/** Light, dark and paper; no font, no picture and no script from anywhere else. */
export const reportStyle = `
:root { color-scheme: light dark; --bg: #fff; --text: #17181b; --text-2: #50545c; --line: #e3e4e8; --grid: #edeef1;
  --s1: #146ecf; --s2: #cc6f12; --s3: #329388; --s4: #871645; --s5: #855f08; --s6: #035c89; }
@media (prefers-color-scheme: dark) {
  :root { --bg: #141518; --text: #ecedef; --text-2: #a9adb6; --line: #2a2c31; --grid: #222429;
    --s1: #5598f6; --s2: #fa9b4c; --s3: #5fd9c6; --s4: #db64a6; --s5: #b58c1f; --s6: #66c0fa; }
}
@media print { :root { color-scheme: light; } figure, .run { break-inside: avoid; } }
* { box-sizing: border-box; }
body { background: var(--bg); color: var(--text); margin: 0 auto; max-width: 1080px; padding: 32px 24px 64px;
  font: 14px/20px -apple-system, 'Segoe UI', Inter, 'Noto Sans', sans-serif; font-variant-numeric: tabular-nums; }
h1 { font-size: 22px; line-height: 28px; margin: 0; overflow-wrap: anywhere; }
h2 { border-top: 1px solid var(--line); font-size: 16px; margin: 32px 0 12px; padding-top: 16px; }
h3 { font-size: 14px; margin: 16px 0 8px; overflow-wrap: anywhere; }
p { margin: 4px 0; }
.quiet, figcaption, .legend, footer { color: var(--text-2); }
.pair { display: grid; gap: 24px; grid-template-columns: repeat(auto-fit, minmax(min(440px, 100%), 1fr)); }
.pair > * { min-width: 0; } .pair { margin-top: 24px; } h2 + .pair { margin-top: 0; } .pair h2 { margin-top: 8px; }
.runs { display: flex; flex-wrap: wrap; gap: 24px; }
figure { margin: 0; }
figcaption { display: flex; flex-wrap: wrap; gap: 4px 16px; justify-content: space-between; margin-bottom: 4px; }
svg { display: block; height: auto; width: 100%; }
svg text { fill: var(--text-2); font-size: 11px; }
.grid { stroke: var(--grid); }
.line { fill: none; stroke-linejoin: round; stroke-width: 1.75; }
.target { fill: none; stroke: var(--text-2); stroke-dasharray: 4 4; }
.bar { fill: var(--s1); stroke: var(--bg); }
.key::before { background: currentColor; border-radius: 2px; content: ''; display: inline-block; height: 3px;
  margin-right: 6px; vertical-align: middle; width: 14px; }
.key.dashed::before { background: none; border-top: 1px dashed; height: 0; border-radius: 0; }
.key + .key { margin-left: 12px; }
.line.s1 { stroke: var(--s1); } .line.s2 { stroke: var(--s2); } .line.s3 { stroke: var(--s3); }
.line.s4 { stroke: var(--s4); } .line.s5 { stroke: var(--s5); } .line.s6 { stroke: var(--s6); }
.key.s1 { color: var(--s1); } .key.s2 { color: var(--s2); } .key.s3 { color: var(--s3); }
.key.s4 { color: var(--s4); } .key.s5 { color: var(--s5); } .key.s6 { color: var(--s6); }
img { height: auto; image-rendering: pixelated; max-width: 100%; }
.wide { overflow-x: auto; }
table { border-collapse: collapse; }
th, td { border-bottom: 1px solid var(--line); padding: 4px 24px 4px 0; text-align: left; vertical-align: top; }
th { font-weight: 400; } tbody th { color: var(--text-2); white-space: nowrap; } thead th { font-weight: 600; }
td { overflow-wrap: anywhere; }
.notes { white-space: pre-wrap; }
footer { border-top: 1px solid var(--line); margin-top: 32px; padding-top: 12px; }
`
