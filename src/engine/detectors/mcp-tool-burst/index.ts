/** Finds AI agents and MCP clients that call tools far more, or across far more places, than they usually do. */

import type { Severity } from "#contract/finding.ts";
import { peerNormal } from "#engine/baseline/baseline.ts";
import { defineDetector, type Evidence, type View } from "#engine/detectors/detector.ts";
import { because, standing, subjectName } from "#engine/detectors/subject.ts";
import { type Reason, severityAt, total } from "#engine/detectors/trust.ts";
import {
  amountsOf,
  comparison,
  confidenceOf,
  isCold,
  isUnusual,
  type Usual,
  usualOf,
} from "#engine/detectors/usual.ts";
import { count, dayWindow, listing, onDay } from "#engine/detectors/window.ts";
import {
  breadth,
  busiestMinute,
  countOf,
  type Profile,
  samplesOf,
} from "#engine/profile/profile.ts";

const options = {
  /** Tool calls in a day below which nothing is said: a person who works through an assistant makes some dozens. */
  floor: 100,
  /** The same without days of its own: one long research task of an agent stays below. */
  coldFloor: 300,
  /** Agents are uneven: a longer task calls two or three times as many tools. */
  timesOwnMin: 5,
  /** What is asked a few times a day is out of bounds sooner, if it is so many times the usual. */
  steepFloor: 50,
  /** More than the two or three times of a longer task, by as much again. */
  steepTimesMin: 8,
  /** Robust standard deviations above the usual day, so that an uneven actor needs more than the multiple. */
  zMin: 6,
  /** Calls that send or post, from which it also carries something away: a task ends with one or two. */
  sentMin: 5,
  /** Times its own busiest other day, since some assistants post every day. */
  sentTimesMin: 3,
  /** Of what collects and sends a smaller multiple of the usual day is enough. */
  sendingShare: 0.6,
  /** So many people who ask so little each are a team that tries it out, or a roll-out. */
  crowdMin: 5,
  /** A person who tries something out asks some questions of it. */
  perPersonMax: 10,
  /** It must also be broad or fast: this many different places … */
  targetsMin: 10,
  /** … or this many calls in one minute, several in parallel, since one call takes a model seconds to think up. */
  perMinuteMin: 30,
  /** So many different places are more than any one task is about. */
  targetsMany: 50,
  /** Points from which a severity is given; a plain exceedance has 3. */
  severities: { low: 1, medium: 3, high: 5, critical: 9 } satisfies Partial<
    Record<Severity, number>
  >,
};

/** Tools that search or open what not everybody may see. The names are those of the tools that agents of all vendors share. */
const SENSITIVE =
  /search_\w*private|search_(public_and_private|messages?|mail|files?|all|users)|read_(channel|thread|file|canvas|list|mail|message|document|user)|(get|list|fetch|download|export)_\w*(messages?|mails?|files?|documents?|secrets?|history|threads?)|query|sql/i;

export const mcpToolBurst = defineDetector({
  id: "mcp-tool-burst",
  title: "An AI client called far more tools than usual",
  techniques: ["T53"],
  attackType: "ai_abuse",
  severity: "medium",
  platforms: "all",
  judges: ["automation", "person"],
  options,
  detect: (view, { coldFloor, zMin, ...limits }) => {
    const amounts = amountsOf(view.profiles, calls);
    return view.profiles.flatMap((profile): Evidence[] => {
      const window = dayWindow(profile.day);
      const made = calls(profile);
      if (window === null || made < limits.steepFloor) return [];
      const usual = usualOf(amounts, profile.day, peersOf(view));
      const isMany = made >= limits.floor;
      const floor = isMany ? limits.floor : limits.steepFloor;
      const sent = sentReason(view, profile, limits);
      const share = sent.length > 0 ? limits.sendingShare : 1;
      const timesMin = (isMany ? limits.timesOwnMin : limits.steepTimesMin) * share;
      if (!isUnusual(usual, made, { floor, coldFloor, timesMin, zMin })) return [];
      const { targets } = breadth(profile);
      const peak = busiestMinute(profile).count;
      if (targets < limits.targetsMin && peak < limits.perMinuteMin) return [];
      // What sends away what it found does so in the name of whoever asked it last.
      const crowd = sent.length > 0 ? [] : crowdReason(profile, limits);
      const reasons = [
        ...manner(profile, limits),
        ...sent,
        ...crowd,
        ...standing(view, profile.day),
      ];
      const points = BASE_POINTS + total(reasons) - (isCold(usual) ? 1 : 0);
      const severity = severityAt(points, limits.severities);
      if (severity === null) return [];
      return [
        {
          window,
          severity,
          confidence: confidenceOf(usual),
          explanation: explain(view, profile, usual, reasons),
          samples: samplesOf(profile, "tool_call"),
        },
      ];
    });
  },
});

