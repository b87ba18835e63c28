/** Small charts as inline SVG, drawn by hand: no script, no request, readable in print and in the dark. */

import { compareText } from "#base/order.ts";
import { DAY_MS } from "#base/time.ts";
import type { Severity } from "#contract/finding.ts";
import type { Report, ReportFinding } from "#contract/report.ts";
import { html, type Markup } from "./markup.ts";
import {
  ATTACK_TITLES,
  counted,
  grouped,
  KIND_TITLES,
  PLATFORM_NAMES,
  severityTitle,
  WORST_FIRST,
} from "./words.ts";

const NOTHING: Markup = html`<p class="none">Nothing to show.</p>`;

export function charts(report: Report): Markup {
  const { automations, findings } = report;
  return html`<div class="charts">
${panel("Findings by severity", severityChart(report))}
${panel("Findings by day", timeline(findings), "wide")}
${panel("Findings by type of attack", bars(tally(findings, (one) => ATTACK_TITLES[one.attackType])))}
${panel("Automations by platform", bars(tally(automations, (one) => PLATFORM_NAMES[one.platform])))}
${panel("Automations by kind", bars(tally(automations, (one) => KIND_TITLES[one.kind])))}
${panel("AI apps by provider", bars(aiProviders(report), "No automation was recognised as AI."))}
${panel("Automations by risk score", riskChart(report), "wide")}
</div>`;
}

function panel(title: string, content: Markup, shape = ""): Markup {
  return html`<figure class="panel ${shape}"><figcaption>${title}</figcaption>${content}</figure>`;
}

function severityChart({ summary, findings }: Report): Markup {
  if (findings.length === 0) return html`<p class="none">No findings.</p>`;
  const total = WORST_FIRST.reduce((sum, severity) => sum + summary.bySeverity[severity], 0) || 1;
  const present = WORST_FIRST.filter((severity) => summary.bySeverity[severity] > 0);
  let x = 0;
  const parts = present.map((severity) => {
    const width = (summary.bySeverity[severity] / total) * 100;
    const part = html`<rect class="fill-${severity}" x="${round(x)}" y="0" width="${round(Math.max(0.4, width - 0.7))}" height="10"/>`;
    x += width;
    return part;
  });
  const said = present.map((one) => `${summary.bySeverity[one]} ${one}`).join(", ");
  return html`<svg class="stack" viewBox="0 0 100 10" preserveAspectRatio="none" role="img" aria-label="${`Findings: ${said}`}">${parts}</svg>
<ul class="legend">${WORST_FIRST.map((one) => html`<li><i class="dot fill-${one}"></i>${severityTitle(one)}<b>${grouped(summary.bySeverity[one])}</b></li>`)}</ul>`;
}

type Tally = readonly (readonly [string, number])[];

/** Counts by label, largest first. */
function tally<Item>(items: readonly Item[], label: (item: Item) => string): Tally {
  const counts = new Map<string, number>();
  for (const item of items) counts.set(label(item), (counts.get(label(item)) ?? 0) + 1);
  return [...counts].sort(([a, x], [b, y]) => y - x || compareText(a, b));
}

function aiProviders({ automations }: Report): Tally {
  const providers: string[] = [];
  for (const { ai } of automations) if (ai !== null) providers.push(ai.provider);
  return tally(providers, (provider) => provider);
}

const BARS_MAX = 7;

/** Horizontal bars with label and number; the tail is summed up as one. */
function bars(counts: Tally, none?: string): Markup {
  if (counts.length === 0) return none === undefined ? NOTHING : html`<p class="none">${none}</p>`;
  const shown = counts.length <= BARS_MAX ? [...counts] : counts.slice(0, BARS_MAX - 1);
  const rest = counts.slice(shown.length).reduce((sum, [, count]) => sum + count, 0);
  const rows: Tally =
    rest === 0 ? shown : [...shown, [`${counts.length - shown.length} others`, rest]];
  const largest = Math.max(...rows.map(([, count]) => count));
  return html`<ul class="bars">${rows.map(([label, count]) => bar(label, count, largest))}</ul>`;
}

function bar(label: string, count: number, largest: number): Markup {
  const width = round((count / largest) * 100);
  return html`<li><span class="label"><bdi>${label}</bdi></span><svg viewBox="0 0 100 8" preserveAspectRatio="none" aria-hidden="true"><rect class="track" width="100" height="8"/><rect class="fill-accent" width="${width}" height="8"/></svg><b>${grouped(count)}</b></li>`;
}

const CHART_WIDTH = 640;
const CHART_HEIGHT = 136;
const BASE = 108;
const TOP = 14;
/** More columns than this are too thin to see; several days then share one. */
const COLUMNS_MAX = 62;

interface ColumnOfChart {
  label: string;
  /** Below the axis, where that is shorter than the label. */
  tick?: string;
  parts: readonly (readonly [Severity | "accent", number])[];
}

