/** The terminal view of an evaluation: how good, how sure of it, where it fails, and what each detector is worth. */

import { compareText } from "#base/order.ts";
import type { AttackType } from "#contract/finding.ts";
import { PLATFORM_TITLES, type Platform } from "#contract/platform.ts";
import type { AblationRow, Evaluation, Mistake, Spread } from "#contract/quality.ts";
import { plotCurve } from "./plot.ts";
import type { RenderOptions } from "./renderer.ts";
import {
  type Column,
  columns,
  heading,
  type Piece,
  paragraph,
  pieces,
  type Screen,
  screenOf,
} from "./screen.ts";
import { ATTACK_TITLES, counted, grouped } from "./words.ts";

/** Chunks of text that make the view when joined. */
export function* qualityTable(
  evaluation: Evaluation,
  options: RenderOptions = {},
): Iterable<string> {
  const screen = screenOf(options);
  yield* head(screen, evaluation);
  yield* overall(screen, evaluation);
  yield* curve(screen, evaluation);
  yield* groups(screen, evaluation);
  yield* scenarios(screen, evaluation);
  yield* lookalikes(screen, evaluation);
  yield* detectors(screen, evaluation);
  yield* ablation(screen, evaluation);
  yield* mistakes(screen, evaluation);
}

function* head(screen: Screen, { settings, runs }: Evaluation): Iterable<string> {
  const { paint, width } = screen;
  const stamp = settings.source === "files" ? "records from files" : seedsText(settings.seeds);
  const title = "Singura evaluation";
  const gap = " ".repeat(Math.max(1, width - title.length - stamp.length - 3));
  yield `\n ${paint.accent("◆")} ${paint.strong(title)}${gap}${paint.faint(stamp)}\n\n`;
  const records = runs.reduce((sum, run) => sum + run.records.read, 0);
  const unread = runs.reduce((sum, run) => sum + run.records.unread, 0);
  yield pieces(
    screen,
    [
      settings.automations === null
        ? null
        : { text: `${counted(settings.automations, "automation")} at work` },
      { text: counted(settings.days, "day") },
      settings.stealth === null ? null : { text: `stealth ${settings.stealth}` },
      settings.attacks === null ? null : { text: `attacks for ${share(settings.attacks)} of them` },
      { text: counted(settings.detectors, "detector") },
      { text: counted(records, "record") },
      unread === 0 ? null : { text: `${grouped(unread)} not understood`, paint: paint.warn },
    ],
    1,
  );
}

/** "seed 7", "seeds 101–110", "seeds 1, 5, 9" */
function seedsText(seeds: readonly number[]): string {
  const [first = 0] = seeds;
  const last = seeds.at(-1) ?? first;
  if (seeds.length === 1) return `seed ${first}`;
  const isRange = seeds.every((seed, index) => seed === first + index);
  return `seeds ${isRange ? `${first}–${last}` : seeds.join(", ")}`;
}

interface GroupRow {
  readonly name: string;
  readonly group: Evaluation["summary"]["total"];
}

function* overall(screen: Screen, { summary, runs }: Evaluation): Iterable<string> {
  yield heading(screen, "OVERALL", runs.length > 1 ? `medians of ${runs.length} runs` : "");
  yield* fitting(screen, groupColumns("", runs.length > 1), [
    { name: "Automations", group: summary.automations },
    { name: "People", group: summary.people },
    { name: "Both", group: summary.total },
  ]);
  const { alerts, hoursToDetect, attacks, inventory } = summary;
  yield "\n";
  const facts: (Piece | null)[] = [
    {
      text: `${figure(attacks.caught.median)} of ${figure(attacks.labels.median)} attacks noticed`,
    },
    (attacks.lucky.max ?? 0) === 0
      ? null
      : { text: `${figure(attacks.lucky.median)} suspected for something else` },
    {
      text: `time to detect ${hours(hoursToDetect.median.median)}, nine in ten within ${hours(hoursToDetect.p90.median)}`,
    },
    {
      text: `${decimal(alerts.perThousandPerDay.median)} alerts for 1,000 automations a day, ${decimal(alerts.falsePerThousandPerDay.median)} of them false`,
    },
    inventory.roster.median === 0
      ? null
      : {
          text: `${share(inventory.recall.median)} of ${figure(inventory.roster.median)} automations in the inventory`,
        },
  ];
  yield pieces(screen, facts, 1);
}