/** An exceedance by itself is of medium weight. */
const BASE_POINTS = 3;

function calls(profile: Profile): number {
  return countOf(profile, "tool_call");
}

function peersOf({ baseline }: View) {
  const normal = peerNormal(baseline, "tool_call");
  return normal.days > 0 && normal.max > 0 ? normal : null;
}

/** What the calls were for, how wide and how fast they went. */
function manner(
  profile: Profile,
  { targetsMany, perMinuteMin }: Pick<typeof options, "targetsMany" | "perMinuteMin">,
): Reason[] {
  const reasons: Reason[] = [];
  const sensitive = sensitiveTools(profile);
  if (sensitive.length > 0) {
    const words = `the tools search or open what people wrote (${listing(sensitive)})`;
    reasons.push({ points: 1, words });
  }
  const { targets } = breadth(profile);
  if (targets >= targetsMany) {
    reasons.push({ points: 1, words: `it went through ${count(targets)} different places` });
  }
  const peak = busiestMinute(profile).count;
  if (peak >= perMinuteMin) {
    reasons.push({ points: 1, words: `it made ${count(peak)} calls in one minute` });
  }
  return reasons;
}

/** Tools that put something where others see it. */
const SENDING = /send|post|reply|forward|share|publish|create_(message|conversation|channel)/i;

/** What was told to collect is also told where to put it: many messages from an assistant that hardly ever sends one. */
function sentReason(
  { profiles }: View,
  profile: Profile,
  { sentMin, sentTimesMin }: Pick<typeof options, "sentMin" | "sentTimesMin">,
): Reason[] {
  const sent = sentOn(profile);
  if (sent < sentMin) return [];
  const most = Math.max(0, ...profiles.filter((other) => other !== profile).map(sentOn));
  if (sent < most * sentTimesMin) return [];
  const news = most === 0 ? "which it does on no other day" : "far more than on any other day";
  return [
    {
      points: most === 0 ? 2 : 1,
      words: `${count(sent)} of the calls sent or posted something, ${news}`,
    },
  ];
}

/** Many people with a few questions each are what an assistant is for. */
function crowdReason(
  profile: Profile,
  { crowdMin, perPersonMax }: Pick<typeof options, "crowdMin" | "perPersonMax">,
): Reason[] {
  const { people } = breadth(profile);
  return people >= crowdMin && calls(profile) <= people * perPersonMax
    ? [{ points: -2, words: `${count(people)} people asked a few things each` }]
    : [];
}

function sentOn(profile: Profile): number {
  let sent = 0;
  for (const [name, times] of profile.tools ?? []) if (SENDING.test(name)) sent += times;
  for (const [name, times] of profile.actions ?? []) {
    if (/tool|mcp/i.test(name) && SENDING.test(name)) sent += times;
  }
  return sent;
}

/** Of the calls kept as evidence, the first of every hour, those whose tool is sensitive. */
function sensitiveTools(profile: Profile): string[] {
  const found = new Set<string>();
  for (const { action, summary } of samplesOf(profile, "tool_call", 24)) {
    if (SENSITIVE.test(action)) found.add(action);
    else {
      const tool = SENSITIVE.exec(summary)?.[0];
      if (tool !== undefined) found.add(tool);
    }
  }
  return [...found].sort();
}

function explain(view: View, profile: Profile, usual: Usual, reasons: readonly Reason[]): string {
  const { targets } = breadth(profile);
  return (
    `${subjectName(view)} made ${count(calls(profile))} tool calls on ${count(targets)} different ` +
    `${targets === 1 ? "place" : "places"} ${onDay(profile.day)}. ${comparison(usual, "tool calls")}` +
    `${because(reasons)} An assistant that answers questions makes a few calls each; this many means that somebody ` +
    "or some text that it read makes it collect."
  );
}
