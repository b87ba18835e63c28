/** One self-contained page for people who will never open a terminal: summary, charts, findings, automations. */

import { PLATFORM_TITLES } from "#contract/platform.ts";
import type { Report, ReportAutomation } from "#contract/report.ts";
import { charts } from "./html-charts.ts";
import { automationSheet, findingCard } from "./html-parts.ts";
import { SCRIPT, SCRIPT_SHA256 } from "./html-script.ts";
import { STYLE } from "./html-style.ts";
import { constant, html as h, type Markup } from "./markup.ts";
import type { Renderer } from "./renderer.ts";
import {
  automationsById,
  counted,
  coveredPeriod,
  dayText,
  durationText,
  grouped,
  isAnythingUnderstood,
  listed,
  minuteText,
  placeText,
  severityTitle,
  WORST_FIRST,
} from "./words.ts";

export const html: Renderer = {
  id: "html",
  title: "HTML page for people",
  mediaType: "text/html; charset=utf-8",
  extension: "html",
  *render(report, options = {}) {
    yield head(report).text;
    yield overview(report).text;
    yield* findingsSection(report);
    yield* automationsSection(report);
    yield sourcesSection(report).text;
    yield methodSection(report).text;
    yield foot(report, options.version).text;
  },
};

/** Browsers grow slow past this many rows; the JSON report holds all. */
const FINDINGS_MAX = 1_000;
const AUTOMATIONS_MAX = 2_000;
const SOURCES_MAX = 500;
const QUARANTINE_MAX = 50;

/** Nothing is loaded and nothing is sent; only the one script below may run. */
const POLICY = `default-src 'none'; style-src 'unsafe-inline'; script-src 'sha256-${SCRIPT_SHA256}'; base-uri 'none'; form-action 'none'`;

function head(report: Report): Markup {
  return h`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${constant(POLICY)}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<meta name="robots" content="noindex">
<title>${`Automation risk report, ${dayText(report.generatedAt)} – Singura`}</title>
<style>${constant(STYLE)}</style>
</head>
<body>
<a class="skip" href="#findings">Skip to the findings</a>
<header class="top"><span class="brand"><svg viewBox="0 0 20 20" aria-hidden="true"><path d="M10 0 20 10 10 20 0 10Zm0 6.2A3.8 3.8 0 1 0 10 13.8 3.8 3.8 0 0 0 10 6.2Z"/></svg>Singura</span><span>Automation risk report · ${minuteText(report.generatedAt)} UTC</span></header>
<main>
`;
}

function overview(report: Report): Markup {
  const { summary } = report;
  const ais = report.automations.filter(({ ai }) => ai !== null).length;
  const unowned = report.automations.filter(({ owners }) => owners.length === 0).length;
  const urgent = summary.bySeverity.critical + summary.bySeverity.high;
  return h`<div class="hero"><h1>${verdict(report)}</h1><p>${basis(report)}</p></div>
<ul class="tiles">
${tile(summary.findings, summary.findings === 1 ? "finding" : "findings")}
${tile(urgent, "critical or high", urgent > 0 ? "bad" : "")}
${tile(summary.automations, summary.automations === 1 ? "automation" : "automations")}
${tile(ais, ais === 1 ? "is an AI app" : "are AI apps")}
${tile(unowned, "without a known owner", unowned > 0 ? "warn" : "")}
${tile(summary.quarantined, "records not understood", summary.quarantined > 0 ? "warn" : "")}
</ul>
${report.automations.length + report.findings.length === 0 ? null : charts(report)}
`;
}

function tile(count: number, label: string, tone = ""): Markup {
  return h`<li class="${tone}"><b>${grouped(count)}</b><span>${label}</span></li>`;
}

/** The one sentence that a reader in a hurry takes away. */
function verdict(report: Report): Markup {
  const { summary } = report;
  const { critical, high } = summary.bySeverity;
  if (summary.records === 0) return h`Nothing was read, so nothing can be said.`;
  if (!isAnythingUnderstood(report)) {
    return h`None of the ${counted(summary.records, "record")} was understood.`;
  }
  if (summary.findings === 0) return h`No finding in the logs that were given.`;
  if (critical + high === 0) {
    return h`${counted(summary.findings, "finding")}, none of them critical or high.`;
  }
  const parts: Markup[] = [];
  if (critical > 0) parts.push(h`<span class="bad">${grouped(critical)} critical</span>`);
  if (high > 0) parts.push(h`${grouped(high)} high`);
  const noun = critical + high === 1 ? "finding needs" : "findings need";
  return h`${parts[0] ?? null}${parts[1] === undefined ? null : h` and ${parts[1]}`} ${noun} attention.`;
}

