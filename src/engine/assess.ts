/** From what was observed to automations with their risk, and findings with their evidence: the engine's one door. */

import { digest } from "#base/hash.ts";
import { compareText } from "#base/order.ts";
import { mitreOf } from "#catalog/techniques.ts";
import type { AttackType, Severity } from "#contract/finding.ts";
import { SEVERITIES } from "#contract/finding.ts";
import { Platform } from "#contract/platform.ts";
import type { BlastRadius, Mitre } from "#contract/report.ts";
import { learnBaseline } from "./baseline/baseline.ts";
import { type Peers, peersOf } from "./baseline/peers.ts";
import { type Calendar, usualCalendar } from "./calendar.ts";
import { type Chain, correlate, type Party, type Step } from "./correlate/correlate.ts";
import type { Activity, Detector, Evidence, Org, View } from "./detectors/detector.ts";
import { detectors as allDetectors } from "./detectors/index.ts";
import { type Automation, automationFrom } from "./inventory/automation.ts";
import { orgFrom } from "./inventory/org.ts";
import { resolveAliases } from "./inventory/resolve.ts";
import { activityOf, automationKey, type Observations, personKey, type Track } from "./observe.ts";
import { blastRadiusOf } from "./permissions/blast-radius.ts";
import { type Permissions, permissionsOf } from "./permissions/permissions.ts";
import type { Sample } from "./profile/sample.ts";
import { countOn } from "./profile/timeline.ts";
import { classify, riskOf } from "./score.ts";
import { alertsOf, type LeftOut } from "./sigma/correlate/alerts.ts";
import { aboutMost, alertEvidence } from "./sigma/correlate/correlation-finding.ts";
import type { Correlations } from "./sigma/correlate/correlations.ts";
import type { Alert } from "./sigma/correlate/correlator.ts";
import type { KeptMatch } from "./sigma/correlate/kept.ts";
import { inMatchOrder } from "./sigma/matches.ts";
import {
  type RuleDetector,
  type RuleFacts,
  ruleDetector,
  ruleEvidence,
} from "./sigma/rule-finding.ts";

export interface Finding {
  readonly id: string;
  readonly detector: string;
  readonly techniques: readonly string[];
  readonly title: string;
  readonly attackType: AttackType;
  readonly severity: Severity;
  readonly confidence: number;
  readonly platform: Platform;
  readonly automationId: string | null;
  readonly principal: string | null;
  readonly window: { readonly from: number; readonly to: number } | null;
  readonly explanation: string;
  readonly mitre: Mitre;
  readonly samples: readonly Sample[];
  /** The steps of a chain in event time; empty for every other finding. */
  readonly steps: readonly Step[];
  /** Further subjects whose risk a chain counts for; empty for every other finding. */
  readonly shares: readonly Party[];
}

export interface AssessedAutomation extends Automation {
  readonly blastRadius: BlastRadius;
  readonly permissions: Permissions;
  readonly risk: ReturnType<typeof riskOf>;
  readonly classification: ReturnType<typeof classify>;
}

export interface Assessment {
  /** Riskiest first, ties by id. */
  readonly automations: readonly AssessedAutomation[];
  /** Worst first, ties by id. */
  readonly findings: readonly Finding[];
  /** Matches that correlations of rules could not take into account. */
  readonly leftOut: LeftOut;
}

export interface AssessOptions {
  readonly orgId: string;
  /** Epoch milliseconds up to which the records reach; ages are counted from here. */
  readonly now: number;
  /** IANA name of the zone in which the organization works. */
  readonly timeZone: string;
  /** Where its working days are not the usual ones. */
  readonly calendar?: Calendar;
  readonly detectors?: readonly Detector[];
  /** The rules whose matches were observed. */
  readonly rules?: readonly RuleFacts[];
  /** The correlations over them. */
  readonly correlations?: Pick<Correlations, "plans" | "facts">;
}

