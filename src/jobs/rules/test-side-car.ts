/** Runs a side-car: records just as vendors export them, and whether the rules or correlations beside must speak of each case. */

import { parseDocument } from "yaml";
import { isObject, type Raw } from "#base/raw.ts";
import { aboutOf } from "#engine/observe.ts";
import { alertsOf } from "#engine/sigma/correlate/alerts.ts";
import { correlationsIn } from "#engine/sigma/correlate/correlations.ts";
import { addKept, type Kept } from "#engine/sigma/correlate/kept.ts";
import { ruleKey, rulesIn, speakingDocuments } from "#engine/sigma/documents.ts";
import { type RecordMatcher, recordMatcher } from "#engine/sigma/matcher.ts";
import type { SigmaDocument } from "#engine/sigma/rule.ts";
import { readRecords } from "#jobs/scan/read-batch.ts";
import { recognise } from "#platforms/index.ts";

export interface SideCarResult {
  readonly name: string;
  /** Null where it went as it should. */
  readonly failure: string | null;
}

const KINDS = ["fires", "quiet"] as const;

/** What a side-car is held against. */
interface Tested {
  /** What is in the file beside it. */
  readonly own: readonly SigmaDocument[];
  /** That, and everything that its correlations may read. */
  readonly all: readonly SigmaDocument[];
}

/**
 * All tests of a side-car, in its order. What is wrong with the file itself is a failed test, too. A case that is a record is
 * about the rules beside, one that is a list of records about the correlations beside.
 */
export function testSideCar(
  own: readonly SigmaDocument[],
  text: string,
  all: readonly SigmaDocument[] = own,
): SideCarResult[] {
  const document = parseDocument(text);
  const [error] = document.errors;
  if (error !== undefined) {
    return [{ name: "the file", failure: `it is no YAML: ${error.message.split("\n", 1)[0]}` }];
  }
  const content: unknown = document.toJS({ maxAliasCount: 100 });
  if (!isObject(content)) {
    return [
      { name: "the file", failure: "it holds no `fires` and no `quiet`: write records under them" },
    ];
  }
  const unknown = Object.keys(content).filter((key) => !KINDS.some((kind) => kind === key));
  const results: SideCarResult[] = unknown.map((key) => ({
    name: key,
    failure: "a side-car holds `fires` and `quiet` and nothing else",
  }));
  const judge = judgeOf({ own, all });
  for (const kind of KINDS) {
    const cases = content[kind];
    if (!isObject(cases) || Object.keys(cases).length === 0) {
      results.push({
        name: kind,
        failure: `there is no record under \`${kind}\`: a rule needs both`,
      });
      continue;
    }
    for (const [name, given] of Object.entries(cases)) {
      results.push({ name: `${kind}: ${name}`, failure: judge(kind, given) });
    }
  }
  return results;
}

type Kind = (typeof KINDS)[number];

/** Tells why a case fails, or null. */
function judgeOf(tested: Tested): (kind: Kind, given: unknown) => string | null {
  const ofRules = recordMatcher(tested.own);
  const ofAll = recordMatcher(tested.all);
  const hasRules = rulesIn(tested.own).length > 0;
  // One that only another beside reads has no say of its own.
  const correlations = new Set(
    speakingDocuments(tested.own).flatMap((one) =>
      one.kind === "correlation" ? [ruleKey(one)] : [],
    ),
  );
  const { plans } = correlationsIn(tested.all);
  return (kind, given) => {
    if (!Array.isArray(given)) {
      return hasRules
        ? recordFailure(kind, given, ofRules)
        : "it is no list: write the records that the correlation is to judge, each with its time";
    }
    if (correlations.size === 0) {
      return "it is a list, and there is no correlation beside: write one record for each case";
    }
    const kept = keptFrom(given, ofAll);
    if (typeof kept === "string") return kept;
    const isAlert = alertsOf(kept, plans).alerts.some(({ correlation }) =>
      correlations.has(correlation),
    );
    if (isAlert === (kind === "fires")) return null;
    return isAlert
      ? "the correlation speaks, and should not"
      : "the correlation does not speak of these records";
  };
}

/** The matches of records that correlations read; a text where one of them cannot be judged. */
function keptFrom(given: readonly unknown[], matcher: RecordMatcher): Kept | string {
  const records: Raw[] = [];
  for (const [index, record] of given.entries()) {
    const reason = isObject(record) ? (recognised(record) === null ? UNKNOWN : null) : NO_RECORD;
    if (reason !== null) return `record ${index + 1}: ${reason}`;
    if (isObject(record)) records.push(record);
  }
  const filter = { since: null, until: null, platforms: null };
  const { events, matched } = readRecords(records, { key: null, filter, seed: 0, matcher });
  const kept: Kept = new Map();
  for (const [place, event] of events.entries()) {
    if (event.at === null) return `record ${event.ref.line}: it has no time that can be read`;
    addKept(kept, event, matched.get(place) ?? [], aboutOf(event));
  }
  return kept;
}

const NO_RECORD = "it is no record: write an object as the vendor exports it";
const UNKNOWN =
  "no platform knows this record: `singura formats` shows what is read, with an example each";

function recordFailure(kind: Kind, record: unknown, matches: RecordMatcher): string | null {
  if (!isObject(record)) return NO_RECORD;
  const found = recognised(record);
  if (found === null) return UNKNOWN;
  const isMatch = matches(record, found.platform, found.service).some((hits) => hits.length > 0);
  if (isMatch === (kind === "fires")) return null;
  return isMatch
    ? "the rule matches, and should not"
    : `the rule does not match this record of ${found.service}`;
}

function recognised(record: Raw) {
  const found = recognise(record, null);
  return found === null ? null : { platform: found.platform.id, service: found.service };
}
