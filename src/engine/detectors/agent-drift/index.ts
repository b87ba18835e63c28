/** Finds agents that changed what they can do, or use tools that they never used: new actions, new child apps, new tools. */

import type { Severity } from "#contract/finding.ts";
import { defineDetector, type Evidence, type View } from "#engine/detectors/detector.ts";
import { subjectName } from "#engine/detectors/subject.ts";
import { atMost, isGuest, isPrivileged, shifted, succeeded, who } from "#engine/detectors/trust.ts";
import { dayWindow, listing, onDay } from "#engine/detectors/window.ts";
import { type Profile, samplesOf } from "#engine/profile/profile.ts";
import type { TimelineEntry } from "#engine/profile/timeline.ts";

const options = {
  /** Days with tool calls before a tool can be new: two working weeks show what an agent is for. */
  toolDaysMin: 8,
  /** An agent with a wider choice than this picks new ones every day; nothing is new for it. */
  toolsKnownMax: 24,
  /** Days on which it tried something new; above this share it explores, and that is its nature. */
  exploringShareMax: 0.3,
  /** After that many days of changing agents, somebody is their maker. */
  makerDaysMin: 2,
};
type Options = typeof options;

/** Tools that take data out or change what others rely on; by the verbs that tool names of all vendors share. */
const ACTING_TOOL =
  /(^|[^a-z])(send|post|share|publish|upload|forward|invite|delete|remove|transfer|export|webhook|http|request|execute|run|write|create_(user|key|token)|grant)([^a-z]|$)/i;

export const agentDrift = defineDetector({
  id: "agent-drift",
  title: "An agent does what it never did",
  techniques: ["T56", "T60", "T61"],
  attackType: "ai_abuse",
  severity: "medium",
  platforms: "all",
  judges: ["automation"],
  options,
  detect: (view, limits) => [...changes(view, limits), ...newTools(view, limits)],
});

/** What somebody did to an agent: its actions, its authentication, a child app that came with it. */
function changes(view: View, { makerDaysMin }: Options): Evidence[] {
  const relevant = view.timeline.filter((entry) => isAgentChange(view, entry) && succeeded(entry));
  /** Days of each actor so far: the groups come in event time. */
  const daysOf = new Map<string, number>();
  return [...Map.groupBy(relevant, ({ day, actor }) => `${day}|${actor.id}`).values()].flatMap(
    (entries): Evidence[] => {
      const [first] = entries;
      if (first === undefined) return [];
      const { actor, day } = first;
      const daysBefore = daysOf.get(actor.id) ?? 0;
      daysOf.set(actor.id, daysBefore + 1);
      if (daysBefore >= makerDaysMin) return [];
      const isStranger = !owns(view, actor.id) && isPrivileged(view, actor) !== true;
      const isAutomatic = first.action.includes("auto_installed");
      const steps = isGuest(view, actor) || (isStranger && !isAutomatic) ? 2 : 0;
      return [
        {
          window: dayWindow(day),
          key: `changed|${actor.id}`,
          techniques: ["T56"],
          title: isAutomatic
            ? "A child app installed itself with an agent"
            : "The actions of an agent were changed",
          severity: atMost(shifted("low", steps), "high"),
          confidence: 0.4 + 0.1 * steps,
          explanation:
            `${who(actor)} changed what ${subjectName(view)} can do ${onDay(day)} (${listing(wordsOf(entries))}). ` +
            `${isStranger ? "Nothing ties that account to the agent, and it is not known as an administrator. " : ""}` +
            "An agent acts for everybody who uses it, so whoever changes its actions changes what is done in their names.",
          samples: entries.map(({ sample }) => sample).slice(0, 5),
        },
      ];
    },
  );
}

function isAgentChange({ automation }: View, { change, action }: TimelineEntry): boolean {
  if (change.kind === "agent_changed") return true;
  const isAgent = automation?.kind === "ai_agent";
  return action === "child_app_auto_installed" || (isAgent && change.kind === "owner_added");
}

function owns({ automation }: View, id: string): boolean {
  return (
    automation?.owners.some(
      ({ principal, confidence }) => principal === id && confidence >= 0.5,
    ) === true
  );
}

function wordsOf(entries: readonly TimelineEntry[]): string[] {
  return [...new Set(entries.map(({ change, action }) => change.detail ?? action))].sort();
}

/** Tools that act, called by an agent of settled habits that never called them on any earlier day. */
function newTools(view: View, limits: Options): Evidence[] {
  const days = view.profiles.filter(({ tools, day }) => tools !== null && day >= 0);
  const known = new Set<string>();
  let exploring = 0;
  const found: Evidence[] = [];
  for (const [index, profile] of days.entries()) {
    const tools = [...(profile.tools?.keys() ?? [])].sort();
    const unknown = tools.filter((tool) => !known.has(tool));
    if (isSettled(index, exploring, known.size, limits)) {
      const acting = unknown.filter((tool) => ACTING_TOOL.test(tool));
      if (acting.length > 0) found.push(toolEvidence(view, profile, acting, known.size, index));
    }
    if (index > 0 && unknown.length > 0) exploring++;
    for (const tool of tools) known.add(tool);
  }
  return found;
}

function isSettled(
  daysBefore: number,
  exploring: number,
  toolsKnown: number,
  { toolDaysMin, exploringShareMax, toolsKnownMax }: Options,
): boolean {
  return (
    daysBefore >= toolDaysMin &&
    toolsKnown <= toolsKnownMax &&
    exploring / Math.max(daysBefore - 1, 1) <= exploringShareMax
  );
}

function toolEvidence(
  view: View,
  profile: Profile,
  tools: readonly string[],
  toolsKnown: number,
  daysBefore: number,
): Evidence {
  const times = tools.reduce((sum, tool) => sum + (profile.tools?.get(tool) ?? 0), 0);
  const severity: Severity = times >= 5 ? "medium" : "low";
  return {
    window: dayWindow(profile.day),
    key: "tools",
    techniques: ["T61"],
    title: "An agent used tools that it never used",
    severity,
    confidence: 0.4 + Math.min(daysBefore / 100, 0.2),
    explanation:
      `${subjectName(view)} called ${listing(tools)} ${times === 1 ? "once" : `${times} times`} ${onDay(profile.day)}. On ${daysBefore} days before it ` +
      `kept to ${toolsKnown} ${toolsKnown === 1 ? "tool" : "tools"}, and never to ${tools.length === 1 ? "this one" : "these"}. ` +
      "New tools that send, delete or run something are how an agent that was talked into it takes data out.",
    samples: samplesOf(profile, "tool_call", 24)
      .filter(({ summary, action }) =>
        tools.some((tool) => summary.includes(tool) || action === tool),
      )
      .slice(0, 5),
  };
}
