/** What `singura evaluate` measures: the JSON that the page, the pictures and the floors in CI are made from. */

import { z } from "zod";
import { AttackType, TechniqueId } from "./finding.ts";
import { Platform } from "./platform.ts";

/** Raised when a field changes its meaning or goes away; new fields do not raise it. */
export const QUALITY_SCHEMA_VERSION = 1;

/** A count or a ratio; null where it is not defined, such as a precision without a single alarm. */
const Figure = z.number().nullable();

/** One figure over several seeds; nulls where no seed defines it. */
const Spread = z.object({ median: Figure, min: Figure, max: Figure });
export type Spread = z.infer<typeof Spread>;

/** Subjects judged, against the truth. tp + fp + fn + tn = subjects, always. */
function groupOf<Value extends z.ZodType>(value: Value) {
  return z.object({
    subjects: value,
    tp: value,
    fp: value,
    fn: value,
    tn: value,
    precision: value,
    recall: value,
    f1: value,
    /** fp / (fp + tn): the share of the innocent that is suspected. */
    falsePositiveRate: value,
    /** Area under the precision-recall curve (average precision). */
    auc: value,
  });
}

/** One detector: its findings for precision, and for recall the attacks whose techniques it claims. */
function detectorOf<Value extends z.ZodType>(value: Value) {
  return z.object({
    findings: value,
    tp: value,
    fp: value,
    /** False positives of severity medium or worse. */
    falseAlarms: value,
    precision: value,
    labels: value,
    caught: value,
    recall: value,
  });
}

/** Every figure of a run with `Figure`, and of several runs with `Spread`. */
function figuresOf<Value extends z.ZodType>(value: Value) {
  return z.object({
    total: groupOf(value),
    automations: groupOf(value),
    people: groupOf(value),
    byPlatform: z.partialRecord(Platform, groupOf(value)),
    byAttackType: z.partialRecord(AttackType, groupOf(value)),
    byDetector: z.record(z.string(), detectorOf(value)),
    /** Attacks as a whole: caught where at least one of their subjects is suspected. */
    attacks: z.object({
      labels: value,
      caught: value,
      recall: value,
      /** Attacked subjects that are suspected although no finding about them is about the attack: right by luck. */
      lucky: value,
    }),
    byScenario: z.record(
      z.string(),
      z.object({
        title: z.string(),
        attackType: AttackType,
        platform: Platform,
        subjects: value,
        caught: value,
        recall: value,
        hoursToDetect: value,
      }),
    ),
    /** Benign scenarios that cause false alarms elsewhere. */
    lookalikes: z.record(
      z.string(),
      z.object({ title: z.string(), platform: Platform, subjects: value, suspected: value }),
    ),
    hoursToDetect: z.object({ measured: value, median: value, p90: value }),
    alerts: z.object({
      all: value,
      /** About subjects that no attack label names. */
      false: value,
      perThousandPerDay: value,
      falsePerThousandPerDay: value,
    }),
    /** Of the automations that the company really has, those that the inventory shows. */
    inventory: z.object({ roster: value, found: value, recall: value }),
  });
}

export const QualityFigures = figuresOf(Figure);
export type QualityFigures = z.infer<typeof QualityFigures>;
export type Group = QualityFigures["total"];

export const QualitySpreads = figuresOf(Spread);
export type QualitySpreads = z.infer<typeof QualitySpreads>;

/** What precision and recall would be if every subject with this score or more were suspected. */
const CurvePoint = z.object({
  threshold: z.number(),
  precision: z.number(),
  recall: z.number(),
});
export type CurvePoint = z.infer<typeof CurvePoint>;

/** One subject that was judged wrongly. */
const Mistake = z.object({
  platform: Platform,
  kind: z.enum(["automation", "person"]),
  id: z.string(),
  /** Null for everyday work, which no label names. */
  scenario: z.string().nullable(),
  score: z.number(),
  /** Who spoke about it, loudest first. */
  detectors: z.array(z.string()),
});
export type Mistake = z.infer<typeof Mistake>;

const EvaluationRun = z.object({
  /** Null where records were read from files. */
  seed: z.number().int().nullable(),
  records: z.object({
    /** Raw vendor records read, state rows among them. */
    read: z.number().int(),
    events: z.number().int(),
    duplicates: z.number().int(),
    /** Records that no platform knows. */
    unread: z.number().int(),
  }),
  figures: QualityFigures,
  curve: z.array(CurvePoint),
  /** The first 200 of each, worst first. */
  missed: z.array(Mistake),
  falseAlarms: z.array(Mistake),
});
export type EvaluationRun = z.infer<typeof EvaluationRun>;

/** What the company loses without one detector: figure with it minus figure without it. */
const AblationRow = z.object({
  detector: z.string(),
  techniques: z.array(TechniqueId),
  precision: Spread,
  recall: Spread,
  f1: Spread,
  auc: Spread,
  /** Attacked subjects that nobody else suspects. */
  caughtAlone: Spread,
  /** False positives that go away without it. */
  falseAlarmsAlone: Spread,
});
export type AblationRow = z.infer<typeof AblationRow>;

export const Evaluation = z.object({
  schemaVersion: z.literal(QUALITY_SCHEMA_VERSION),
  settings: z.object({
    source: z.enum(["simulation", "files"]),
    seeds: z.array(z.number().int()),
    automations: z.number().int().nullable(),
    days: z.number().int(),
    stealth: z.number().nullable(),
    /** Share of automations under attack. */
    attacks: z.number().nullable(),
    detectors: z.number().int(),
  }),
  summary: QualitySpreads,
  /** Over the subjects of all runs together. */
  curve: z.array(CurvePoint),
  runs: z.array(EvaluationRun),
  /** Null unless asked for. What matters most comes first. */
  ablation: z.array(AblationRow).nullable(),
});
export type Evaluation = z.infer<typeof Evaluation>;

const Ratio = z.number().min(0).max(1);

/** The floors below which a check fails: a checked-in file. */
export const QualityBaseline = z.strictObject({
  automations: z.strictObject({
    precisionMin: Ratio,
    recallMin: Ratio,
    falsePositiveRateMax: Ratio,
    aucMin: Ratio,
  }),
  total: z.strictObject({ precisionMin: Ratio, recallMin: Ratio }),
  falseAlertsPerThousandPerDayMax: z.number().min(0),
});
export type QualityBaseline = z.infer<typeof QualityBaseline>;