function basis(report: Report): string {
  const { summary } = report;
  const platforms = [
    ...new Set(report.automations.map(({ platform }) => PLATFORM_TITLES[platform])),
  ];
  const period = coveredPeriod(report);
  const on = platforms.length === 0 ? "" : ` on ${listed(platforms.sort())}`;
  const when =
    period.from === null || period.to === null
      ? ""
      : `, ${dayText(period.from)} to ${dayText(period.to)}`;
  return `${counted(summary.automations, "automation")}${on}, read from ${counted(summary.records, "record")} in ${counted(summary.files, "file")}${when}.`;
}

function* findingsSection(report: Report): Iterable<string> {
  const all = report.findings;
  yield h`<section id="findings"><h2>Findings <small>${all.length === 0 ? "none" : "worst first"}</small></h2>
`.text;
  if (all.length === 0) {
    yield h`<div class="calm">${nothingFound(report)}</div></section>`.text;
    return;
  }
  const platforms = [...new Set(all.map(({ platform }) => platform))];
  yield h`<p class="lead">Open one to see why it matters, the records behind it, and what to do.</p>
${filters(".finding", "Search findings", platforms)}<div class="findings">
`.text;
  const known = automationsById(report);
  const places = new Map(report.automations.map(({ id }, i) => [id, i]));
  for (const [i, finding] of all.slice(0, FINDINGS_MAX).entries()) {
    const place = places.get(finding.automationId ?? "");
    const anchor = place === undefined || place >= AUTOMATIONS_MAX ? null : automationAnchor(place);
    yield findingCard(finding, i, known.get(finding.automationId ?? ""), anchor).text;
  }
  yield h`</div>${more(all.length - FINDINGS_MAX, "finding")}</section>
`.text;
}

function nothingFound(report: Report): Markup {
  const { summary, automations } = report;
  if (summary.records === 0) {
    return h`<b>Nothing was read</b>The files that were given hold no records. An empty report says nothing about your tenant.`;
  }
  if (!isAnythingUnderstood(report)) {
    return h`<b>Nothing was understood</b>No record was recognised, so nothing was judged. The sources below say what each file was taken for.`;
  }
  const outside =
    summary.outside === 0 ? "" : ` The filter left out ${counted(summary.outside, "event")}.`;
  const unread =
    summary.quarantined === 0
      ? ""
      : ` ${counted(summary.quarantined, "record")} could not be read and took no part.`;
  return h`<b>No detector saw anything unusual</b>${counted(summary.events, "event")} and ${counted(automations.length, "automation")} were judged. That says nothing about logs that were not given.${outside}${unread}`;
}

function filters(items: string, label: string, platforms: readonly Platform[]): Markup {
  const options = platforms.map(
    (one) => h`<option value="${one}">${PLATFORM_TITLES[one]}</option>`,
  );
  const chips = WORST_FIRST.map(
    (one) =>
      h`<label class="chip"><input type="checkbox" value="${one}" checked>${severityTitle(one)}</label>`,
  );
  return h`<div class="bar" hidden data-items="${items}"><input type="search" placeholder="${label}" aria-label="${label}"><select aria-label="Platform"><option value="">All platforms</option>${options}</select>${chips}<span class="shown" aria-live="polite"></span></div>
`;
}

type Platform = ReportAutomation["platform"];

function automationAnchor(index: number): string {
  return `automation-${index + 1}`;
}

function* automationsSection(report: Report): Iterable<string> {
  const all = report.automations;
  yield h`<section id="automations"><h2>Automations <small>${all.length === 0 ? "none" : "riskiest first"}</small></h2>
`.text;
  if (all.length === 0) {
    yield h`<div class="calm"><b>No automation was named</b>No record names an app, bot, service account, script, workflow, webhook, key or agent.</div></section>`
      .text;
    return;
  }
  const platforms = [...new Set(all.map(({ platform }) => platform))];
  yield h`<p class="lead">Everything that can act by itself, who answers for it and what it may reach. Open a name for the reasons behind its score.</p>
${filters(".auto", "Search automations", platforms)}`.text;
  yield* automationSheet(all.slice(0, AUTOMATIONS_MAX), automationAnchor);
  yield h`${more(all.length - AUTOMATIONS_MAX, "automation")}</section>
`.text;
}

function more(count: number, one: string): Markup | null {
  if (count <= 0) return null;
  return h`<p class="lead">… and ${counted(count, `more ${one}`)}. The JSON report (<code>--format json</code>) holds all of them.</p>`;
}

