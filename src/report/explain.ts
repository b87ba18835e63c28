/** One finding in full, for `singura explain`: what was seen, why it matters, what to check and what to do. */

import { PLATFORM_TITLES } from "#contract/platform.ts";
import type { Report, ReportAutomation, ReportFinding } from "#contract/report.ts";
import { adviceFor, checksFor, stakesOf } from "./advice.ts";
import { cells, shorten, shortenFront } from "./cells.ts";
import { blastText, privilegeTexts } from "./privilege.ts";
import { scopesByWeight, shortScope } from "./reach.ts";
import type { RenderOptions } from "./renderer.ts";
import { plain } from "./safe.ts";
import { bar, heading, paragraph, pieces, type Screen, screenOf } from "./screen.ts";
import { type NamedTechnique, namedTechniques } from "./technique-names.ts";
import {
  ATTACK_TITLES,
  automationName,
  CLASSIFICATION_TITLES,
  CONSENT_TITLES,
  counted,
  dayText,
  humanised,
  KIND_TITLES,
  minuteText,
  percent,
  placeText,
  subjectText,
  windowText,
} from "./words.ts";

/** The one finding that is meant, or why there is not one. */
export type FoundFinding =
  | { kind: "found"; finding: ReportFinding }
  | { kind: "ambiguous"; candidates: ReportFinding[] }
  | { kind: "missing" };

/** Finds by whole id, else by the start of an id in any case. An empty text finds nothing. */
export function findFinding(report: Report, idOrPrefix: string): FoundFinding {
  const asked = idOrPrefix.trim();
  if (asked === "") return { kind: "missing" };
  const exact = report.findings.find(({ id }) => id === asked);
  if (exact !== undefined) return { kind: "found", finding: exact };
  const start = asked.toLowerCase();
  const candidates = report.findings.filter(({ id }) => id.toLowerCase().startsWith(start));
  const [only] = candidates;
  if (only === undefined) return { kind: "missing" };
  return candidates.length === 1
    ? { kind: "found", finding: only }
    : { kind: "ambiguous", candidates };
}

/** The text for the terminal. Reads `color`, `width` and `verbose`. */
export function explain(
  report: Report,
  finding: ReportFinding,
  options: RenderOptions = {},
): string {
  const screen = screenOf(options);
  const automation = report.automations.find(({ id }) => id === finding.automationId);
  return [
    ...title(screen, finding, automation),
    ...seen(screen, finding),
    ...steps(screen, finding),
    ...evidence(screen, finding),
    ...(automation === undefined ? nobody(screen, finding) : whoItIs(screen, automation)),
    ...techniques(screen, finding),
    ...toDo(screen, finding, automation),
  ].join("");
}

type Grant = ReportAutomation["grants"][number];

const EVIDENCE_MAX = 12;
const EVIDENCE_VERBOSE_MAX = 200;
const SCOPES_MAX = 8;
const GRANTS_MAX = 5;

function* title(
  screen: Screen,
  finding: ReportFinding,
  automation: ReportAutomation | undefined,
): Iterable<string> {
  const { paint } = screen;
  yield `\n ${paint.badge(finding.severity)(` ${finding.severity.toUpperCase()} `)}  ${paint.faint(shorten(plain(finding.id), screen.width - 14))}\n\n`;
  yield paragraph(screen, finding.title, { indent: 1, paint: paint.strong });
  yield pieces(
    screen,
    [
      { text: subjectText(finding, automation), paint: paint.accent },
      { text: PLATFORM_TITLES[finding.platform] },
      { text: ATTACK_TITLES[finding.attackType] },
      { text: windowText(finding.window) },
      { text: `${percent(finding.confidence)} sure` },
      { text: `detector ${finding.detector}`, paint: paint.faint },
    ],
    1,
  );
}

function* seen(screen: Screen, finding: ReportFinding): Iterable<string> {
  yield heading(screen, "WHAT WAS SEEN");
  yield paragraph(screen, finding.explanation, { indent: 1 });
  yield heading(screen, "WHY IT MATTERS");
  yield paragraph(screen, stakesOf(finding.attackType), { indent: 1 });
}

