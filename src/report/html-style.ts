/** The style sheet of the HTML report: light, dark and print. */

export const STYLE = `
:root{color-scheme:light dark;
--ground:#f4f5f7;--surface:#fff;--raised:#fafbfc;--line:#e2e5ea;--line-strong:#c9ced6;--ink:#161a21;--muted:#566070;--accent:#0d6670;--accent-soft:#dceff0;
--critical:#b01030;--high:#bb4407;--medium:#8a6100;--low:#2761a6;--info:#5b6472;--on-badge:#fff;
--fill-critical:#c8143a;--fill-high:#e0661c;--fill-medium:#e0a526;--fill-low:#4d8bd6;--fill-info:#98a1ae;--fill-accent:#2b8f98;
--sans:Inter,ui-sans-serif,system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue","Liberation Sans",Arial,"Noto Sans",sans-serif;
--mono:ui-monospace,"SF Mono","Cascadia Mono","JetBrains Mono",Menlo,Consolas,"Liberation Mono","DejaVu Sans Mono",monospace}
@media (prefers-color-scheme:dark){:root{
--ground:#0e1115;--surface:#161a20;--raised:#1b2027;--line:#272d36;--line-strong:#3a424e;--ink:#e7eaef;--muted:#9ba6b5;--accent:#5cc5ca;--accent-soft:#12343a;
--critical:#ff8090;--high:#ff9f63;--medium:#e6bb45;--low:#86b6f0;--info:#a7b0bd;--on-badge:#14171c;
--fill-critical:#e5405c;--fill-high:#e5793a;--fill-medium:#d9a634;--fill-low:#5792d8;--fill-info:#737d8b;--fill-accent:#3a9ea6}}
*,*::before,*::after{box-sizing:border-box}
html{-webkit-text-size-adjust:100%;scroll-behavior:smooth;scroll-padding-top:1rem}
body{margin:0;background:var(--ground);color:var(--ink);font:15px/1.55 var(--sans);font-variant-numeric:tabular-nums;overflow-wrap:anywhere}
main,.top,.foot{max-width:1160px;margin:0 auto;padding:0 28px}
h1,h2,h3,h4,p,ul,ol,figure,dl,dd{margin:0;padding:0}
ul{list-style:none}
a{color:var(--accent);text-underline-offset:2px}
code,.mono{font:.86em/1.5 var(--mono)}
:focus-visible{outline:2px solid var(--accent);outline-offset:2px;border-radius:4px}
.skip{position:absolute;left:-999px}.skip:focus{left:8px;top:8px;background:var(--surface);padding:8px 12px}
.top{display:flex;align-items:center;justify-content:space-between;gap:16px;padding-top:26px;padding-bottom:14px;color:var(--muted);font-size:13px}
.brand{display:flex;align-items:center;gap:9px;color:var(--ink);font-weight:650;font-size:15px;letter-spacing:-.005em}
.brand svg{width:20px;height:20px}.brand svg path{fill:var(--accent)}
.hero{padding:26px 0 24px}
.hero h1{font-size:clamp(25px,3.6vw,36px);line-height:1.18;letter-spacing:-.022em;font-weight:680;max-width:24em;text-wrap:balance}
.hero p{margin-top:12px;color:var(--muted);max-width:64ch;font-size:16px}
.hero .bad{color:var(--critical)}
.tiles{display:grid;grid-template-columns:repeat(6,1fr);background:var(--surface);border:1px solid var(--line);border-radius:12px;overflow:hidden}
.tiles li{padding:16px 18px 15px;border-left:1px solid var(--line);margin-left:-1px}
.tiles b{display:block;font-size:25px;line-height:1.2;font-weight:660;letter-spacing:-.02em}
.tiles span{color:var(--muted);font-size:13px}
.tiles .warn b{color:var(--medium)}.tiles .bad b{color:var(--critical)}
.charts{display:grid;grid-template-columns:repeat(3,1fr);gap:14px;margin-top:14px}
.panel{background:var(--surface);border:1px solid var(--line);border-radius:12px;padding:16px 18px 15px;min-width:0;display:flex;flex-direction:column}
.panel.wide{grid-column:span 2}
.panel figcaption{font-weight:620;font-size:13.5px;margin-bottom:13px}
.none,.note{color:var(--muted);font-size:13px}.note{margin-top:auto;padding-top:4px;font-size:12.5px}
.stack{display:block;width:100%;height:14px;border-radius:4px;overflow:hidden}
.legend{margin-top:14px;font-size:13.5px}.legend li{display:flex;align-items:center;gap:9px;padding:3px 0}.legend b{margin-left:auto;font-weight:600}
.dot{width:9px;height:9px;border-radius:3px;flex:none}
.bars li{display:grid;grid-template-columns:minmax(0,9.2em) 1fr 2.6em;gap:10px;align-items:center;font-size:13.5px;padding:3.5px 0}
.bars .label{white-space:nowrap;overflow:hidden;text-overflow:ellipsis}.bars b{text-align:right;font-weight:600}
.bars svg{width:100%;height:8px;border-radius:4px;overflow:hidden;display:block}
.columns{width:100%;height:auto;display:block;overflow:visible}
.tick{font:11.5px var(--sans);fill:var(--muted)}.grid{stroke:var(--line);stroke-dasharray:2 4}.axis{stroke:var(--line-strong)}
.track{fill:var(--line)}
.fill-critical{fill:var(--fill-critical);background:var(--fill-critical)}.fill-high{fill:var(--fill-high);background:var(--fill-high)}
.fill-medium{fill:var(--fill-medium);background:var(--fill-medium)}.fill-low{fill:var(--fill-low);background:var(--fill-low)}
.fill-info{fill:var(--fill-info);background:var(--fill-info)}.fill-accent{fill:var(--fill-accent);background:var(--fill-accent)}
section{margin-top:44px}
section>h2{font-size:20px;letter-spacing:-.014em;font-weight:660;display:flex;align-items:baseline;gap:10px}
section>h2 small{font-size:14px;font-weight:450;color:var(--muted);letter-spacing:0}
.lead{color:var(--muted);margin-top:4px;max-width:72ch}
.bar{display:flex;flex-wrap:wrap;gap:8px;align-items:center;margin-top:14px}
.bar[hidden]{display:none}
.bar input[type=search],.bar select{font:inherit;font-size:14px;color:inherit;background:var(--surface);border:1px solid var(--line-strong);border-radius:8px;padding:7px 11px;min-width:0}
.bar input[type=search]{flex:1 1 240px;max-width:360px}
.chip{display:inline-flex;align-items:center;gap:7px;border:1px solid var(--line-strong);background:var(--surface);border-radius:999px;padding:5px 12px;font-size:13px;cursor:pointer}
.chip input{accent-color:var(--accent);margin:0}
.shown{color:var(--muted);font-size:13px;margin-left:auto}
.badge{display:inline-block;min-width:7.4em;text-align:center;border-radius:5px;padding:2px 8px;font-size:11.5px;line-height:1.5;font-weight:680;letter-spacing:.035em;text-transform:uppercase;color:var(--on-badge);background:var(--info)}
.badge.critical{background:var(--critical)}.badge.high{background:var(--high)}.badge.medium{background:var(--medium)}.badge.low{background:var(--low)}
.findings{margin-top:16px;display:grid;gap:10px}
.finding{background:var(--surface);border:1px solid var(--line);border-left:4px solid var(--fill-info);border-radius:10px}
.finding.critical{border-left-color:var(--fill-critical)}.finding.high{border-left-color:var(--fill-high)}.finding.medium{border-left-color:var(--fill-medium)}.finding.low{border-left-color:var(--fill-low)}
.finding>summary{list-style:none;cursor:pointer;padding:15px 46px 14px 18px;position:relative;display:grid;grid-template-columns:auto 1fr;gap:4px 14px;align-items:start;border-radius:10px}
summary::-webkit-details-marker{display:none}
.finding>summary::after,.name summary::after{content:"";width:8px;height:8px;border:solid var(--muted);border-width:0 1.8px 1.8px 0;transform:rotate(45deg);position:absolute;right:20px;top:22px;transition:transform .15s}
.finding[open]>summary::after{transform:rotate(-135deg);top:26px}
.finding>summary:hover{background:var(--raised)}
.finding h3{font-size:16px;line-height:1.4;font-weight:630;letter-spacing:-.006em}
.finding .badge{margin-top:1px}
.meta{color:var(--muted);font-size:13.5px;display:flex;flex-wrap:wrap;gap:1px 0}
.meta>*:not(:last-child)::after{content:"·";margin:0 .5em;opacity:.65}
.meta .who{display:inline-block;vertical-align:bottom;color:var(--ink);font-weight:530;max-width:min(44ch,66vw);overflow:hidden;text-overflow:ellipsis;white-space:nowrap}
.say{margin-top:6px;max-width:84ch;display:-webkit-box;-webkit-box-orient:vertical;-webkit-line-clamp:2;overflow:hidden}
.finding[open] .say{-webkit-line-clamp:none;display:block}
.body{padding:4px 22px 22px;border-top:1px solid var(--line);margin-top:0}
.pair{display:grid;grid-template-columns:1fr 1fr;gap:0 34px}
h4{font-size:12px;letter-spacing:.055em;text-transform:uppercase;color:var(--muted);font-weight:640;margin:18px 0 6px}
.body p+p{margin-top:8px}.body ol{padding-left:1.25em}.body ol li+li{margin-top:5px}
.tags{display:flex;flex-wrap:wrap;gap:6px}
.tags li{border:1px solid var(--line-strong);border-radius:6px;padding:2px 9px;font-size:13px;background:var(--raised)}
.tags b{font-weight:640;margin-right:.35em}
.scroll{overflow-x:auto}
table{width:100%;border-collapse:collapse;font-size:14px}
caption{text-align:left;color:var(--muted);font-size:13px;padding:0 0 8px}
th{font-size:12.5px;font-weight:600;color:var(--muted);text-align:left;white-space:nowrap}
th,td{padding:8px 14px 8px 0;vertical-align:top;border-bottom:1px solid var(--line)}
th:last-child,td:last-child{padding-right:0}
.n{text-align:right;white-space:nowrap}
.body table td{padding-top:6px;padding-bottom:6px}
.body tr:last-child td,.sheet tbody:last-child tr:last-child td{border-bottom:0}
td.when{white-space:nowrap;color:var(--muted)}
.sheet{background:var(--surface);border:1px solid var(--line);border-radius:12px;margin-top:16px;overflow-x:auto}
.sheet th,.sheet td{padding:10px 14px 10px 0}.sheet th:first-child,.sheet td:first-child{padding-left:18px}.sheet th:last-child,.sheet td:last-child{padding-right:18px}
.sheet thead th{background:var(--raised);padding-top:9px;padding-bottom:9px}
.sheet caption{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%)}
.sort{all:unset;cursor:pointer}.sort:focus-visible{outline:2px solid var(--accent);outline-offset:3px}.sort::after{content:"";margin-left:.35em}
th[aria-sort=ascending] .sort::after{content:"↑"}th[aria-sort=descending] .sort::after{content:"↓"}
.score{display:grid;grid-template-columns:2.1em 58px;align-items:center;gap:8px;white-space:nowrap}
.score b{font-weight:660;text-align:right}.score svg{width:58px;height:7px;border-radius:4px;overflow:hidden;display:block}
.t-critical{color:var(--critical)}.t-high{color:var(--high)}.t-medium{color:var(--medium)}.t-low{color:var(--low)}.t-info{color:var(--info)}
.name{min-width:15em;max-width:22em}.name summary{list-style:none;cursor:pointer;font-weight:570;position:relative;padding-right:22px;display:-webkit-box;-webkit-box-orient:vertical;-webkit-line-clamp:2;overflow:hidden}
.name summary::after{right:6px;top:7px;width:6px;height:6px}.name details[open] summary::after{transform:rotate(-135deg);top:10px}
.name small,.owner small{display:block;color:var(--muted);font-size:13px;font-weight:400}
.owner{min-width:11em;max-width:17em}.reach{min-width:12em;max-width:22em}
.lack{color:var(--medium)}
.ai{display:inline-block;border-radius:4px;background:var(--accent-soft);color:var(--accent);font-size:11px;font-weight:700;letter-spacing:.04em;padding:0 5px;margin-right:6px;vertical-align:1px}
.nowrap{white-space:nowrap}
.more td{background:var(--raised);padding-top:4px;padding-bottom:20px}
@supports selector(:has(a)){.more{display:none}.auto:has(details[open]) .more{display:table-row}.auto:has(details[open]) tr:first-child td{border-bottom-color:transparent}}
.reasons li{display:grid;grid-template-columns:2.6em 1fr;gap:8px;padding:2px 0}.reasons b{text-align:right;font-weight:600;color:var(--muted)}
.grants li+li{margin-top:8px}.scopes{display:block;color:var(--muted);font-size:13px}
.callout{border:1px solid var(--line);border-left:4px solid var(--fill-medium);background:var(--surface);border-radius:10px;padding:14px 20px;margin-top:16px}
.callout p{max-width:86ch}.callout details{margin-top:10px}.callout details summary{cursor:pointer;color:var(--accent);font-size:14px}.callout .scroll{margin-top:10px}
.prose{columns:2;column-gap:40px;margin-top:12px;font-size:14.5px}.prose p{break-inside:avoid;margin-bottom:12px}.prose b{font-weight:630}
.calm{background:var(--surface);border:1px solid var(--line);border-radius:12px;padding:26px 24px;margin-top:16px;color:var(--muted)}.calm b{color:var(--ink);display:block;font-size:17px;margin-bottom:4px;font-weight:630}
.foot{margin-top:56px;padding-top:18px;padding-bottom:40px;color:var(--muted);font-size:13px;display:flex;flex-wrap:wrap;justify-content:space-between;gap:6px 24px}
@media (max-width:900px){.tiles{grid-template-columns:repeat(3,1fr)}.tiles li{border-bottom:1px solid var(--line);margin-bottom:-1px}.charts{grid-template-columns:1fr 1fr}.prose{columns:1}}
@media (max-width:620px){main,.top,.foot{padding-left:16px;padding-right:16px}.tiles{grid-template-columns:1fr 1fr}.charts{grid-template-columns:1fr}.panel.wide{grid-column:auto}.pair{grid-template-columns:1fr}
.finding>summary{grid-template-columns:1fr;padding-left:16px}.finding .badge{justify-self:start}.body{padding-left:16px;padding-right:16px}.tick{font-size:19px}.hero{padding-top:14px}.top{align-items:flex-start;flex-direction:column;gap:4px}}
@media print{@page{margin:14mm 12mm}:root{--ground:#fff;--raised:#fff}body,.sheet table,table{font-size:9pt}.hero h1{font-size:20pt}.finding h3{font-size:11pt}.findings{gap:12px;display:block}.finding{margin-bottom:10px;box-decoration-break:clone}main,.top,.foot{max-width:none;padding-left:0;padding-right:0}.bar,.skip,.finding>summary::after,.name summary::after{display:none!important}
.panel,.tiles,tr,summary,.pair>div,.tags{break-inside:avoid}summary,h2,h4,.lead{break-after:avoid}.finding>summary{padding-right:18px}section{margin-top:26px}.sheet{overflow:visible}.say{-webkit-line-clamp:none;display:block}details.finding::details-content{content-visibility:visible;height:auto}a{color:inherit;text-decoration:none}.charts{grid-template-columns:repeat(3,1fr)}.tiles{grid-template-columns:repeat(6,1fr)}.panel.wide{grid-column:span 2}*{-webkit-print-color-adjust:exact;print-color-adjust:exact}}
@media (prefers-reduced-motion:reduce){*{transition:none!important;scroll-behavior:auto!important}}
`;