function sourcesSection(report: Report): Markup {
  const { sources, summary } = report;
  if (sources.length === 0) {
    return h`<section id="sources"><h2>What was read</h2><div class="calm"><b>No file was read</b></div></section>
`;
  }
  return h`<section id="sources"><h2>What was read <small>${counted(summary.files, "file")}</small></h2>
<div class="sheet"><table><caption>Files read, with what was recognised in each</caption>
<thead><tr><th scope="col">File</th><th scope="col">Log</th><th scope="col" class="n">Records</th><th scope="col" class="n">Events</th><th scope="col" class="n">State rows</th><th scope="col" class="n">Duplicates</th><th scope="col" class="n">Not understood</th><th scope="col">Period</th></tr></thead>
<tbody>${sources.slice(0, SOURCES_MAX).map(sourceRow)}</tbody></table></div>
${more(sources.length - SOURCES_MAX, "file")}
${summary.quarantined === 0 ? null : quarantine(report)}</section>
`;
}

function sourceRow(source: Report["sources"][number]): Markup {
  const service =
    source.service === null
      ? h`<span class="lack">not recognised</span>`
      : h`<code>${source.service}</code>`;
  const period =
    source.from === null && source.to === null
      ? "undated"
      : `${dayText(source.from)} – ${dayText(source.to)}`;
  return h`<tr><td><bdi class="mono">${source.path}</bdi></td><td>${service}</td><td class="n">${grouped(source.records)}</td><td class="n">${grouped(source.events)}</td><td class="n">${grouped(source.inventory)}</td><td class="n">${grouped(source.duplicates)}</td><td class="n">${source.quarantined === 0 ? "0" : h`<b class="lack">${grouped(source.quarantined)}</b>`}</td><td class="nowrap">${period}</td></tr>`;
}

function quarantine({ quarantine: items, summary }: Report): Markup {
  const shown = items.slice(0, QUARANTINE_MAX);
  const rows = shown.map(
    (item) =>
      h`<tr><td><bdi class="mono">${placeText(item)}</bdi></td><td>${item.reason}</td></tr>`,
  );
  const what = summary.quarantined === 1 ? "record was" : "records were";
  return h`<div class="callout"><p><b>${grouped(summary.quarantined)} ${what} not understood</b>, so nothing about them was judged. Check that the files are whole exports of a log that <code>singura formats</code> lists, and scan them again: records already read are recognised and counted once.</p>
<details><summary>${`Show the first ${shown.length}`}</summary><div class="scroll"><table><caption>Where, and why</caption><thead><tr><th scope="col">Place</th><th scope="col">Reason</th></tr></thead><tbody>${rows}</tbody></table></div></details></div>`;
}

function methodSection({ summary }: Report): Markup {
  return h`<section id="method"><h2>How to read this</h2><div class="prose">
<p><b>What counts as an automation.</b> Anything that can act without a person at the keyboard: OAuth apps, bots, service accounts, scripts, workflows, webhooks, API keys, AI agents and the connectors they use.</p>
<p><b>Findings.</b> A detector compares what an automation did in a window of time with what is normal for it and for others of its kind. Severity says how bad it would be; the percentage says how sure the detector is that it is no coincidence.</p>
<p><b>Risk.</b> A score from 0 to 100 of what an automation could do and of what it did. It is the sum of the reasons listed with it; nothing is hidden in it.</p>
<p><b>Owners.</b> Worked out from who installed, approved or made it. The percentage says how good that ground is.</p>
<p><b>Limits.</b> Only the files named above were read. A log that was not given, or that the vendor had deleted, cannot show anything. Records without a time are listed and judged, but no rate is computed from them.</p>
<p><b>Counting.</b> ${`${grouped(summary.records)} records gave ${counted(summary.events, "event")} and ${counted(summary.inventory, "row")} of state exports; ${grouped(summary.duplicates)} were duplicates and counted once, ${grouped(summary.outside)} were left out by the filter, ${grouped(summary.quarantined)} were not understood. The scan took ${durationText(summary.durationMs)}.`}</p>
</div></section>
`;
}

function foot(report: Report, version?: string): Markup {
  const made = `Made by Singura${version === undefined ? "" : ` ${version}`} on ${minuteText(report.generatedAt)} UTC`;
  return h`</main>
<footer class="foot"><span>${made}</span><span>Holds names and addresses from your logs: hand it on with care.</span></footer>
<script>${constant(SCRIPT)}</script>
</body>
</html>
`;
}
