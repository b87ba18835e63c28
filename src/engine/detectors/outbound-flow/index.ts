/** Finds flows and scripts that were given both a source of the organization's data and a way out of it. */

import type { Change } from "#contract/event.ts";
import type { Severity } from "#contract/finding.ts";
import { placeReasons } from "#engine/detectors/acts.ts";
import { defineDetector, type Evidence, type View } from "#engine/detectors/detector.ts";
import { datedProfiles } from "#engine/detectors/oddities.ts";
import {
  because,
  byDay,
  isGuest,
  nameOf,
  type Reason,
  severityAt,
  succeeded,
  total,
  who,
} from "#engine/detectors/trust.ts";
import { count, dayWindow, listing, onDay } from "#engine/detectors/window.ts";
import { countOf, type Profile, traitOf } from "#engine/profile/profile.ts";
import type { TimelineEntry } from "#engine/profile/timeline.ts";

const options = {
  /** Points from which each severity starts: a source and a way out are 2, and nearly all honest flows stay there. */
  severities: { low: 2, medium: 3, high: 4 } satisfies Partial<Record<Severity, number>>,
  /** After that many earlier days of making such flows, somebody builds integrations for a living. */
  makerDaysMin: 3,
  /** Days after the change in which what it sends out counts as its use. */
  useDays: 7,
  /** Items gone through in those days that are more than a form or a report needs. */
  itemsMin: 300,
  /** Calls to addresses outside in those days that are no set-up any more. */
  callsMin: 20,
  /** Runs in a day after the change that are more than the form of one team. */
  runsMin: 15,
  /** Times its busiest day before: a form that is announced to more people is used twice as often. */
  runTimesMin: 3,
};
type Options = typeof options;

const MAKING: ReadonlySet<Change["kind"]> = new Set([
  "created",
  "updated",
  "published",
  "granted",
  "installed",
  "scopes_added",
  "agent_changed",
  "enabled",
]);

/** Names of Power Platform connectors, without the `shared_` in front. */
const SOURCES =
  /^(sharepoint\w*|office365\w*|outlook|onedriveforbusiness|teams|commondataservice\w*|dataverse|sql\w*|excelonline\w*|dynamics\w*|salesforce|planner|powerbi)$/i;
const WAYS_OUT =
  /^(http\w*|webcontents\w*|gmail|googledrive|googlesheet|dropbox|box|onedrive|outlookcom|ftp|sftp\w*|smtp|sendmail|sendgrid|mailchimp|telegram\w*|discord\w*|slack|twitter|rss|webhook\w*|azureblob|amazons3|pastebin|custom\w*)$/i;

/** Apps Script's right to call any address, and the rights that give it something to send. */
const SCRIPT_CALLS_OUT = /\/auth\/script\.external_request$|\/auth\/script\.send_mail$/;
const SCRIPT_SOURCES =
  /\/auth\/(drive|gmail|spreadsheets|documents|contacts|admin|calendar)\b|^https:\/\/mail\.google\.com\/?$/;

/** What vendors write when a workflow may be started, or answers, from outside. */
const OUTWARD = /webhook|external|http|anyone|public/i;

export const outboundFlow = defineDetector({
  id: "outbound-flow",
  title: "A flow or script can carry data out",
  techniques: ["T46"],
  alsoTechniques: ["T45", "T47"],
  attackType: "data_exfiltration",
  severity: "medium",
  platforms: ["google", "microsoft", "slack"],
  judges: ["automation"],
  options,
  detect: (view, limits) => {
    const { automation } = view;
    if (automation === null || (automation.kind !== "workflow" && automation.kind !== "script"))
      return [];
    const made = view.timeline.filter((entry) => MAKING.has(entry.change.kind) && succeeded(entry));
    const told = new Set<string>();
    return [...byDay(made)].flatMap(([day, entries]): Evidence[] => {
      const way = wayOf(view, entries);
      // The same way out is told once, however often the flow is saved.
      if (way === null || told.has(way.key)) return [];
      told.add(way.key);
      return judge(view, day, entries, way, limits);
    });
  },
});

interface Way {
  readonly key: string;
  readonly source: string;
  readonly exit: string;
  readonly technique: "T45" | "T46" | "T47";
}

function wayOf(view: View, entries: readonly TimelineEntry[]): Way | null {
  return view.automation?.kind === "script" ? scriptWay(view, entries) : flowWay(entries);
}

function scriptWay(view: View, entries: readonly TimelineEntry[]): Way | null {
  const scopes = new Set([
    ...entries.flatMap(({ change }) => [...change.scopes, ...(change.addedScopes ?? [])]),
    ...view.grants.flatMap((grant) => grant.scopes),
  ]);
  const exit = [...scopes].filter((scope) => SCRIPT_CALLS_OUT.test(scope)).sort();
  const source = [...scopes].filter((scope) => SCRIPT_SOURCES.test(scope)).sort();
  if (exit.length === 0 || source.length === 0) return null;
  return {
    key: [...source, ...exit].join(" "),
    source: listing(source.map(shortScope)),
    exit: "calls to any address",
    technique: "T45",
  };
}

function shortScope(scope: string): string {
  return scope.replace(/^https:\/\/(www\.googleapis\.com\/auth\/)?/, "").replace(/\/$/, "");
}