/** Judges everything observed. The same observations give the same assessment, in whatever order they were made. */
export function assess(observed: Observations, options: AssessOptions): Assessment {
  const seen = resolveAliases(observed);
  const members = membersOf(seen);
  const org = orgFrom(
    seen,
    { id: options.orgId, calendar: options.calendar ?? usualCalendar(options.timeZone) },
    members.map(({ automation }) => automation),
  );
  const now = options.now > 0 ? options.now : latestOf(members);
  const subjects = [...automationSubjects(seen, members), ...personSubjects(seen, org)];
  const rules = new Map((options.rules ?? []).map((rule) => [rule.key, rule]));
  const bySubject = subjects.flatMap((subject) => {
    const view = { ...subject, org, now };
    return [
      ...judge(view, options.detectors ?? allDetectors),
      ...ruleFindings(seen.tracks.get(aboutKey(view)), view, rules),
    ];
  });
  const { plans = [], facts = NO_FACTS } = options.correlations ?? {};
  const { alerts, leftOut } = alertsOf(seen.kept, plans);
  const byKey = new Map(subjects.map((subject) => [aboutKey(subject), subject]));
  const single = bySubject.concat(
    alerts.flatMap((alert) => alertFindings(alert, byKey, { facts, orgId: options.orgId })),
  );
  const chains = correlate(single, subjects).map((chain) => chainFinding(chain, options.orgId));
  const findings = [...single, ...chains];
  const byAutomation = involving(findings);
  const automations = subjects.flatMap((subject): AssessedAutomation[] => {
    const { automation, platform } = subject;
    if (automation === null) return [];
    const own = byAutomation.get(automation.id) ?? [];
    const risk = riskOf(automation, own);
    return [
      {
        ...automation,
        blastRadius: blastRadiusOf(automation),
        permissions: permissionsOf(automation, subject, org.shown(platform)),
        risk,
        classification: classify(automation, risk, own),
      },
    ];
  });
  return {
    automations: automations.sort((a, b) => b.risk.score - a.risk.score || compareText(a.id, b.id)),
    findings: findings.sort(worstFirst),
    leftOut,
  };
}

/** Lists without any log carry times, too: the latest of them is when they were made, or shortly before. */
function latestOf(members: readonly Member[]): number {
  let latest = 0;
  for (const { automation } of members) {
    const { createdAt, lastSeenAt, credentials } = automation;
    for (const credential of credentials) {
      latest = Math.max(latest, credential.createdAt ?? 0, credential.lastUsedAt ?? 0);
    }
    latest = Math.max(latest, createdAt ?? 0, lastSeenAt ?? 0);
  }
  return latest;
}

/** The findings about each automation; a chain counts for all that share it. */
function involving(findings: readonly Finding[]): Map<string, Finding[]> {
  const found = new Map<string, Finding[]>();
  for (const one of findings) {
    const ids = new Set([one, ...one.shares].map(({ automationId }) => automationId));
    for (const id of ids) {
      if (id === null) continue;
      const own = found.get(id);
      if (own === undefined) found.set(id, [one]);
      else own.push(one);
    }
  }
  return found;
}

/** Whom findings are about, without the organization around. */
export type Subject = Omit<View, "org" | "now">;

interface Member {
  readonly key: string;
  readonly automation: Automation;
  readonly activity: Activity;
}

function membersOf(seen: Observations): Member[] {
  return [...seen.automations.entries()].map(([key, record]) => {
    const activity = activityAt(seen, key);
    return { key, automation: automationFrom(record, activity.profiles), activity };
  });
}

function automationSubjects(seen: Observations, members: readonly Member[]): Subject[] {
  const peers = peersOf(
    members.map(({ key, automation, activity }) => ({
      key,
      profiles: activity.profiles,
      groups: groupsOf(automation),
    })),
  );
  return members.map(({ key, automation, activity }) =>
    subject(seen.tracks.get(key), activity, peers.get(key), {
      automation,
      person: null,
      platform: automation.platform,
      grants: automation.grants,
    }),
  );
}

/** Automations of the same vendor on the same platform are the closest peers; then those of the same kind. */
function groupsOf({ platform, kind, vendor }: Automation): string[] {
  const ofKind = `${kind} on ${platform}`;
  return vendor === null ? [ofKind] : [`${vendor} ${ofKind}`, ofKind];
}

function personSubjects(seen: Observations, org: Org): Subject[] {
  return [...seen.people.values()].flatMap(({ platform, id }): Subject[] => {
    const key = personKey(platform, id);
    const track = seen.tracks.get(key);
    const person = org.person(platform, id);
    if (track === undefined || person === null) return [];
    const known = { automation: null, person, platform, grants: [] };
    return [subject(track, activityAt(seen, key), undefined, known)];
  });
}

function subject(
  track: Track | undefined,
  activity: Activity,
  peers: Peers | undefined,
  known: Pick<Subject, "automation" | "person" | "platform" | "grants">,
): Subject {
  return {
    ...known,
    ...activity,
    changesOn: (kind, day) => (track === undefined ? 0 : countOn(track.timeline, kind, day)),
    baseline: learnBaseline(activity.profiles, peers),
  };
}

function activityAt(seen: Observations, key: string): Activity {
  const track = seen.tracks.get(key);
  return track === undefined ? NO_ACTIVITY : activityOf(track);
}

const NO_ACTIVITY: Activity = { profiles: [], timeline: [] };

/** All findings of the detectors that judge this kind of subject on this platform. */
export function judge(view: View, detectors: readonly Detector[]): Finding[] {
  const who = view.automation === null ? "person" : "automation";
  return detectors
    .filter(({ judges, platforms }) => judges.includes(who) && covers(platforms, view.platform))
    .flatMap((detector) =>
      detector.detect(view).map((evidence) => finding(detector, evidence, view)),
    );
}