function groupColumns(title: string, isSeveral: boolean): Column<GroupRow>[] {
  const ratio = (name: string, of: (row: GroupRow) => Spread): Column<GroupRow> => ({
    title: name,
    min: Math.max(name.length, 7),
    ideal: 22,
    isRight: true,
    text: (row) => spread(of(row), isSeveral && title === ""),
  });
  const count = (name: string, of: (row: GroupRow) => Spread): Column<GroupRow> => ({
    title: name,
    min: 5,
    ideal: 8,
    isRight: true,
    text: (row) => figure(of(row).median),
  });
  return [
    { title, min: 14, ideal: 26, text: ({ name }) => name },
    ratio("PRECISION", ({ group }) => group.precision),
    ratio("RECALL", ({ group }) => group.recall),
    ratio("F1", ({ group }) => group.f1),
    {
      title: "AUC",
      min: 5,
      ideal: 5,
      isRight: true,
      text: ({ group }) => group.auc.median?.toFixed(3) ?? "–",
    },
    {
      title: "FPR",
      min: 7,
      ideal: 8,
      isRight: true,
      text: ({ group }) => share(group.falsePositiveRate.median, 2),
    },
    count("TP", ({ group }) => group.tp),
    count("FP", ({ group }) => group.fp),
    count("FN", ({ group }) => group.fn),
    count("TN", ({ group }) => group.tn),
  ];
}

const PLOT = { columns: 50, rows: 9 };

function* curve(screen: Screen, { curve: points, summary }: Evaluation): Iterable<string> {
  const { paint } = screen;
  const auc = summary.total.auc.median;
  yield heading(
    screen,
    "PRECISION OVER RECALL",
    auc === null ? "" : `by risk score, area ${auc.toFixed(3)}`,
  );
  if (points.length === 0) {
    yield paragraph(screen, "There is no curve: nothing is attacked.", { indent: 1 });
    return;
  }
  const size = { ...PLOT, columns: Math.min(PLOT.columns, screen.width - 10) };
  const drawn = plotCurve(
    points.map(({ recall, precision }) => ({ x: recall, y: precision })),
    size,
  );
  for (const [row, line] of drawn.entries()) {
    const mark = { 0: "100 %", [Math.floor(PLOT.rows / 2)]: " 50 %", [PLOT.rows - 1]: "  0 %" }[
      row
    ];
    yield ` ${paint.faint(`${mark ?? "     "} │`)}${paint.accent(line)}\n`;
  }
  yield ` ${paint.faint(`      └${"─".repeat(size.columns)}`)}\n`;
  const [left, right] = [Math.floor(size.columns / 2), Math.ceil(size.columns / 2) - 3];
  const axis = `0 %${"recall".padStart(left)}${"100 %".padStart(right)}`;
  yield ` ${paint.faint(`       ${axis}`)}\n`;
}

function* groups(screen: Screen, { summary }: Evaluation): Iterable<string> {
  const platforms = entries<Platform, GroupRow["group"]>(summary.byPlatform);
  yield heading(screen, "PLATFORMS");
  yield* fitting(
    screen,
    groupColumns("PLATFORM", false),
    platforms.map(([id, group]) => ({ name: PLATFORM_TITLES[id], group })),
  );
  const types = entries<AttackType, GroupRow["group"]>(summary.byAttackType);
  if (types.length === 0) return;
  yield heading(screen, "KINDS OF ATTACK");
  yield* fitting(
    screen,
    groupColumns("ATTACK", false),
    types.map(([id, group]) => ({ name: ATTACK_TITLES[id], group })),
  );
}

/** The entries of a record of which some keys may lack, with their keys' own type. */
function entries<Key extends string, Value>(
  record: Readonly<Partial<Record<Key, Value>>>,
): [Key, Value][] {
  const found: [Key, Value][] = [];
  for (const key in record) {
    const value = record[key];
    if (value !== undefined) found.push([key, value]);
  }
  return found;
}

const BRIEF_ROWS = 12;
const VERBOSE_ROWS = 500;

function rowsMax(screen: Screen): number {
  return screen.isVerbose ? VERBOSE_ROWS : BRIEF_ROWS;
}

function more(screen: Screen, left: number, what: string): string {
  return left <= 0
    ? ""
    : ` ${screen.paint.faint(`… and ${counted(left, what)} more: --verbose, or --format json`)}\n`;
}