/** Findings by the day on which their window starts, stacked by severity. */
function timeline(findings: readonly ReportFinding[]): Markup {
  const dated = findings.filter(({ window }) => (window.from ?? window.to) !== null);
  if (dated.length === 0) return html`<p class="none">No finding carries a date.</p>`;
  const days = dated.map(dayOfFinding);
  let first = days[0] ?? 0;
  let last = first;
  for (const day of days) {
    first = Math.min(first, day);
    last = Math.max(last, day);
  }
  const daysAColumn = Math.ceil((last - first + 1) / COLUMNS_MAX);
  const count = Math.max(1, Math.ceil((last - first + 1) / daysAColumn));
  const groups: ReportFinding[][] = Array.from({ length: count }, () => []);
  for (const [i, finding] of dated.entries()) {
    groups[Math.floor(((days[i] ?? first) - first) / daysAColumn)]?.push(finding);
  }
  const chart = groups.map((group, i) => ({
    label: dayName(first + i * daysAColumn),
    parts: WORST_FIRST.map(
      (one) => [one, group.filter(({ severity }) => severity === one).length] as const,
    ),
  }));
  const undated = findings.length - dated.length;
  const unit = daysAColumn === 1 ? "one column a day" : `one column is ${daysAColumn} days`;
  const note = `${unit}${undated === 0 ? "" : `; ${counted(undated, "finding")} without a date`}`;
  return html`${columnChart(chart, "finding", [0, Math.floor((count - 1) / 2), count - 1])}<p class="note">${note}</p>`;
}

function dayOfFinding({ window }: ReportFinding): number {
  return Math.floor(Date.parse(window.from ?? window.to ?? "") / DAY_MS);
}

function dayName(day: number): string {
  return new Date(day * DAY_MS).toISOString().slice(0, 10);
}

const BUCKETS = 10;

/** How many automations have which risk score, in tens; each column takes the colours of its levels. */
function riskChart({ automations }: Report): Markup {
  if (automations.length === 0) return html`<p class="none">No automations.</p>`;
  const chart = Array.from({ length: BUCKETS }, (_, i) => {
    const inside = automations.filter(
      ({ risk }) => Math.min(BUCKETS - 1, Math.floor(risk.score / BUCKETS)) === i,
    );
    return {
      label: `${i * 10}–${i === BUCKETS - 1 ? 100 : i * 10 + 9}`,
      tick: `${i * 10}+`,
      parts: WORST_FIRST.map(
        (one) => [one, inside.filter(({ risk }) => risk.level === one).length] as const,
      ),
    };
  });
  const labelled = chart.map((_, i) => i);
  return html`${columnChart(chart, "automation", labelled)}<p class="note">0 is harmless, 100 is act now; colours are risk levels</p>`;
}

function columnChart(
  chart: readonly ColumnOfChart[],
  unit: string,
  labelled: readonly number[],
): Markup {
  const sums = chart.map(({ parts }) => parts.reduce((sum, [, count]) => sum + count, 0));
  const largest = Math.max(2, ...sums);
  const step = CHART_WIDTH / chart.length;
  const width = Math.min(30, step * 0.72);
  const scale = (BASE - TOP) / largest;
  const drawn = chart.map((column, i) => {
    const x = i * step + (step - width) / 2;
    return stackedColumn(column, sums[i] ?? 0, unit, { x, width, scale });
  });
  const labels = [...new Set(labelled)].map((i) => axisLabel(chart, i, step));
  const said = chart
    .flatMap(({ label }, i) => ((sums[i] ?? 0) > 0 ? [`${label}: ${sums[i] ?? 0}`] : []))
    .slice(0, 40)
    .join(", ");
  return html`<svg class="columns" viewBox="0 0 ${CHART_WIDTH} ${CHART_HEIGHT}" role="img" aria-label="${`${counted(0, unit).slice(2)}, ${said}`}">
<line class="grid" x1="0" x2="${CHART_WIDTH}" y1="${TOP}" y2="${TOP}"/><line class="axis" x1="0" x2="${CHART_WIDTH}" y1="${BASE + 0.5}" y2="${BASE + 0.5}"/>
<text class="tick" x="0" y="${TOP - 4}">${grouped(largest)}</text>${drawn}${labels}</svg>`;
}

function stackedColumn(
  { label, parts }: ColumnOfChart,
  sum: number,
  unit: string,
  place: { x: number; width: number; scale: number },
): Markup {
  if (sum === 0) return html``;
  let y = BASE;
  const rects = parts.toReversed().flatMap(([kind, count]) => {
    if (count === 0) return [];
    const height = count * place.scale;
    y -= height;
    const shown = Math.max(1, height - 1);
    return [
      html`<rect class="fill-${kind}" x="${round(place.x)}" y="${round(y)}" width="${round(place.width)}" height="${round(shown)}" rx="1.5"/>`,
    ];
  });
  return html`<g><title>${`${label}: ${counted(sum, unit)}`}</title>${rects}</g>`;
}

function axisLabel(chart: readonly ColumnOfChart[], i: number, step: number): Markup {
  const isEdge = chart.length > 12;
  const anchor = isEdge && i === 0 ? "start" : isEdge && i === chart.length - 1 ? "end" : "middle";
  const x = anchor === "start" ? 0 : anchor === "end" ? CHART_WIDTH : i * step + step / 2;
  return html`<text class="tick" x="${round(x)}" y="${BASE + 20}" text-anchor="${anchor}">${chart[i]?.tick ?? chart[i]?.label ?? ""}</text>`;
}

function round(value: number): number {
  return Math.round(value * 100) / 100;
}
