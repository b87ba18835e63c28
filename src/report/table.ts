/** The default terminal view: what was read, what was found, which automations there are, and what to do next. */

import { PLATFORM_TITLES } from "#contract/platform.ts";
import type { Report, ReportAutomation, ReportFinding, ReportSource } from "#contract/report.ts";
import { cells, pad, shorten, shortenFront } from "./cells.ts";
import { scopesByWeight, shortScope } from "./reach.ts";
import type { Renderer } from "./renderer.ts";
import { plain } from "./safe.ts";
import {
  bar,
  type Column,
  columns,
  heading,
  type Piece,
  paragraph,
  pieces,
  type Screen,
  screenOf,
} from "./screen.ts";
import {
  automationName,
  automationsById,
  counted,
  coveredPeriod,
  dayText,
  durationText,
  grouped,
  isAnythingUnderstood,
  KIND_TITLES,
  minuteText,
  PLATFORM_NAMES,
  percent,
  placeText,
  subjectText,
  WORST_FIRST,
  windowText,
} from "./words.ts";

export const table: Renderer = {
  id: "table",
  title: "Terminal view",
  mediaType: "text/plain; charset=utf-8",
  extension: "txt",
  *render(report, options = {}) {
    const screen = screenOf(options);
    yield* summary(screen, report);
    if (options.of !== "automations") yield* findings(screen, report);
    yield* automations(screen, report);
    yield* sources(screen, report);
    yield* quarantine(screen, report);
    yield* next(screen, report);
  },
};

/** Rows shown of each list; the rest is counted and named where to find. */
interface Caps {
  findings: number;
  evidence: number;
  automations: number;
  sources: number;
  quarantine: number;
}
const BRIEF: Caps = { findings: 20, evidence: 1, automations: 25, sources: 10, quarantine: 3 };
const VERBOSE: Caps = {
  findings: 200,
  evidence: 5,
  automations: 500,
  sources: 200,
  quarantine: 20,
};

function capsOf(screen: Screen): Caps {
  return screen.isVerbose ? VERBOSE : BRIEF;
}

function* summary(screen: Screen, report: Report): Iterable<string> {
  const { paint, width } = screen;
  const { summary: sums } = report;
  const stamp = `${minuteText(report.generatedAt)} UTC`;
  const title = "Singura scan";
  const gap = " ".repeat(Math.max(1, width - title.length - stamp.length - 1));
  yield `\n ${paint.accent("◆")} ${paint.strong(title)}${gap.slice(2)}${paint.faint(stamp)}\n\n`;
  yield pieces(screen, readPieces(screen, report), 1);
  const ais = report.automations.filter(({ ai }) => ai !== null).length;
  yield pieces(
    screen,
    [
      { text: counted(sums.automations, "automation"), paint: paint.strong },
      ais === 0 ? null : { text: `${grouped(ais)} of them AI` },
      { text: counted(sums.findings, "finding"), paint: paint.strong },
      ...severityPieces(screen, report),
    ],
    1,
  );
  const period = coveredPeriod(report);
  if (period.from !== null && period.to !== null) {
    const days = `${dayText(period.from)} – ${dayText(period.to)}`;
    yield pieces(
      screen,
      [{ text: `records from ${days}` }, { text: `took ${durationText(sums.durationMs)}` }].map(
        (piece) => ({ ...piece, paint: paint.faint }),
      ),
      1,
    );
  }
}

function readPieces(screen: Screen, { summary: sums }: Report): (Piece | null)[] {
  const { warn, faint } = screen.paint;
  return [
    { text: counted(sums.files, "file") },
    { text: counted(sums.records, "record") },
    { text: counted(sums.events, "event") },
    sums.inventory === 0 ? null : { text: counted(sums.inventory, "inventory row") },
    { text: counted(sums.duplicates, "duplicate"), paint: faint },
    sums.outside === 0
      ? null
      : { text: `${grouped(sums.outside)} left out by the filter`, paint: faint },
    {
      text: `${grouped(sums.quarantined)} quarantined`,
      paint: sums.quarantined > 0 ? warn : faint,
    },
  ];
}

function severityPieces(screen: Screen, report: Report): Piece[] {
  return WORST_FIRST.filter((severity) => report.summary.bySeverity[severity] > 0).map(
    (severity) => ({
      text: `${grouped(report.summary.bySeverity[severity])} ${severity}`,
      paint: screen.paint.severity(severity),
    }),
  );
}

function* findings(screen: Screen, report: Report): Iterable<string> {
  const { findings: all } = report;
  yield heading(screen, "FINDINGS", all.length === 0 ? "" : grouped(all.length));
  if (all.length === 0) {
    yield paragraph(screen, nothingFound(report), { indent: 1 });
    return;
  }
  const known = automationsById(report);
  const shown = all.slice(0, capsOf(screen).findings);
  for (const finding of shown) {
    yield* findingBlock(screen, finding, known.get(finding.automationId ?? ""));
  }
  yield more(screen, all.length - shown.length, "finding");
}