function* steps(screen: Screen, { steps: all = [] }: ReportFinding): Iterable<string> {
  const { paint } = screen;
  if (all.length === 0) return;
  yield heading(screen, "STEPS", counted(all.length, "step"));
  for (const { at, platform, stage, title: what, findingId } of all) {
    const where = `${PLATFORM_TITLES[platform]}, ${stage}`;
    yield ` ${paint.faint(pad16(minuteText(at)))}  ${paint.strong(where)}${findingId === null ? "" : paint.faint(`  finding ${plain(findingId)}`)}\n`;
    yield paragraph(screen, what, { indent: 19 });
  }
}

function* evidence(screen: Screen, finding: ReportFinding): Iterable<string> {
  const { paint } = screen;
  const all = finding.evidence;
  yield heading(screen, "EVIDENCE", counted(all.length, "record"));
  if (all.length === 0) {
    const text = "No single record: the claim is about the state of the automation as a whole.";
    yield paragraph(screen, text, { indent: 1 });
  }
  const shown = all.slice(0, screen.isVerbose ? EVIDENCE_VERBOSE_MAX : EVIDENCE_MAX);
  for (const one of shown) {
    const at = pad16(minuteText(one.at));
    const action = shorten(plain(one.action), Math.max(10, screen.width - 20));
    yield ` ${paint.faint(at)}  ${paint.strong(action)}\n`;
    yield paragraph(screen, one.summary, { indent: 19, linesMax: 3 });
    yield `${" ".repeat(19)}${paint.accent(shortenFront(plain(placeText(one)), screen.width - 19))}\n`;
  }
  if (all.length > shown.length) {
    yield ` ${paint.faint(`… and ${counted(all.length - shown.length, "more record")}, see --verbose or the JSON report`)}\n`;
  }
}

function pad16(text: string): string {
  return text.padEnd(16);
}

function* nobody(screen: Screen, finding: ReportFinding): Iterable<string> {
  yield heading(screen, "WHO");
  const text =
    finding.principal === null
      ? "The records name neither an automation nor a person."
      : `The finding is about a person, not an automation: ${finding.principal}.`;
  yield paragraph(screen, text, { indent: 1 });
}

function* whoItIs(screen: Screen, automation: ReportAutomation): Iterable<string> {
  const { paint } = screen;
  yield heading(screen, "THE AUTOMATION");
  yield pieces(
    screen,
    [
      { text: automationName(automation), paint: paint.strong },
      { text: KIND_TITLES[automation.kind] },
      { text: automation.vendor ?? "vendor unknown" },
      { text: `id ${automation.nativeId}`, paint: paint.faint },
    ],
    1,
  );
  yield pieces(screen, activityPieces(automation), 1);
  if (automation.ai !== null) {
    const { provider, category, method, confidence } = automation.ai;
    const how = humanised(method).toLowerCase();
    const text = `AI: ${provider} (${humanised(category).toLowerCase()}), recognised by ${how}, ${percent(confidence)} sure.`;
    yield paragraph(screen, text, { indent: 1 });
  }
  yield* riskLines(screen, automation);
  yield* ownerLines(screen, automation);
  yield* grantLines(screen, automation);
}

function activityPieces(automation: ReportAutomation): { text: string }[] {
  const { firstSeenAt, lastSeenAt, eventCount, classification } = automation;
  return [
    { text: `judged ${CLASSIFICATION_TITLES[classification].toLowerCase()}` },
    { text: counted(eventCount, "event") },
    { text: `seen ${dayText(firstSeenAt)} – ${dayText(lastSeenAt)}` },
  ];
}

function* riskLines(screen: Screen, { risk }: ReportAutomation): Iterable<string> {
  const { paint } = screen;
  const score = paint.severity(risk.level)(`${Math.round(risk.score)} of 100, ${risk.level}`);
  yield `\n ${label(screen, "Risk")}${bar(screen, risk.score, risk.level, 20)} ${score}\n`;
  for (const { points, text } of risk.reasons) {
    const mark = `${LABEL_BLANK}${`${points < 0 ? "−" : "+"}${Math.abs(Math.round(points))}`.padStart(4)}  `;
    yield paragraph(screen, text, { indent: mark.length, mark });
  }
}

const LABEL = 10;
const LABEL_BLANK = " ".repeat(LABEL + 1);

