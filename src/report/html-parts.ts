/** The parts of the HTML report that repeat: the card of a finding and the rows of an automation. */

import { PLATFORM_TITLES } from "#contract/platform.ts";
import type {
  ReportAutomation,
  ReportEvidence,
  ReportFinding,
  ReportStep,
} from "#contract/report.ts";
import { adviceFor, checksFor, stakesOf } from "./advice.ts";
import { html, type Markup } from "./markup.ts";
import { blastText, privilegeTexts } from "./privilege.ts";
import { scopesByWeight, shortScope } from "./reach.ts";
import { namedTechniques } from "./technique-names.ts";
import {
  ATTACK_TITLES,
  automationName,
  CLASSIFICATION_TITLES,
  CONSENT_TITLES,
  counted,
  dayText,
  grouped,
  humanised,
  KIND_TITLES,
  minuteText,
  PLATFORM_NAMES,
  percent,
  placeText,
  subjectText,
  windowText,
} from "./words.ts";

const EVIDENCE_MAX = 25;
const GRANTS_MAX = 25;
const SCOPES_MAX = 40;
const REACH_MAX = 3;

/** `anchor` is where the automation stands in the table below; null where it is not shown. */
export function findingCard(
  finding: ReportFinding,
  index: number,
  automation: ReportAutomation | undefined,
  anchor: string | null,
): Markup {
  const { severity, platform } = finding;
  const kind = automation === undefined ? null : html`<span>${KIND_TITLES[automation.kind]}</span>`;
  return html`<details class="finding ${severity}" id="finding-${index + 1}" data-severity="${severity}" data-platform="${platform}">
<summary><span class="badge ${severity}">${severity}</span><div><h3><bdi>${finding.title}</bdi></h3>
<div class="meta"><span><bdi class="who">${subjectText(finding, automation)}</bdi></span>${kind}<span>${PLATFORM_TITLES[platform]}</span><span class="nowrap">${windowText(finding.window)}</span><span class="nowrap">${percent(finding.confidence)} sure</span></div>
<p class="say"><bdi>${finding.explanation}</bdi></p></div></summary>
<div class="body"><div class="pair"><div><h4>Why it matters</h4><p>${stakesOf(finding.attackType)}</p>
<h4>How to check</h4><ol>${checksFor(finding.attackType).map((check) => html`<li>${check}</li>`)}</ol></div>
<div>${whatToDo(finding, automation)}</div></div>
${stepsTable(finding.steps ?? [])}${evidenceTable(finding.evidence)}
<h4>Techniques</h4>${techniqueTags(finding)}
<h4>Reference</h4><p class="meta"><span>${ATTACK_TITLES[finding.attackType]}</span><span>detector <code>${finding.detector}</code></span><span>id <code>${finding.id}</code></span>${anchor === null ? null : html`<span><a href="#${anchor}">about this automation</a></span>`}</p>
</div></details>
`;
}

function whatToDo(finding: ReportFinding, automation: ReportAutomation | undefined): Markup {
  const { contain, remove } = adviceFor(finding.platform, automation?.kind ?? null);
  return html`<h4>What to do</h4><ol><li>${contain}</li><li>${remove}</li></ol>`;
}

function stepsTable(steps: readonly ReportStep[]): Markup {
  if (steps.length === 0) return html``;
  const rows = steps.map(
    ({ at, platform, stage, title }) =>
      html`<tr><td>${minuteText(at)}</td><td>${PLATFORM_TITLES[platform]}</td><td>${stage}</td><td><bdi>${title}</bdi></td></tr>`,
  );
  return html`<h4>Steps</h4><div class="scroll"><table><caption>In the order of events, times in UTC</caption><thead><tr><th scope="col">When</th><th scope="col">Where</th><th scope="col">Stage</th><th scope="col">What</th></tr></thead><tbody>${rows}</tbody></table></div>`;
}

