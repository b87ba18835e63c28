/** The page docs/quality.md, and its pictures, out of stored evaluations. */

import { compareText } from "#base/order.ts";
import { AttackType } from "#contract/finding.ts";
import { PLATFORM_TITLES, Platform } from "#contract/platform.ts";
import type { Evaluation, QualitySpreads, Spread } from "#contract/quality.ts";
import { chartSvg } from "./quality-charts.ts";
import { ATTACK_TITLES, grouped } from "./words.ts";

export interface MeasuredQuality {
  /** By stealth, ascending; the same world otherwise. */
  readonly byStealth: readonly Evaluation[];
  /** A world without attacks. */
  readonly peace: Evaluation;
  /** With its ablation; smaller than the others, because everything is judged once a detector. */
  readonly ablation: Evaluation;
  /** Why figures miss their targets: written by hand, in Markdown. Empty where none does. */
  readonly notes: string;
}

/** What the figures are held against, at the stealth that each names. */
interface Target {
  readonly what: string;
  readonly stealth: number | "peace";
  readonly limit: number;
  readonly isCeiling: boolean;
  readonly isShare: boolean;
  of(summary: QualitySpreads): number | null;
}

const TARGETS: readonly Target[] = [
  atLeast("Precision, automations", 0.3, 0.97, (summary) => summary.automations.precision.median),
  atLeast("Recall, automations", 0.3, 0.97, (summary) => summary.automations.recall.median),
  atLeast("Precision, automations", 0.7, 0.95, (summary) => summary.automations.precision.median),
  atLeast("Recall, automations", 0.7, 0.85, (summary) => summary.automations.recall.median),
  {
    ...atLeast(
      "False-positive rate, automations",
      0.3,
      0.01,
      (summary) => summary.automations.falsePositiveRate.median,
    ),
    isCeiling: true,
  },
  {
    ...atLeast(
      "Alerts for 1,000 automations a day, without attacks",
      "peace",
      1,
      (summary) => summary.alerts.perThousandPerDay.median,
    ),
    isCeiling: true,
    isShare: false,
  },
  atLeast("Least recall of any kind of attack", 0.3, 0.9, (summary) =>
    least(Object.values(summary.byAttackType).map(({ recall }) => recall.median)),
  ),
  atLeast("Least recall of any platform", 0.3, 0.9, (summary) =>
    least(Object.values(summary.byPlatform).map(({ recall }) => recall.median)),
  ),
];

function atLeast(
  what: string,
  stealth: Target["stealth"],
  limit: number,
  of: Target["of"],
): Target {
  return { what, stealth, limit, of, isCeiling: false, isShare: true };
}

function least(values: readonly (number | null)[]): number | null {
  const known = values.filter((value) => value !== null);
  return known.length === 0 ? null : Math.min(...known);
}

/** The stealth at which single attacks, detectors and look-alikes are shown. */
const SHOWN_AT = 0.3;
const STEALTHY_AT = 0.7;

export function qualityPage(measured: MeasuredQuality): string {
  const { byStealth, peace, ablation, notes } = measured;
  const [first] = byStealth;
  const shown = atStealth(byStealth, SHOWN_AT) ?? first;
  if (first === undefined || shown === undefined) throw new Error("nothing was measured");
  const parts = [
    `# Quality, measured

<!-- Written by \`node scripts/quality.ts\` out of bench/quality. Change those, not this page. -->

How many of the attacked automations Singura suspects (**recall**), and how many of those that it suspects are attacked
(**precision**), measured on ${shown.settings.seeds.length} simulated companies of ${grouped(shown.settings.automations ?? 0)} automations over ${shown.settings.days} days, with ${shown.settings.detectors} detectors.
Figures are medians over the seeds ${seedsText(shown)}; least and greatest in brackets. Nobody tunes on these seeds: seeds 1 to 20
are there for that. [evaluation.md](evaluation.md) says how each figure is counted and how to measure yourself.`,
    overallPart(byStealth, peace),
    targetsPart(measured),
    notes.trim() === "" ? "" : `## Where a target is missed, and why\n\n${notes.trim()}`,
    picturesPart(),
    typesPart(byStealth),
    scenariosPart(shown, atStealth(byStealth, STEALTHY_AT) ?? shown),
    lookalikesPart(shown, peace),
    detectorsPart(shown),
    ablationPart(ablation),
    madePart(measured),
    LIMITS,
  ];
  return `${parts.filter((part) => part !== "").join("\n\n")}\n`;
}