/** Honest about an empty list: what was looked at decides what "nothing" means. */
function nothingFound(report: Report): string {
  const { summary: sums, automations: all, sources: read } = report;
  if (!isAnythingUnderstood(report)) {
    return sums.records === 0
      ? "No findings, because nothing was read: the files hold no records. Give `singura scan` exported audit logs; `singura formats` lists what it reads."
      : `No findings, because none of the ${counted(sums.records, "record")} was understood. See SOURCES and QUARANTINED below; \`singura formats\` lists what Singura reads.`;
  }
  if (sums.events === 0 && sums.outside > 0) {
    return `Nothing was judged: the filter (--since, --until, --platform) left out all ${counted(sums.outside, "event")}.`;
  }
  const services = new Set(read.map(({ service }) => service).filter((one) => one !== null));
  const from = services.size === 0 ? "" : ` of ${[...services].slice(0, 6).join(", ")}`;
  const unread =
    sums.quarantined > 0
      ? ` ${counted(sums.quarantined, "record")} could not be read and ${sums.quarantined === 1 ? "was" : "were"} not judged.`
      : "";
  const outside =
    sums.outside === 0 ? "" : ` The filter left out ${counted(sums.outside, "event")}.`;
  return `Nothing found. ${counted(sums.events, "event")}${from} and ${counted(all.length, "automation")} were judged, and no detector saw anything unusual. That says nothing about logs that were not given.${outside}${unread}`;
}

function* findingBlock(
  screen: Screen,
  finding: ReportFinding,
  automation: ReportAutomation | undefined,
): Iterable<string> {
  const { paint } = screen;
  const indent = 11;
  yield headline(screen, finding, indent);
  yield pieces(
    screen,
    [
      { text: subjectText(finding, automation), paint: paint.accent, max: 48 },
      { text: whatText(finding, automation) },
      { text: `${percent(finding.confidence)} sure` },
      { text: windowText(finding.window) },
    ],
    indent,
  );
  yield paragraph(screen, finding.explanation, { indent, linesMax: screen.isVerbose ? 12 : 4 });
  yield* evidenceLines(screen, finding, indent);
}

/** From this width on, title and id share a line; below, the id stands beside the badge. */
const TITLE_AND_ID_FROM = 84;

function headline(screen: Screen, finding: ReportFinding, indent: number): string {
  const { paint, width } = screen;
  const badge = ` ${finding.severity.toUpperCase()} `;
  const start = `\n${paint.badge(finding.severity)(badge)}${" ".repeat(indent - badge.length)}`;
  const id = shorten(plain(finding.id), 20);
  if (width < TITLE_AND_ID_FROM) {
    const title = paragraph(screen, finding.title, { indent, paint: paint.strong });
    return `${start}${paint.faint(id)}\n${title}`;
  }
  const title = shorten(plain(finding.title), width - indent - cells(id) - 3);
  const blanks = " ".repeat(Math.max(1, width - indent - cells(title) - cells(id) - 1));
  return `${start}${paint.strong(title)}${blanks}${paint.faint(id)}\n`;
}

/** "OAuth app on Slack" */
function whatText(finding: ReportFinding, automation: ReportAutomation | undefined): string {
  const platform = PLATFORM_TITLES[finding.platform];
  return automation === undefined ? platform : `${KIND_TITLES[automation.kind]} on ${platform}`;
}

function* evidenceLines(screen: Screen, finding: ReportFinding, indent: number): Iterable<string> {
  const { paint, width } = screen;
  const techniques = finding.techniques.join(" ");
  const shown = finding.evidence.slice(0, capsOf(screen).evidence);
  const left = finding.evidence.length - shown.length;
  const last = left > 0 ? `  +${grouped(left)} more` : "";
  const mitre = screen.isVerbose ? finding.mitre.attack.join(" ") : "";
  const ids = [techniques, mitre].filter((text) => text !== "").join("  ");
  const margin = " ".repeat(indent);
  if (shown.length === 0) {
    if (ids !== "") yield `${margin}${paint.faint(shorten(ids, width - indent))}\n`;
    return;
  }
  const prefix = ids === "" ? "" : `${shorten(ids, 30)}  `;
  for (const [i, evidence] of shown.entries()) {
    const start = i === 0 ? prefix : " ".repeat(cells(prefix));
    const end = i === shown.length - 1 ? last : "";
    const place = shortenFront(
      plain(placeText(evidence)),
      width - indent - cells(start) - cells(end),
    );
    yield `${margin}${paint.faint(start)}${place}${paint.faint(end)}\n`;
  }
}

