/** From an alert of a correlation to a claim like any detector's. */

import { compareText } from "#base/order.ts";
import { clip } from "#base/raw.ts";
import { DAY_MS, HOUR_MS, iso, MINUTE_MS, SECOND_MS } from "#base/time.ts";
import type { Evidence } from "#engine/detectors/detector.ts";
import { bySampleOrder, type Sample } from "#engine/profile/sample.ts";
import type { Comparison } from "#engine/sigma/atom.ts";
import type { SigmaCorrelation } from "#engine/sigma/rule.ts";
import { claimOf, saidOf } from "#engine/sigma/rule-finding.ts";
import type { CorrelationFacts } from "./correlations.ts";
import type { Alert } from "./correlator.ts";
import type { KeptMatch } from "./kept.ts";

export function alertEvidence(facts: CorrelationFacts, alert: Alert<KeptMatch>): Evidence {
  return {
    // Half open, and the last match belongs to it.
    window: { from: alert.from, to: alert.to + 1 },
    ...claimOf(facts),
    explanation: explainAlert(facts, alert),
    samples: samplesOf(alert),
  };
}

/** Whom most of the matches that the alert shows are about, by key; of equals the first by name. */
export function aboutMost({ tags }: Alert<KeptMatch>): string {
  const votes = new Map<string, number>();
  for (const { about } of tags) votes.set(about, (votes.get(about) ?? 0) + 1);
  const [first] = [...votes].sort(([a, m], [b, n]) => n - m || compareText(a, b));
  return first?.[0] ?? "";
}

/** Each event once, though several rules may have matched it; earliest first. */
function samplesOf({ tags }: Alert<KeptMatch>): Sample[] {
  const samples = new Map(tags.map(({ id, sample }) => [id, sample]));
  return [...samples.values()].sort(bySampleOrder);
}

/** What was met and what is asked, in a sentence: "12 matches of “Failed sign-in” within 1 h, for user = dana; …". */
export function explainAlert(facts: CorrelationFacts, alert: Alert<KeptMatch>): string {
  const { asks } = facts;
  const whom = asks.groupBy.map(
    (name, i) => `${clip(name, 80)} = ${clip(alert.group[i] ?? "", 120)}`,
  );
  const met = [`${metBy(facts, alert)} within ${spanText(asks.timespanMs)}`];
  if (whom.length > 0) met.push(`for ${whom.join(" and ")}`);
  const limits = asks.limits.map(({ by, value }) => `${WORDS[by]} ${figureText(value)}`);
  const asked =
    limits.length === 0 ? "as its condition asks" : `the rule asks for ${limits.join(" and ")}`;
  const parts = [
    `The Sigma rule “${clip(facts.title, 200)}” spoke at ${iso(alert.at)?.slice(0, 19).replace("T", " ")} (UTC): ${met.join(", ")}; ${asked}.`,
  ];
  if (alert.to > alert.at) {
    parts.push(
      `It held until ${iso(alert.to)?.slice(0, 19).replace("T", " ")}, over ${alert.matches} matches.`,
    );
  }
  return [...parts, ...saidOf(facts)].join(" ");
}

const WORDS: Readonly<Record<Comparison, string>> = {
  gt: "more than",
  gte: "at least",
  lt: "less than",
  lte: "at most",
  eq: "exactly",
  neq: "anything but",
};

function metBy({ asks, sources }: CorrelationFacts, { figure, matches }: Alert<KeptMatch>): string {
  const found = figureText(figure);
  const matched = `${countText(matches, "match", "matches")} of ${listed(sources, "or")}`;
  const field = asks.fields.map((name) => clip(name, 80)).join(" with ");
  switch (asks.type) {
    case "event_count":
      return `${countText(figure, "match", "matches")} of ${listed(sources, "or")}`;
    case "value_count":
      return `${found} different values of ${field} in matches of ${listed(sources, "or")}`;
    case "value_sum":
      return `a sum of ${found} over ${field} of ${matched}`;
    case "value_avg":
      return `a mean of ${found} over ${field} of ${matched}`;
    case "value_median":
      return `a median of ${found} over ${field} of ${matched}`;
    case "value_percentile":
      return `a percentile ${asks.percentile ?? 50} of ${found} over ${field} of ${matched}`;
    case "temporal":
    case "temporal_ordered":
      return together(asks, sources, figure);
  }
}

function together(asks: SigmaCorrelation, sources: readonly string[], figure: number): string {
  const inOrder = asks.type === "temporal_ordered" ? " in this order" : "";
  return asks.limits.length === 0
    ? `matches of ${listed(sources, "and")}${inOrder}`
    : `matches of ${countText(figure, "rule", "rules")} among ${listed(sources, "and")}${inOrder}`;
}

/** More names than this only tire the reader. */
const NAMED_MAX = 5;

function listed(titles: readonly string[], link: "and" | "or"): string {
  const names = titles.slice(0, NAMED_MAX).map((title) => `“${clip(title, 120)}”`);
  if (titles.length > NAMED_MAX) names.push(`${titles.length - NAMED_MAX} more`);
  const last = names.pop() ?? "";
  return names.length === 0 ? last : `${names.join(", ")} ${link} ${last}`;
}

function countText(count: number, one: string, more: string): string {
  return `${figureText(count)} ${count === 1 ? one : more}`;
}

function figureText(figure: number): string {
  return String(Math.round(figure * 1_000) / 1_000);
}

/** `90 min`, `1 h`, `2 days`: the largest unit that leaves no rest. */
function spanText(ms: number): string {
  for (const [unit, name] of [
    [DAY_MS, "day"],
    [HOUR_MS, "h"],
    [MINUTE_MS, "min"],
  ] as const) {
    if (ms % unit !== 0) continue;
    const count = ms / unit;
    return name === "day" && count > 1 ? `${count} days` : `${count} ${name}`;
  }
  return `${ms / SECOND_MS} s`;
}