function atStealth(evaluations: readonly Evaluation[], stealth: number): Evaluation | undefined {
  return evaluations.find(({ settings }) => settings.stealth === stealth);
}

function overallPart(byStealth: readonly Evaluation[], peace: Evaluation): string {
  const rows = byStealth.map(({ settings, summary }) => {
    const { automations, alerts, hoursToDetect } = summary;
    return [
      String(settings.stealth),
      `${settings.seeds.length} × ${grouped(settings.automations ?? 0)}`,
      spread(automations.precision),
      spread(automations.recall),
      decimal(automations.f1.median, 3),
      decimal(automations.auc.median, 3),
      share(automations.falsePositiveRate.median, 2),
      hours(hoursToDetect.median.median),
      decimal(alerts.falsePerThousandPerDay.median, 2),
    ];
  });
  const people = byStealth.map(({ settings, summary: { people: one, total } }) => [
    String(settings.stealth),
    spread(one.precision),
    spread(one.recall),
    spread(total.precision),
    spread(total.recall),
    decimal(total.auc.median, 3),
  ]);
  const { alerts, automations } = peace.summary;
  return `## Overall

Stealth is the dial of the attacks: 0 is blatant, 1 as hidden as their authors know how.

${markdownTable(["stealth", "companies × automations", "precision", "recall", "F1", "area under curve", "false-positive rate", "time to detect", "false alerts¹"], rows)}

¹ For 1,000 automations a day. An alert is the first day on which an automation or person becomes suspicious, and each later
day on which its risk rises by a level.

In a company without any attack there are ${decimal(alerts.perThousandPerDay.median, 2)} alerts for 1,000 automations a day (${range(alerts.perThousandPerDay, 2)}), and ${share(automations.falsePositiveRate.median, 2)} of the
automations are suspected by the end.

Some attacks have no automation in them; there the truth is about a person.

${markdownTable(["stealth", "people: precision", "recall", "both: precision", "recall", "area under curve"], people)}`;
}

function targetsPart({ byStealth, peace }: MeasuredQuality): string {
  const rows = TARGETS.map(({ what, stealth, limit, isCeiling, isShare, of }) => {
    const evaluation = stealth === "peace" ? peace : atStealth(byStealth, stealth);
    const value = evaluation === undefined ? null : of(evaluation.summary);
    const isReached = value !== null && (isCeiling ? value <= limit : value >= limit);
    const written = (number: number | null) =>
      isShare ? share(number, limit < 0.1 ? 2 : 1) : decimal(number, 2);
    return [
      what,
      stealth === "peace" ? "–" : String(stealth),
      `${isCeiling ? "≤" : "≥"} ${written(limit)}`,
      written(value),
      isReached ? "reached" : "**missed**",
    ];
  });
  return `## Against the targets

${markdownTable(["figure", "stealth", "target", "measured", ""], rows)}`;
}

function picturesPart(): string {
  return `## Pictures

![Precision against recall for each stealth](images/quality-curve.svg)

The curve ranks automations and people by their risk score: each point is what precision and recall would be if everybody with
that score or more were suspected. It is drawn over the subjects of all seeds together.

![Recall of automations, and on each platform, against stealth](images/quality-stealth.svg)`;
}

function typesPart(byStealth: readonly Evaluation[]): string {
  const stealths = byStealth.map(({ settings }) => `recall at ${settings.stealth}`);
  const shown = atStealth(byStealth, SHOWN_AT) ?? byStealth[0];
  const typeRows = AttackType.options.map((type) => [
    ATTACK_TITLES[type],
    ...byStealth.map(({ summary }) => spread(summary.byAttackType[type]?.recall)),
    share(shown?.summary.byAttackType[type]?.precision.median ?? null),
  ]);
  const used = Platform.options.filter((id) => shown?.summary.byPlatform[id] !== undefined);
  const platformRows = used.map((id) => [
    PLATFORM_TITLES[id],
    ...byStealth.map(({ summary }) => spread(summary.byPlatform[id]?.recall)),
    share(shown?.summary.byPlatform[id]?.precision.median ?? null),
  ]);
  const precision = `precision at ${shown?.settings.stealth ?? ""}`;
  return `## Kinds of attack

${markdownTable(["attack", ...stealths, precision], typeRows)}

A false positive counts for the kind of attack that its worst finding claims.

## Platforms

${markdownTable(["platform", ...stealths, precision], platformRows)}`;
}