function* automations(screen: Screen, report: Report): Iterable<string> {
  const { automations: all } = report;
  yield heading(
    screen,
    "AUTOMATIONS",
    all.length === 0 ? "" : `${grouped(all.length)}, riskiest first`,
  );
  if (all.length === 0) {
    const text =
      report.summary.records === 0
        ? "None: no records were read."
        : "None: no record names an app, bot, service account, script, workflow, webhook, key or agent.";
    yield paragraph(screen, text, { indent: 1 });
    return;
  }
  const shown = all.slice(0, capsOf(screen).automations);
  const [header, ...rows] = columns(screen, automationColumns(screen), shown);
  yield header ?? "";
  for (const [i, automation] of shown.entries()) {
    yield rows[i] ?? "";
    if (screen.width < WIDE_FROM) yield secondLine(screen, automation);
  }
  yield more(screen, all.length - shown.length, "automation");
}

/** Below this the table has room for four columns; the rest goes to the second line. */
const NARROW_BELOW = 76;
/** From this width on, owner and reach are columns; below they share a second line. */
const WIDE_FROM = 140;
const VENDOR_FROM = 170;
const BAR = 8;

function automationColumns(screen: Screen): Column<ReportAutomation>[] {
  const { paint } = screen;
  const risk: Column<ReportAutomation> = {
    title: "RISK",
    min: 4,
    ideal: 4,
    isRight: true,
    text: ({ risk: { score } }) => String(Math.round(score)),
    paint: ({ risk: { level } }) => paint.severity(level),
  };
  const strength: Column<ReportAutomation> = {
    title: "",
    min: BAR,
    ideal: BAR,
    text: () => "━".repeat(BAR),
    paint:
      ({ risk: { score, level } }) =>
      () =>
        bar(screen, score, level, BAR),
  };
  const name: Column<ReportAutomation> = {
    title: "AUTOMATION",
    min: 16,
    ideal: 34,
    text: (automation) => (automation.ai === null ? "" : "AI ") + automationName(automation).trim(),
    paint: ({ ai }) => (ai === null ? paint.strong : marked(screen)),
  };
  if (screen.width < NARROW_BELOW) return [risk, name, platform, seen];
  if (screen.width < WIDE_FROM) return [risk, strength, name, kind, platform, seen];
  if (screen.width < VENDOR_FROM) return [risk, strength, name, kind, platform, owner, reach, seen];
  return [risk, strength, name, kind, platform, vendor, owner, reach, seen];
}

/** Paints the mark "AI" apart from the name that follows it. */
function marked({ paint }: Screen): (text: string) => string {
  return (text) => paint.accent(text.slice(0, 2)) + paint.strong(text.slice(2));
}

const kind: Column<ReportAutomation> = {
  title: "KIND",
  min: 15,
  ideal: 15,
  text: (automation) => KIND_TITLES[automation.kind],
};
const platform: Column<ReportAutomation> = {
  title: "PLATFORM",
  min: 10,
  ideal: 10,
  text: (automation) => PLATFORM_NAMES[automation.platform],
};
const vendor: Column<ReportAutomation> = {
  title: "VENDOR",
  min: 8,
  ideal: 16,
  text: (automation) => automation.vendor ?? "–",
};
const owner: Column<ReportAutomation> = {
  title: "OWNER",
  min: 14,
  ideal: 28,
  text: ownerText,
};
const reach: Column<ReportAutomation> = {
  title: "REACH",
  min: 24,
  ideal: 56,
  text: (automation) => reachText(automation, 3),
};
const seen: Column<ReportAutomation> = {
  title: "LAST SEEN",
  min: 10,
  ideal: 10,
  text: (automation) => (automation.lastSeenAt === null ? "–" : dayText(automation.lastSeenAt)),
};

function ownerText({ owners }: ReportAutomation): string {
  const [first] = owners;
  if (first === undefined) return "no owner known";
  return `${first.principal} ${percent(first.confidence)}`;
}

function reachText(automation: ReportAutomation, max: number): string {
  const scopes = scopesByWeight(automation);
  if (scopes.length === 0) return "no scopes known";
  const shown = scopes.slice(0, max).map(shortScope).join(", ");
  return scopes.length > max ? `${shown} +${scopes.length - max}` : shown;
}

function secondLine(screen: Screen, automation: ReportAutomation): string {
  const indent = screen.width < NARROW_BELOW ? 7 : 17;
  const { faint, warn } = screen.paint;
  const hasOwner = automation.owners.length > 0;
  const items: (Piece | null)[] = [
    screen.width < NARROW_BELOW ? { text: KIND_TITLES[automation.kind], paint: faint } : null,
    automation.vendor === null ? null : { text: automation.vendor, paint: faint },
    { text: ownerText(automation), paint: hasOwner ? faint : warn },
    { text: reachText(automation, 2), paint: faint },
  ];
  return pieces(screen, items, indent);
}