function evidenceTable(evidence: readonly ReportEvidence[]): Markup {
  if (evidence.length === 0) {
    return html`<h4>Evidence</h4><p>No single record: the claim is about the state of the automation as a whole.</p>`;
  }
  const rows = evidence
    .slice(0, EVIDENCE_MAX)
    .map(
      (one) =>
        html`<tr><td class="when">${minuteText(one.at)}</td><td><b>${one.action}</b><br><bdi>${one.summary}</bdi></td><td><bdi class="mono">${placeText(one)}</bdi></td></tr>`,
    );
  const left = evidence.length - EVIDENCE_MAX;
  const rest =
    left > 0
      ? html`<p class="note">… and ${counted(left, "more record")} in the JSON report.</p>`
      : null;
  return html`<h4>Evidence</h4><div class="scroll"><table><caption>${counted(evidence.length, "record")} from the files that were read, times in UTC</caption><thead><tr><th scope="col">When</th><th scope="col">What</th><th scope="col">File and line</th></tr></thead><tbody>${rows}</tbody></table></div>${rest}`;
}

function techniqueTags(finding: ReportFinding): Markup {
  const named = namedTechniques(finding);
  if (named.length === 0) return html`<p class="none">None assigned.</p>`;
  const tags = named.map(
    ({ id, framework, name }) => html`<li><b>${id}</b>${name ?? framework}</li>`,
  );
  return html`<ul class="tags">${tags}</ul>`;
}

const HEADERS: readonly [string, string][] = [
  ["Risk", "descending"],
  ["Automation", ""],
  ["Kind", ""],
  ["Platform", ""],
  ["Owner", ""],
  ["May reach", ""],
  ["Last seen", ""],
];

/** The table, one body an automation, so that a row and its details stay together when sorted. */
export function* automationSheet(
  automations: readonly ReportAutomation[],
  anchorOf: (index: number) => string,
): Iterable<string> {
  const headers = HEADERS.map(([title, order]) =>
    order === ""
      ? html`<th scope="col"><button type="button" class="sort">${title}</button></th>`
      : html`<th scope="col" aria-sort="${order}"><button type="button" class="sort">${title}</button></th>`,
  );
  yield html`<div class="sheet"><table><caption>Automations with risk, owner and reach</caption><thead><tr>${headers}</tr></thead>
`.text;
  for (const [i, automation] of automations.entries()) {
    yield automationRows(automation, anchorOf(i)).text;
  }
  yield html`</table></div>`.text;
}

function automationRows(automation: ReportAutomation, anchor: string): Markup {
  const { risk, platform, kind, lastSeenAt, ai, vendor, owners } = automation;
  const ownerKey = owners[0]?.principal ?? "";
  return html`<tbody class="auto" id="${anchor}" data-severity="${risk.level}" data-platform="${platform}"><tr>
<td data-key="${risk.score}">${score(automation)}</td>
<td class="name" data-key="${automationName(automation)}"><details><summary>${ai === null ? null : html`<span class="ai">AI</span>`}<bdi>${automationName(automation)}</bdi></summary></details>${vendor === null ? null : html`<small><bdi>${vendor}</bdi></small>`}</td>
<td class="nowrap" data-key="${KIND_TITLES[kind]}">${KIND_TITLES[kind]}</td>
<td class="nowrap" data-key="${PLATFORM_NAMES[platform]}">${PLATFORM_NAMES[platform]}</td>
<td class="owner" data-key="${ownerKey}">${ownerCell(automation)}</td>
<td class="reach" data-key="${scopesByWeight(automation).length}">${reachCell(automation)}</td>
<td class="nowrap" data-key="${lastSeenAt ?? ""}">${lastSeenAt === null ? "–" : dayText(lastSeenAt)}</td>
</tr><tr class="more"><td colspan="${HEADERS.length}">${details(automation)}</td></tr></tbody>
`;
}

function score({ risk }: ReportAutomation): Markup {
  const width = Math.round(Math.min(100, Math.max(0, risk.score)));
  return html`<span class="score t-${risk.level}"><b>${width}</b><svg viewBox="0 0 100 8" preserveAspectRatio="none" role="img" aria-label="${`${risk.level} risk`}"><rect class="track" width="100" height="8"/><rect class="fill-${risk.level}" width="${width}" height="8"/></svg></span>`;
}

function ownerCell({ owners }: ReportAutomation): Markup {
  const [first] = owners;
  if (first === undefined) return html`<span class="lack">No owner known</span>`;
  const others = owners.length > 1 ? `, ${counted(owners.length - 1, "other")}` : "";
  return html`<bdi>${first.principal}</bdi><small>${`${percent(first.confidence)} sure${others}`}</small>`;
}