function scenariosPart(shown: Evaluation, stealthy: Evaluation): string {
  const rows = Object.entries(shown.summary.byScenario).map(([id, row]) => [
    `\`${id}\``,
    row.title,
    ATTACK_TITLES[row.attackType],
    share(row.recall.median),
    share(stealthy.summary.byScenario[id]?.recall.median ?? null),
    hours(row.hoursToDetect.median),
  ]);
  return `## Attacks, one by one

${markdownTable(
  [
    "scenario",
    "what happens",
    "kind",
    `recall at ${shown.settings.stealth}`,
    `at ${stealthy.settings.stealth}`,
    "found after",
  ],
  rows,
)}`;
}

function lookalikesPart(shown: Evaluation, peace: Evaluation): string {
  const all = { ...peace.summary.lookalikes, ...shown.summary.lookalikes };
  const rows = Object.entries(all)
    .sort(([a], [b]) => compareText(a, b))
    .map(([id, { title, subjects, suspected }]) => [
      `\`${id}\``,
      title,
      `${figure(suspected.median)} of ${figure(subjects.median)}`,
      figure(suspected.max),
    ]);
  return `## Look-alikes

Benign work that causes false alarms elsewhere.

${markdownTable(["scenario", "what happens", "suspected", "at most"], rows)}`;
}

function detectorsPart(shown: Evaluation): string {
  const rows = Object.entries(shown.summary.byDetector).map(([id, row]) => [
    detectorLink(id),
    figure(row.findings.median),
    share(row.precision.median),
    figure(row.falseAlarms.median),
    figure(row.labels.median),
    share(row.recall.median),
  ]);
  return `## Detectors

At stealth ${shown.settings.stealth}. Precision counts single findings, the mild ones too, which raise no alarm by themselves; false alarms are those of
severity medium or worse. Recall is over the attacks with a technique that the detector claims.

${markdownTable(["detector", "findings", "precision", "false alarms", "its attacks", "recall"], rows)}`;
}

/** The chains' maker is no detector with a folder. */
function detectorLink(id: string): string {
  return id === "attack-chain"
    ? "attack-chain (findings that belong together)"
    : `[${id}](../src/engine/detectors/${id}/README.md)`;
}

function ablationPart({ ablation, settings }: Evaluation): string {
  if (ablation === null) return "";
  const told = ablation.filter(({ recall, precision, auc, falseAlarmsAlone }) =>
    [recall, precision, auc, falseAlarmsAlone].some(({ min, max }) => min !== 0 || max !== 0),
  );
  const rows = told.map((row) => [
    detectorLink(row.detector),
    points(row.recall),
    points(row.precision),
    points(row.auc),
    `${figure(row.caughtAlone.median)} (${figure(row.caughtAlone.max)})`,
    `${figure(row.falseAlarmsAlone.median)} (${figure(row.falseAlarmsAlone.max)})`,
  ]);
  const others = ablation.length - told.length;
  return `## What each detector adds

Everything judged again without one detector, over automations and people: what it adds, in percentage points, positive where the
figure is better with it. "Caught alone" are attacked subjects that nobody else suspects, "wrong alone" the innocent; medians, and
the greatest in brackets. ${settings.seeds.length} companies of ${grouped(settings.automations ?? 0)} automations, seeds ${settings.seeds.join(", ")}, stealth ${settings.stealth}.

${markdownTable(["detector", "recall", "precision", "area under curve", "caught alone", "wrong alone"], rows)}

Without any one of the other ${others} detectors nothing would change in these worlds: each found nothing, or only what others found, too.
That is no proof against them: most attacks are made so that several things show.`;
}

function madePart({ byStealth, peace, ablation }: MeasuredQuality): string {
  const commands = [...byStealth, peace, ablation].map(commandOf);
  return `## How it was made

\`\`\`
node scripts/quality.ts --measure
\`\`\`

measures all of this and writes this page. Each part by itself:

\`\`\`
${commands.join("\n")}
\`\`\`

The same seed gives the same company, record by record, on every machine, so the single runs are not kept. Its raw vendor records
take the way of every scan: recognised by content, normalised, freed of duplicates, folded into profiles, judged. Labels stand in a file of their own, and
no detector can read them.`;
}

function commandOf({ settings, ablation }: Evaluation): string {
  return [
    `singura evaluate --seed ${seedsText({ settings })}`,
    `--automations ${settings.automations}`,
    `--days ${settings.days}`,
    `--stealth ${settings.stealth}`,
    `--attacks ${settings.attacks}`,
    ...(ablation === null ? [] : ["--ablation"]),
  ].join(" ");
}

