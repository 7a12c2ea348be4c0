import { palettes } from '../map/theme.ts';
import type { Theme } from '../map/types.ts';
import { type Paint, paintOf } from './svg.ts';

/** The maps of a report follow the reader's theme, and not that of the page on which it was made. */
export const REPORT_PAINT: Paint = {
  background: 'var(--map-background)',
  accent: 'var(--map-accent)',
  border: 'var(--map-border)',
  card: 'var(--map-card)',
  label: 'var(--map-label)',
  kinds: { picture: 'var(--map-picture)', text: 'var(--map-text)', vector: 'var(--map-vector)' },
};

function variablesOf(theme: Theme): string {
  const { kinds, ...rest } = paintOf(palettes[theme]);
  return Object.entries({ ...rest, ...kinds })
    .map(([name, color]) => `--map-${name}:${color}`)
    .join(';');
}

const LIGHT = `--ground:#fff;--ink:#2b2e33;--quiet:#5d626b;--line:#d9dbdf;--soft:#f5f5f4;${variablesOf('light')}`;
const DARK = `--ground:#17181b;--ink:#e2e4e8;--quiet:#a2a7b0;--line:#3a3d44;--soft:#1f2125;${variablesOf('dark')}`;

export const REPORT_STYLE = `
:root{${LIGHT};color-scheme:light dark}
@media (prefers-color-scheme:dark){:root{${DARK}}}
@media print{:root{${LIGHT};color-scheme:light}}
*{box-sizing:border-box}
body{margin:0;background:var(--ground);color:var(--ink);font:16px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,"Noto Sans",sans-serif}
main{max-width:1080px;margin:0 auto;padding:32px 24px 64px}
h1{font-size:28px;line-height:1.25;margin:0 0 4px;overflow-wrap:anywhere}
h2{font-size:20px;margin:40px 0 8px}
h3{font-size:15px;margin:20px 0 6px;overflow-wrap:anywhere}
p{margin:0 0 12px;max-width:75ch}
.made,.note,figcaption,.missing{color:var(--quiet)}
.definitions{position:absolute}
dl{display:grid;grid-template-columns:repeat(auto-fill,minmax(min(100%,300px),1fr));gap:0 24px;margin:0}
dl div{display:flex;gap:12px;justify-content:space-between;border-bottom:1px solid var(--line);padding:5px 0}
dt{color:var(--quiet);flex:none}
dd{margin:0;text-align:end;overflow-wrap:anywhere;min-width:0}
.maps{display:grid;gap:20px;grid-template-columns:1fr 1fr}
.maps[data-count="1"]{grid-template-columns:1fr}
.figures{display:grid;gap:20px;grid-template-columns:repeat(auto-fill,minmax(min(100%,380px),1fr));margin:16px 0}
figure{margin:0;min-width:0;break-inside:avoid}
figure h3{margin-top:8px}
figure>svg,figure>img{display:block;width:100%;height:auto;border:1px solid var(--line);border-radius:6px}
figcaption{font-size:13px;margin-top:6px}
.legend{list-style:none;display:flex;flex-wrap:wrap;gap:4px 18px;padding:0;margin:14px 0 0;font-size:14px}
.legend svg{margin-inline-end:6px}
.scale{display:block;margin-top:14px}
.table{overflow-x:auto;margin:16px 0}
.table:focus-visible{outline:2px solid var(--map-accent);outline-offset:2px}
table{border-collapse:collapse;font-size:14px;min-width:min(100%,420px)}
caption{text-align:start;font-weight:600;padding-bottom:6px}
.note{display:block;font-weight:400;font-size:13px}
th,td{padding:5px 14px 5px 0;border-bottom:1px solid var(--line);text-align:start;vertical-align:top}
thead th{font-weight:500;color:var(--quiet);vertical-align:bottom}
tbody th{font-weight:500;max-width:34ch;overflow-wrap:anywhere}
.number{font-variant-numeric:tabular-nums;white-space:nowrap}
.readings{background:var(--soft);border-radius:8px;padding:4px 20px 12px;margin-top:16px}
.readings ul{margin:0;padding-inline-start:18px;max-width:85ch}
@media (max-width:640px){main{padding:20px 16px 48px}.maps{grid-template-columns:1fr}}
@media print{main{max-width:none;padding:0}table{font-size:9pt}th,td{padding-right:8px}h2,h3{break-after:avoid}tr{break-inside:avoid}.table{overflow:visible}.readings{background:none;padding:0}body{font-size:11pt}}
`;