function* scenarios(screen: Screen, { summary }: Evaluation): Iterable<string> {
  const all = Object.entries(summary.byScenario).sort(
    ([a, one], [b, other]) =>
      (one.recall.median ?? 0) - (other.recall.median ?? 0) || compareText(a, b),
  );
  if (all.length === 0) return;
  yield heading(screen, "ATTACKS", `${all.length}, worst found first`);
  const shown = all.slice(0, rowsMax(screen));
  yield* fitting(
    screen,
    [
      {
        title: "RECALL",
        min: 7,
        ideal: 7,
        isRight: true,
        text: ([, row]) => share(row.recall.median),
      },
      { title: "SCENARIO", min: 20, ideal: 32, text: ([id]) => id },
      { title: "WHAT HAPPENS", min: 20, ideal: 52, text: ([, row]) => row.title },
      {
        title: "SUBJECTS",
        min: 8,
        ideal: 8,
        isRight: true,
        text: ([, row]) => figure(row.subjects.median),
      },
      {
        title: "FOUND AFTER",
        min: 11,
        ideal: 11,
        isRight: true,
        text: ([, row]) => hours(row.hoursToDetect.median),
      },
    ],
    shown,
  );
  yield more(screen, all.length - shown.length, "attack");
}

function* lookalikes(screen: Screen, { summary }: Evaluation): Iterable<string> {
  const all = Object.entries(summary.lookalikes).sort(
    ([a, one], [b, other]) =>
      (other.suspected.max ?? 0) - (one.suspected.max ?? 0) || compareText(a, b),
  );
  if (all.length === 0) return;
  const quiet = all.filter(([, { suspected }]) => (suspected.max ?? 0) === 0);
  yield heading(screen, "LOOK-ALIKES", `${quiet.length} of ${all.length} raise no alarm`);
  const shown = (screen.isVerbose ? all : all.filter((one) => !quiet.includes(one))).slice(
    0,
    rowsMax(screen),
  );
  if (shown.length === 0) return;
  yield* fitting(
    screen,
    [
      {
        title: "SUSPECTED",
        min: 9,
        ideal: 16,
        isRight: true,
        text: ([, { suspected, subjects }]) =>
          `${figure(suspected.median)} of ${figure(subjects.median)}`,
      },
      { title: "SCENARIO", min: 20, ideal: 32, text: ([id]) => id },
      { title: "WHAT HAPPENS", min: 20, ideal: 60, text: ([, row]) => row.title },
    ],
    shown,
  );
}

function* detectors(screen: Screen, { summary }: Evaluation): Iterable<string> {
  const all = Object.entries(summary.byDetector).sort(
    ([a, one], [b, other]) =>
      (other.findings.median ?? 0) - (one.findings.median ?? 0) || compareText(a, b),
  );
  const silent = all.filter(([, { findings }]) => (findings.max ?? 0) === 0);
  yield heading(screen, "DETECTORS", `${all.length}, ${silent.length} without a finding`);
  const shown = all.filter((one) => !silent.includes(one)).slice(0, rowsMax(screen) * 2);
  yield* fitting(
    screen,
    [
      { title: "DETECTOR", min: 22, ideal: 32, text: ([id]) => id },
      {
        title: "FINDINGS",
        min: 8,
        ideal: 9,
        isRight: true,
        text: ([, row]) => figure(row.findings.median),
      },
      {
        title: "PRECISION",
        min: 9,
        ideal: 9,
        isRight: true,
        text: ([, row]) => share(row.precision.median),
      },
      {
        title: "FALSE ALARMS",
        min: 12,
        ideal: 12,
        isRight: true,
        text: ([, row]) => figure(row.falseAlarms.median),
      },
      {
        title: "ITS ATTACKS",
        min: 11,
        ideal: 11,
        isRight: true,
        text: ([, row]) => figure(row.labels.median),
      },
      {
        title: "RECALL",
        min: 7,
        ideal: 7,
        isRight: true,
        text: ([, row]) => share(row.recall.median),
      },
    ],
    shown,
  );
  yield more(screen, all.length - silent.length - shown.length, "detector");
}