function seedsText({ settings: { seeds } }: Pick<Evaluation, "settings">): string {
  const [first = 0] = seeds;
  const isRange = seeds.length > 1 && seeds.every((seed, index) => seed === first + index);
  return isRange ? `${first}-${seeds.at(-1)}` : seeds.join(",");
}

const LIMITS = `## What these figures do not say

- The simulated companies were written by the people who wrote the detectors. However strictly the two are kept apart, both know the
  same attacks. A real intruder does things that neither thought of, and for those no figure is given here.
- Everyday work is simulated, too, and real companies are messier. Expect more false alarms in the first weeks than these, above all
  from apps that are let in by the hundred, from migrations, and from habits that nobody simulated.
- Every company here exports all the logs that Singura reads. Who leaves one out cannot find what only that one tells.
- The share of attacked automations is far higher than in life. Recall and the false-positive rate do not depend on it, but precision
  does: with fewer attacks among as much everyday work, the same rates give a lower precision.
- A false positive is one automation that is suspected by the end of the run, however many findings it has. Time to detect contains
  the wait for the end of the window, mostly a UTC day.`;

/** Precision-recall curves, one for each stealth. */
export function curvePicture(byStealth: readonly Evaluation[]): string {
  return chartSvg({
    title: "Precision and recall, ranked by risk score",
    description: byStealth
      .map(
        ({ settings, summary }) =>
          `Stealth ${settings.stealth}: area under the curve ${decimal(summary.total.auc.median, 3)}.`,
      )
      .join(" "),
    xTitle: "Recall",
    yTitle: "Precision",
    xFormat: "percent",
    isStepped: true,
    series: byStealth.map(({ settings, curve }) => ({
      name: `stealth ${settings.stealth}`,
      points: curve.map(({ recall, precision }) => ({ x: recall, y: precision })),
    })),
  });
}

/** Recall against stealth: of all automations with the spread over the seeds, and of each platform. */
export function stealthPicture(byStealth: readonly Evaluation[]): string {
  const at = (of: (summary: QualitySpreads) => Spread | undefined) =>
    byStealth.flatMap(({ settings, summary }) => {
      const { median = null, min = null, max = null } = of(summary) ?? {};
      const { stealth } = settings;
      if (stealth === null || median === null) return [];
      return [{ x: stealth, y: median, low: min ?? median, high: max ?? median }];
    });
  const automations = at((summary) => summary.automations.recall);
  const platforms = Platform.options.filter((id) =>
    byStealth.some(({ summary }) => summary.byPlatform[id] !== undefined),
  );
  return chartSvg({
    title: "Recall against stealth",
    description: automations
      .map(({ x, y }) => `Stealth ${x}: recall of automations ${share(y)}.`)
      .join(" "),
    xTitle: "Stealth: 0 blatant, 1 as hidden as can be",
    yTitle: "Recall",
    xFormat: "number",
    isStepped: false,
    series: [
      { name: "all automations", points: automations, band: automations },
      ...platforms.map((id) => ({
        name: PLATFORM_TITLES[id],
        points: at((summary) => summary.byPlatform[id]?.recall),
      })),
    ],
  });
}

function markdownTable(header: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) =>
    `| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`;
  return [line(header), line(header.map(() => "---")), ...rows.map(line)].join("\n");
}

/** "97.1 % (95.0–98.4)" */
function spread(value: Spread | undefined): string {
  if (value === undefined || value.median === null) return "–";
  const { median, min, max } = value;
  return min === max ? share(median) : `${share(median)} (${hundred(min)}–${hundred(max)})`;
}

function hundred(value: number | null): string {
  return value === null ? "–" : (value * 100).toFixed(1);
}

function range({ min, max }: Spread, decimals: number): string {
  return `${decimal(min, decimals)}–${decimal(max, decimals)}`;
}

function share(value: number | null, decimals = 1): string {
  return value === null ? "–" : `${(value * 100).toFixed(decimals)} %`;
}

function points({ median }: Spread): string {
  if (median === null) return "–";
  const value = median * 100;
  return Math.abs(value) < 0.05 ? "0" : `${value > 0 ? "+" : "−"}${Math.abs(value).toFixed(1)}`;
}

function figure(value: number | null): string {
  if (value === null) return "–";
  return Number.isInteger(value) ? grouped(value) : value.toFixed(1);
}

function decimal(value: number | null, decimals: number): string {
  return value === null ? "–" : value.toFixed(decimals);
}

function hours(value: number | null): string {
  if (value === null) return "–";
  return value < 48 ? `${value.toFixed(0)} h` : `${(value / 24).toFixed(1)} days`;
}