function covers(platforms: Detector["platforms"], platform: Platform): boolean {
  return platforms === "all" || platforms.includes(platform);
}

/** One finding a rule and day. What matched a rule that is no longer asked for is left out. */
function ruleFindings(
  track: Track | undefined,
  view: View,
  rules: ReadonlyMap<string, RuleFacts>,
): Finding[] {
  const matches = track?.matches;
  if (matches === undefined) return [];
  return inMatchOrder(matches).flatMap((matched) => {
    const rule = rules.get(matched.rule);
    if (rule === undefined) return [];
    return [finding(ruleDetector(rule), ruleEvidence(rule, matched), view)];
  });
}

const NO_FACTS: Correlations["facts"] = new Map();

/** One finding an alert; none where the correlation speaks only through another one. */
function alertFindings(
  alert: Alert<KeptMatch>,
  subjects: ReadonlyMap<string, Subject>,
  { facts, orgId }: { readonly facts: Correlations["facts"]; readonly orgId: string },
): Finding[] {
  const correlation = facts.get(alert.correlation);
  if (correlation === undefined) return [];
  const about = aboutMost(alert);
  const subject = subjects.get(about);
  const whose = {
    orgId,
    about,
    platform: Platform.parse(about.split("|")[0]),
    automationId: subject?.automation?.id ?? null,
    principal: subject?.person?.id || null,
    steps: [],
    shares: [],
    // A later match may move the end of the alert, or turn the majority of those it is about.
    identity: [alert.id],
  };
  return [findingFrom(ruleDetector(correlation), alertEvidence(correlation, alert), whose)];
}

function finding(detector: RuleDetector, evidence: Evidence, view: View): Finding {
  return findingFrom(detector, evidence, {
    orgId: view.org.id,
    about: aboutKey(view),
    platform: view.platform,
    automationId: view.automation?.id ?? null,
    principal: view.person?.id || null,
    steps: [],
    shares: [],
  });
}

/** What is the same for every chain; its evidence says the rest. */
const CHAIN: RuleDetector = {
  id: "attack-chain",
  title: "Steps that belong together",
  techniques: ["T76"],
  attackType: "data_exfiltration",
  severity: "high",
};

function chainFinding({ about, evidence, steps, shares }: Chain, orgId: string): Finding {
  const { platform, automationId, principal } = about;
  const key = automationId ?? personKey(platform, principal ?? "");
  return findingFrom(CHAIN, evidence, {
    orgId,
    about: key,
    platform,
    automationId,
    principal,
    steps,
    shares,
  });
}

function findingFrom(
  detector: RuleDetector,
  evidence: Evidence,
  whose: Pick<Finding, "platform" | "automationId" | "principal" | "steps" | "shares"> & {
    readonly orgId: string;
    readonly about: string;
    /** What tells it from other findings of the detector, where that is not whom and which window it is about. */
    readonly identity?: readonly string[];
  },
): Finding {
  const techniques = evidence.techniques ?? detector.techniques;
  const windowKey =
    evidence.window === null ? "undated" : `${evidence.window.from}-${evidence.window.to}`;
  const identity = whose.identity ?? [whose.about, windowKey, evidence.key ?? ""];
  return {
    id: digest([whose.orgId, detector.id, ...identity], 16),
    detector: detector.id,
    techniques,
    title: evidence.title ?? detector.title,
    attackType: evidence.attackType ?? detector.attackType,
    severity: evidence.severity ?? detector.severity,
    confidence: Math.round(Math.min(Math.max(evidence.confidence, 0), 1) * 100) / 100,
    platform: whose.platform,
    automationId: whose.automationId,
    principal: whose.principal,
    window: evidence.window,
    explanation: evidence.explanation,
    mitre: withIds(mitreOf(techniques), evidence.mitre),
    samples: evidence.samples,
    steps: whose.steps,
    shares: whose.shares,
  };
}

function withIds(mitre: Mitre, more: Evidence["mitre"]): Mitre {
  if (more === undefined) return mitre;
  const { attack, atlas } = more;
  return {
    ...mitre,
    attack: [...new Set([...mitre.attack, ...attack])].sort(),
    atlas: [...new Set([...mitre.atlas, ...atlas])].sort(),
  };
}

function aboutKey({ automation, person, platform }: Subject): string {
  return automation === null
    ? personKey(platform, person?.id ?? "")
    : automationKey(platform, automation.nativeId);
}

function worstFirst(a: Finding, b: Finding): number {
  return (
    SEVERITIES.indexOf(b.severity) - SEVERITIES.indexOf(a.severity) ||
    b.confidence - a.confidence ||
    compareText(a.id, b.id)
  );
}