function label(screen: Screen, text: string): string {
  return screen.paint.faint(text.padEnd(LABEL));
}

function* ownerLines(screen: Screen, { owners }: ReportAutomation): Iterable<string> {
  const texts =
    owners.length === 0
      ? [
          "Nobody known. Ask who uses it before it is stopped; an automation without an owner is a risk by itself.",
        ]
      : owners.map(
          ({ principal, confidence, evidence: ground }) =>
            `${principal}, ${percent(confidence)} sure: ${ground}`,
        );
  yield* labelled(screen, "Owner", texts.slice(0, GRANTS_MAX));
}

function* grantLines(screen: Screen, automation: ReportAutomation): Iterable<string> {
  const { grants } = automation;
  const texts = grants.slice(0, GRANTS_MAX).map(grantText);
  if (grants.length > GRANTS_MAX)
    texts.push(`… and ${counted(grants.length - GRANTS_MAX, "more grant")}`);
  yield* labelled(
    screen,
    "Let in",
    texts.length === 0 ? ["No grant in the records given."] : texts,
  );
  const scopes = scopesByWeight(automation);
  const shown = scopes.slice(0, SCOPES_MAX).map(shortScope).join(", ");
  const rest = scopes.length > SCOPES_MAX ? ` and ${scopes.length - SCOPES_MAX} more` : "";
  yield* labelled(screen, "May reach", [
    scopes.length === 0 ? "No scopes known." : `${shown}${rest}`,
  ]);
  const damage = blastText(automation);
  if (damage !== null) yield* labelled(screen, "At stake", [`${damage}.`]);
  const spare = privilegeTexts(automation);
  if (spare.length > 0) yield* labelled(screen, "Too much", spare);
}

function grantText({ principal, consent, grantedBy, at }: Grant): string {
  const who = principal === null ? "" : `For ${principal}, `;
  const how = consent === "tenant" || principal !== null ? "" : "For the whole tenant, ";
  const by = grantedBy === null || grantedBy === principal ? "" : `, given by ${grantedBy}`;
  const when = at === null ? "" : `, on ${dayText(at)}`;
  const text = `${who}${how}${CONSENT_TITLES[consent]}${by}${when}`;
  return text.slice(0, 1).toUpperCase() + text.slice(1);
}

function* labelled(screen: Screen, name: string, texts: readonly string[]): Iterable<string> {
  let mark = ` ${name.padEnd(LABEL)}`;
  for (const text of texts) {
    const lines = paragraph(screen, text, { indent: LABEL + 1, mark });
    yield lines.replace(mark, ` ${label(screen, mark.trim())}`);
    mark = LABEL_BLANK;
  }
}

function* techniques(screen: Screen, finding: ReportFinding): Iterable<string> {
  const named = namedTechniques(finding);
  if (named.length === 0) return;
  yield heading(screen, "TECHNIQUES");
  for (const one of named) yield techniqueLine(screen, one);
}

function techniqueLine(screen: Screen, { id, framework, name }: NamedTechnique): string {
  const shownId = shorten(plain(id), 14);
  const blanks = " ".repeat(Math.max(1, 15 - cells(shownId)));
  const text = [framework, name ?? ""].filter((part) => part !== "").join(": ");
  const shown = shorten(text, screen.width - 17);
  return `${` ${screen.paint.accent(shownId)}${blanks}${shown}`.trimEnd()}\n`;
}

function* toDo(
  screen: Screen,
  finding: ReportFinding,
  automation: ReportAutomation | undefined,
): Iterable<string> {
  yield heading(screen, "HOW TO CHECK");
  for (const [i, check] of checksFor(finding.attackType).entries()) {
    yield paragraph(screen, check, { indent: 4, mark: ` ${i + 1}.` });
  }
  const { contain, remove } = adviceFor(finding.platform, automation?.kind ?? null);
  yield heading(screen, "WHAT TO DO");
  yield paragraph(screen, contain, { indent: 4, mark: " 1." });
  yield paragraph(screen, remove, { indent: 4, mark: " 2." });
  yield paragraph(
    screen,
    "Keep the evidence lines above: vendors delete their logs after a while.",
    {
      indent: 4,
      mark: " 3.",
    },
  );
  yield "\n";
}