function* sources(screen: Screen, report: Report): Iterable<string> {
  const { sources: all } = report;
  yield heading(screen, "SOURCES", all.length === 0 ? "" : grouped(all.length));
  if (all.length === 0) {
    yield paragraph(screen, "No file was read.", { indent: 1 });
    return;
  }
  const shown = all.slice(0, capsOf(screen).sources);
  yield* columns(screen, sourceColumns(screen), shown);
  yield more(screen, all.length - shown.length, "source");
}

function sourceColumns(screen: Screen): Column<ReportSource>[] {
  const { faint, warn } = screen.paint;
  const file: Column<ReportSource> = {
    title: "FILE",
    min: 18,
    ideal: 60,
    cut: shortenFront,
    text: (source) => source.path,
  };
  const service: Column<ReportSource> = {
    title: "LOG",
    min: 14,
    ideal: 24,
    text: (source) => source.service ?? "not recognised",
    paint: (source) => (source.service === null ? warn : (text) => text),
  };
  const number = (title: string, count: (source: ReportSource) => number) => ({
    title,
    min: Math.max(title.length, 6),
    ideal: 12,
    isRight: true,
    text: (source: ReportSource) => (count(source) === 0 ? "–" : grouped(count(source))),
  });
  const records = number("RECORDS", (source) => source.records);
  const events = number("EVENTS", (source) => source.events);
  const bad = {
    ...number("QUARANTINED", (source) => source.quarantined),
    paint: (source: ReportSource) => (source.quarantined > 0 ? warn : faint),
  };
  const period: Column<ReportSource> = {
    title: "PERIOD",
    min: 23,
    ideal: 23,
    text: ({ from, to }) =>
      from === null && to === null ? "undated" : `${dayText(from)} – ${dayText(to)}`,
  };
  if (screen.width < 76) return [file, service, records, bad];
  if (screen.width < 112) return [file, service, records, events, bad];
  return [file, service, records, events, bad, period];
}

function* quarantine(screen: Screen, report: Report): Iterable<string> {
  const total = report.summary.quarantined;
  if (total === 0) return;
  yield heading(screen, "QUARANTINED", counted(total, "record"));
  yield paragraph(
    screen,
    "These records were not understood, so nothing about them was judged. Check that the files are whole exports of a log that `singura formats` lists, then scan them again: records already read are recognised and counted once.",
    { indent: 1 },
  );
  const { warn } = screen.paint;
  const shown = report.quarantine.slice(0, capsOf(screen).quarantine);
  for (const item of shown) {
    const place = shortenFront(plain(placeText(item)), Math.floor(screen.width / 2));
    const room = Math.max(8, screen.width - cells(place) - 5);
    yield ` ${warn("!")} ${pad(place, 0)}  ${screen.paint.faint(shorten(plain(item.reason), room))}\n`;
  }
  if (total > shown.length) yield more(screen, total - shown.length, "record");
}

/** The line that says how much was left out and where it is. */
function more(screen: Screen, count: number, one: string): string {
  if (count <= 0) return "";
  const hint = screen.isVerbose ? "see --format json" : "see --verbose or --format json";
  return ` ${screen.paint.faint(`… and ${counted(count, `more ${one}`)}, ${hint}`)}\n`;
}

function* next(screen: Screen, report: Report): Iterable<string> {
  yield heading(screen, "NEXT");
  const steps = nextSteps(report);
  const widest = Math.max(...steps.map(([command]) => cells(command)));
  for (const [command, why] of steps) {
    const shown = screen.paint.accent(pad(command, widest));
    if (widest + cells(why) + 4 <= screen.width) yield ` ${shown}  ${screen.paint.faint(why)}\n`;
    else yield ` ${screen.paint.faint(`${why}:`)}\n ${screen.paint.accent(command)}\n`;
  }
  yield "\n";
}

function nextSteps(report: Report): [string, string][] {
  const [worst] = report.findings;
  const steps: [string, string][] = [];
  if (worst !== undefined) {
    const id = /^[\w.:-]+$/.test(worst.id) ? worst.id : "<finding-id>";
    steps.push(["singura scan … --format json --out report.json", "keep this report"]);
    steps.push([`singura explain ${id} --from report.json`, "the worst finding in full"]);
  }
  if (!isAnythingUnderstood(report)) {
    steps.push(["singura formats", "which logs are read, and where to get them"]);
  }
  steps.push(["singura scan … --format html --out report.html", "one page to hand on"]);
  return steps;
}