function flowWay(entries: readonly TimelineEntry[]): Way | null {
  const connectors = new Set<string>();
  for (const { change } of entries) {
    const written = /^connectors: (.*)$/.exec(change.detail ?? "")?.[1];
    for (const name of written?.split(/[,;\s]+/) ?? []) {
      const plain = name.replace(/^.*\/apis\//, "").replace(/^shared_/i, "");
      if (plain !== "") connectors.add(plain);
    }
  }
  const all = [...connectors].sort();
  const source = all.filter((name) => SOURCES.test(name));
  const exit = all.filter((name) => WAYS_OUT.test(name));
  if (source.length > 0 && exit.length > 0) {
    return { key: all.join(" "), source: listing(source), exit: listing(exit), technique: "T46" };
  }
  const outward = entries.find(({ action, change }) => isOutward(action, change));
  if (outward === undefined) return null;
  const exit2 = outward.change.destination ?? outward.change.detail ?? outward.action;
  return { key: exit2, source: "what its steps collect", exit: exit2, technique: "T47" };
}

function isOutward(action: string, { kind, detail, destination }: Change): boolean {
  return (
    destination !== null ||
    OUTWARD.test(action) ||
    (kind !== "updated" &&
      detail !== null &&
      !detail.startsWith("connectors:") &&
      OUTWARD.test(detail))
  );
}

function judge(
  view: View,
  day: number,
  entries: readonly TimelineEntry[],
  way: Way,
  limits: Options,
): Evidence[] {
  const [first] = entries;
  const window = dayWindow(day);
  if (first === undefined || view.automation === null) return [];
  const maker = entries.find(({ actor }) => actor.kind === "person")?.actor ?? first.actor;
  const earlierDays = makerDays(view, maker.id, day);
  if (earlierDays >= limits.makerDaysMin) return [];
  const places = placeReasons(view, first);
  const reasons: Reason[] = [
    { points: 2, words: `it has ${way.source} and a way out (${way.exit})` },
    isGuest(view, maker) ? { points: 3, words: `${who(maker)} is a guest` } : NOTHING,
    leftReason(view, maker.id),
    useReason(view, day, limits),
    ...workReasons(view, day, limits),
    ...runReasons(view, day, limits),
    scheduleReason(entries),
    ...places,
    // Each happens; that somebody's first flow is made from where she never was is what a thief of her session does.
    places.length > 0 && earlierDays === 0
      ? { points: 1, words: `${who(maker)} never made one before` }
      : NOTHING,
  ];
  const severity = severityAt(total(reasons), limits.severities);
  if (severity === null) return [];
  return [
    {
      window,
      key: way.key.slice(0, 200),
      severity,
      confidence: Math.min(0.3 + 0.08 * total(reasons), 0.85),
      techniques: [way.technique],
      explanation:
        `${who(maker)} made or changed ${nameOf(view.automation)} ${onDay(day)}. ${because(reasons)} Most flows move data inside; one that ` +
        "also reaches outside goes on carrying data out, by itself and with its maker's rights, when nobody looks.",
      samples: entries.map(({ sample }) => sample).slice(0, 5),
    },
  ];
}

const NOTHING: Reason = { points: 0, words: "" };

/** Earlier days on which the same person made or changed other flows. */
function makerDays(view: View, makerId: string, day: number): number {
  const activity = makerId === "" ? null : view.org.activity(view.platform, makerId);
  const days = new Set<number>();
  for (const entry of activity?.timeline ?? []) {
    if (entry.day < day && MAKING.has(entry.change.kind)) days.add(entry.day);
  }
  return days.size;
}

function leftReason(view: View, makerId: string): Reason {
  const isGone = view.org.person(view.platform, makerId)?.isActive === false;
  return isGone ? { points: 1, words: `${makerId} has left` } : NOTHING;
}

/** That the records show something leaving by it. */
function useReason(view: View, day: number, { useDays }: Options): Reason {
  const used = view.profiles.filter(
    (profile) =>
      profile.day >= day && profile.day <= day + useDays && traitOf(profile, "outside") > 0,
  );
  return used.length === 0
    ? NOTHING
    : {
        points: 2,
        words: `it sent something outside on ${used.length === 1 ? "a day" : `${used.length} days`} after`,
      };
}

/** That it goes through much, or calls outside again and again, in the days after. */
function workReasons(view: View, day: number, { useDays, itemsMin, callsMin }: Options): Reason[] {
  let items = 0;
  let calls = 0;
  for (const profile of view.profiles) {
    if (profile.day < day || profile.day > day + useDays) continue;
    items += countOf(profile, "read") + countOf(profile, "download") + countOf(profile, "search");
    calls += profile.actions?.get("access_url") ?? 0;
  }
  const reasons: Reason[] = [];
  if (items >= itemsMin) {
    reasons.push({ points: 2, words: `it went through ${count(items)} items in the days after` });
  }
  if (calls >= callsMin) {
    reasons.push({ points: 1, words: `it called addresses outside ${count(calls)} times` });
  }
  return reasons;
}

/** That it runs far more often than before the change: what was a form of one team has become a drain. */
function runReasons(
  { profiles }: View,
  day: number,
  { useDays, runsMin, runTimesMin }: Options,
): Reason[] {
  const runs = (some: readonly Profile[]) => some.map((profile) => countOf(profile, "run"));
  const dated = datedProfiles(profiles);
  const before = runs(dated.filter((profile) => profile.day < day));
  const after = runs(dated.filter((one) => one.day >= day && one.day <= day + useDays));
  const [usual, most] = [Math.max(1, ...before), Math.max(0, ...after)];
  if (before.length === 0 || most < runsMin || most < usual * runTimesMin) return [];
  return [
    {
      points: 2,
      words: `it ran ${count(most)} times in a day after, and ${count(usual)} times on its busiest day before`,
    },
  ];
}

function scheduleReason(entries: readonly TimelineEntry[]): Reason {
  const isTimed = entries.some(({ change }) =>
    /trigger|schedule|recurrence/i.test(change.detail ?? ""),
  );
  return isTimed ? { points: 1, words: "it runs by itself" } : NOTHING;
}