function reachCell(automation: ReportAutomation): Markup {
  const scopes = scopesByWeight(automation);
  if (scopes.length === 0) return html`<span class="none">No scopes known</span>`;
  const shown = scopes.slice(0, REACH_MAX).map(shortScope).join(", ");
  const rest = scopes.length > REACH_MAX ? ` +${scopes.length - REACH_MAX}` : "";
  return html`<bdi class="mono">${shown}</bdi>${rest}`;
}

function details(automation: ReportAutomation): Markup {
  const { risk, ai, nativeId, classification, eventCount, firstSeenAt, lastSeenAt } = automation;
  const aiText =
    ai === null
      ? null
      : html`<h4>AI</h4><p>${`${ai.provider}, ${humanised(ai.category).toLowerCase()}; recognised by ${humanised(ai.method).toLowerCase()}, ${percent(ai.confidence)} sure`}</p>`;
  return html`<div class="pair"><div><h4>Why this score</h4>${reasons(automation)}${aiText}
<h4>About</h4><p class="meta"><span>${CLASSIFICATION_TITLES[classification]}</span><span>${risk.level} risk</span><span>${counted(eventCount, "event")}</span><span class="nowrap">${`${dayText(firstSeenAt)} – ${dayText(lastSeenAt)}`}</span><span>id <code>${nativeId}</code></span></p></div>
<div><h4>Who answers for it</h4>${ownerList(automation)}<h4>Who let it in, and to what</h4>${grantList(automation)}${stake(automation)}</div></div>`;
}

function stake(automation: ReportAutomation): Markup | null {
  const damage = blastText(automation);
  if (damage === null) return null;
  const spare = privilegeTexts(automation).map((text) => html`<li><bdi>${text}</bdi></li>`);
  return html`<h4>What is at stake</h4><p>${damage}</p>${spare.length === 0 ? null : html`<ul>${spare}</ul>`}`;
}

function reasons({ risk }: ReportAutomation): Markup {
  if (risk.reasons.length === 0) return html`<p class="none">No reasons are recorded.</p>`;
  const items = risk.reasons.map(
    ({ points, text }) =>
      html`<li><b>${`${points < 0 ? "−" : "+"}${Math.abs(Math.round(points))}`}</b><span>${text}</span></li>`,
  );
  return html`<ul class="reasons">${items}</ul>`;
}

function ownerList({ owners }: ReportAutomation): Markup {
  if (owners.length === 0) {
    return html`<p>Nobody known. Ask who uses it before it is stopped.</p>`;
  }
  const items = owners.map(
    ({ principal, confidence, evidence }) =>
      html`<li><bdi>${principal}</bdi> <span class="none">${percent(confidence)} sure: <bdi>${evidence}</bdi></span></li>`,
  );
  return html`<ul>${items}</ul>`;
}

function grantList({ grants }: ReportAutomation): Markup {
  if (grants.length === 0) return html`<p class="none">No grant in the records given.</p>`;
  const items = grants.slice(0, GRANTS_MAX).map((grant) => {
    const by =
      grant.grantedBy === null || grant.grantedBy === grant.principal
        ? ""
        : `, given by ${grant.grantedBy}`;
    const when = grant.at === null ? "" : `, ${dayText(grant.at)}`;
    return html`<li><bdi>${grant.principal ?? "The whole tenant"}</bdi> <span class="none">${`${CONSENT_TITLES[grant.consent]}${by}${when}`}</span><bdi class="scopes mono">${scopeText(grant.scopes)}</bdi></li>`;
  });
  const left = grants.length - GRANTS_MAX;
  const rest = left > 0 ? html`<p class="note">… and ${counted(left, "more grant")}.</p>` : null;
  return html`<ul class="grants">${items}</ul>${rest}`;
}

function scopeText(scopes: readonly string[]): string {
  if (scopes.length === 0) return "no scopes recorded";
  const shown = scopes.slice(0, SCOPES_MAX).map(shortScope).join(", ");
  return scopes.length > SCOPES_MAX
    ? `${shown} and ${grouped(scopes.length - SCOPES_MAX)} more`
    : shown;
}