function* ablation(screen: Screen, { ablation: rows }: Evaluation): Iterable<string> {
  if (rows === null) return;
  const told = rows.filter((row) => screen.isVerbose || !isWithoutTrace(row));
  yield heading(screen, "WITHOUT EACH DETECTOR", "points lost");
  const shown = told.slice(0, rowsMax(screen) * 2);
  const points = (of: (row: AblationRow) => Spread) => (row: AblationRow) => change(of(row).median);
  yield* fitting(
    screen,
    [
      { title: "DETECTOR", min: 22, ideal: 32, text: ({ detector }) => detector },
      { title: "RECALL", min: 8, ideal: 9, isRight: true, text: points(({ recall }) => recall) },
      {
        title: "PRECISION",
        min: 9,
        ideal: 9,
        isRight: true,
        text: points(({ precision }) => precision),
      },
      { title: "AUC", min: 8, ideal: 9, isRight: true, text: points(({ auc }) => auc) },
      {
        title: "CAUGHT ALONE",
        min: 12,
        ideal: 12,
        isRight: true,
        text: (row) => figure(row.caughtAlone.median),
      },
      {
        title: "ALONE WRONG",
        min: 11,
        ideal: 11,
        isRight: true,
        text: (row) => figure(row.falseAlarmsAlone.median),
      },
    ],
    shown,
  );
  yield more(screen, told.length - shown.length, "detector");
  const left = rows.length - told.length;
  if (left > 0) {
    yield paragraph(
      screen,
      `Without any one of the other ${left} nothing would change here: each found nothing, or what others found, too.`,
      { indent: 1, paint: screen.paint.faint },
    );
  }
}

function isWithoutTrace({ recall, precision, auc, falseAlarmsAlone }: AblationRow): boolean {
  return [recall, precision, auc, falseAlarmsAlone].every(
    ({ min, max }) => (min ?? 0) === 0 && (max ?? 0) === 0,
  );
}

function* mistakes(screen: Screen, { runs }: Evaluation): Iterable<string> {
  const seedOf = (seed: number | null) => (seed === null ? "" : String(seed));
  const lists = [
    {
      title: "MISSED",
      what: "subject",
      of: runs.map((run) => ({ seed: run.seed, list: run.missed })),
    },
    {
      title: "FALSE ALARMS",
      what: "alarm",
      of: runs.map((run) => ({ seed: run.seed, list: run.falseAlarms })),
    },
  ];
  for (const { title, what, of } of lists) {
    const all = of.flatMap(({ seed, list }) => list.map((mistake) => ({ seed, mistake })));
    if (all.length === 0) continue;
    yield heading(screen, title, grouped(all.length));
    const shown = all.slice(0, rowsMax(screen));
    const column = (
      name: string,
      min: number,
      ideal: number,
      text: (mistake: Mistake) => string,
    ) => ({
      title: name,
      min,
      ideal,
      text: (row: { mistake: Mistake }) => text(row.mistake),
    });
    yield* fitting<(typeof shown)[number]>(
      screen,
      [
        { title: "SEED", min: 4, ideal: 6, isRight: true, text: ({ seed }) => seedOf(seed) },
        column("SCORE", 5, 5, ({ score }) => String(score)),
        column("PLATFORM", 9, 16, ({ platform }) => PLATFORM_TITLES[platform]),
        column("SCENARIO", 16, 28, ({ scenario }) => scenario ?? "everyday work"),
        column("WHO", 20, 40, ({ id }) => id),
        column("DETECTORS", 16, 60, ({ detectors: ids }) => ids.join(", ") || "none"),
      ],
      shown,
    );
    yield more(screen, all.length - shown.length, what);
  }
}

/** A table with as many of its columns, from the left, as the terminal has room for. */
function fitting<Row>(
  screen: Screen,
  shape: readonly Column<Row>[],
  rows: readonly Row[],
): string[] {
  let used = 0;
  const kept = shape.filter(({ min }, index) => {
    used += min + GAP;
    return index < 2 || used <= screen.width;
  });
  return columns(screen, kept, rows);
}

const GAP = 2;

/** "97.1 %", or with several runs "97.1 % (95.0–98.4)". */
function spread({ median, min, max }: Spread, isSeveral: boolean): string {
  if (median === null || min === null || max === null || !isSeveral) return share(median);
  return `${share(median)} (${(min * 100).toFixed(1)}–${(max * 100).toFixed(1)})`;
}

function share(value: number | null, decimals = 1): string {
  return value === null ? "–" : `${(value * 100).toFixed(decimals)} %`;
}

/** Percentage points, with a sign: what is lost without it. */
function change(value: number | null): string {
  if (value === null) return "–";
  const points = value * 100;
  if (Math.abs(points) < 0.05) return "0";
  return `${points > 0 ? "−" : "+"}${Math.abs(points).toFixed(1)}`;
}

/** A count; a median of counts may be a half. */
function figure(value: number | null): string {
  if (value === null) return "–";
  return Number.isInteger(value) ? grouped(value) : value.toFixed(1);
}

function decimal(value: number | null): string {
  return value === null ? "–" : value.toFixed(2);
}

function hours(value: number | null): string {
  if (value === null) return "–";
  return value < 48 ? `${value.toFixed(0)} h` : `${(value / 24).toFixed(1)} days`;
}
