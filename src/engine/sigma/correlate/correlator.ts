/**
 * Correlations over matches in event time. Matches may come late and in any order: what was said is corrected, and in the end the
 * same matches have told the same. Only what came in later than was allowed for is left out, and counted.
 */

import { type Entry, inEventTime, type Machine, machinesOf, type Run } from "./machine.ts";
import { type CorrelationPlan, isSliding } from "./plan.ts";

/** That a rule matched an event. */
export interface Match<T> {
  /** The rule's id, as in a plan's sources. */
  readonly rule: string;
  /** Epoch milliseconds, event time. */
  readonly at: number;
  /** The event's id: the same event is never given twice. */
  readonly id: string;
  /** The group that the event belongs to and the value that it brings, for each correlation that wants to know. */
  readonly of: (correlation: CorrelationPlan) => Grouped | null;
  readonly tag: T;
}

/** An event as a correlation sees it; there is none where the event lacks a field that it groups by. */
export interface Grouped {
  /** Values of the fields that are grouped by, in their order; empty where nothing is grouped. */
  readonly group: readonly string[];
  readonly value: string | number | null;
}

export interface Alert<T> {
  /** The same for the same correlation, group and beginning. */
  readonly id: string;
  readonly correlation: string;
  readonly group: readonly string[];
  /** Epoch milliseconds: first match, first moment at which the condition held, last one. */
  readonly from: number;
  readonly at: number;
  readonly to: number;
  readonly figure: number;
  readonly matches: number;
  readonly tags: readonly T[];
}

export type Change<T> =
  | { readonly is: "raised" | "changed"; readonly alert: Alert<T> }
  | { readonly is: "withdrawn"; readonly alert: Alert<T> };

export interface CorrelatorOptions {
  /** How much later than the latest match another one may still come, in milliseconds. */
  readonly latenessMs: number;
  /** Matches of one window that are held at most; of more, the earliest are let go. */
  readonly windowMax: number;
  /**
   * Matches of a group that are kept aside in case a late one comes before them; of more, those that none can precede are read
   * a second time and settled.
   */
  readonly tailMax: number;
  /** Groups that are open at once at most; matches that would open another one are counted as turned away. */
  readonly groupsMax: number;
}

export const CORRELATOR_DEFAULTS: CorrelatorOptions = {
  latenessMs: Number.POSITIVE_INFINITY,
  // Far above what any condition in use counts to; the compiler refuses conditions above it.
  windowMax: 100_000,
  // Few groups grow so long; those that do read each match twice.
  tailMax: 64,
  // About 400 bytes each: memory stays under half a gigabyte whatever the input.
  groupsMax: 1_000_000,
};

/** What was left out, and what is held. */
export interface CorrelatorState {
  readonly late: number;
  readonly ungrouped: number;
  readonly turnedAway: number;
  readonly groups: number;
}

export interface Correlator<T> {
  add(match: Match<T>): void;
  /** What changed since it was last asked: alerts raised, changed or withdrawn, in the order of time and id. */
  changes(): Change<T>[];
  /** No more matches will come: windows that are judged as a whole are over. */
  finish(): void;
  state(): CorrelatorState;
}

interface Group<T> {
  readonly key: string;
  readonly values: readonly string[];
  /** Has read what no late match can come before; null where there is no such match yet. */
  machine: Machine<T> | null;
  /** Matches that another may still come before. */
  tail: Entry<T>[];
  isSorted: boolean;
  /** How things stand after the tail. */
  ahead: Ahead<T> | null;
  /** What was said of it and may still change. */
  told: Map<string, Alert<T>>;
  /** Entries given to correlations that read this one, by their id. */
  passedOn: Map<string, Given<T>>;
}

/** An entry in a group of a correlation that reads this one. */
interface Given<T> {
  readonly reader: Stage<T>;
  readonly key: string;
  readonly values: readonly string[];
  readonly entry: Entry<T>;
}

/** A machine that has read the tail, too. It is kept, so that matches in their order are read once and not at every question. */
interface Ahead<T> {
  readonly machine: Machine<T>;
  /** How many of the tail it has read. */
  read: number;
  /** Runs that ended within the tail. */
  readonly closed: Run<T>[];
}

/** What is known of a group. */
interface Standing<T> {
  readonly runs: readonly Run<T>[];
  /** Those among them that no late match can change any more. */
  readonly sealed: readonly Run<T>[];
}

interface Stage<T> {
  readonly plan: CorrelationPlan;
  readonly groups: Map<string, Group<T>>;
  readonly dirty: Set<Group<T>>;
  readonly newMachine: () => Machine<T>;
  /** Correlations that read this one, with the place that it has in their sources. */
  readonly readers: readonly { readonly stage: Stage<T>; readonly source: number }[];
  /** How long after the matches of its sources its own alerts may still change. */
  readonly lagMs: number;
  prunedAt: number;
}

/** @throws RangeError where correlations read each other in a circle, or one that is not there. */
export function correlator<T>(
  plans: readonly CorrelationPlan[],
  options: CorrelatorOptions = CORRELATOR_DEFAULTS,
): Correlator<T> {
  const stages = stagesOf<T>(plans, options.windowMax);
  const byRule = new Map<string, { stage: Stage<T>; source: number }[]>();
  for (const stage of stages) {
    for (const [source, { kind, id }] of stage.plan.sources.entries()) {
      if (kind !== "rule") continue;
      byRule.set(id, [...(byRule.get(id) ?? []), { stage, source }]);
    }
  }
  const counts = { late: 0, ungrouped: 0, turnedAway: 0 };
  let latest = Number.NEGATIVE_INFINITY;
  let isFinished = false;

  function sealedUntil(stage: Stage<T>): number {
    return latest - options.latenessMs - stage.lagMs;
  }

  function place(stage: Stage<T>, values: readonly string[], entry: Entry<T>): boolean {
    const key = keyOf(values);
    let group = stage.groups.get(key);
    if (group === undefined) {
      if (stage.groups.size >= options.groupsMax) return false;
      group = newGroup(key, values);
      stage.groups.set(key, group);
    }
    const last = group.tail.at(-1);
    if (last !== undefined && inEventTime(last, entry) > 0) group.isSorted = false;
    group.tail.push(entry);
    stage.dirty.add(group);
    return true;
  }

  function keysOf(match: Match<T>, stage: Stage<T>): ReadonlyMap<string, readonly string[]> | null {
    if (stage.readers.length === 0) return null;
    const keys = new Map<string, readonly string[]>();
    for (const reader of readersOf(stage)) {
      const grouped = match.of(reader.plan);
      if (grouped !== null) keys.set(reader.plan.id, grouped.group);
    }
    return keys;
  }

  function judge(stage: Stage<T>, group: Group<T>, into: Change<T>[]): void {
    if (!group.isSorted) {
      group.tail.sort(inEventTime);
      group.isSorted = true;
      group.ahead = null;
    }
    const ahead = lookAhead(stage, group);
    const until = sealedUntil(stage);
    const sealed = seal(stage, group, ahead, { until, tailMax: options.tailMax });
    const open = ahead.machine.open(isFinished ? Number.POSITIVE_INFINITY : until);
    if (sealed.length + ahead.closed.length === 0 && open === null && group.told.size === 0) return;
    const runs = [...sealed, ...ahead.closed, ...(open === null ? [] : [open])];
    tell(stage, group, { runs, sealed }, into);
    passOn(stage, group, { runs, sealed });
  }

  function tell(
    stage: Stage<T>,
    group: Group<T>,
    { runs, sealed }: Standing<T>,
    into: Change<T>[],
  ): void {
    const now = new Map(
      runs.map((run) => alertOf(stage.plan, group, run)).map((one) => [one.id, one]),
    );
    for (const [id, alert] of group.told) {
      if (!now.has(id)) into.push({ is: "withdrawn", alert });
    }
    for (const [id, alert] of now) {
      const before = group.told.get(id);
      if (before === undefined) into.push({ is: "raised", alert });
      else if (!isSame(before, alert)) into.push({ is: "changed", alert });
    }
    // What is sealed has been told for good.
    for (const run of sealed) now.delete(idOf(stage.plan, group, run));
    group.told = now;
  }

  /** Gives what holds now to the correlations that read this one, and takes back what no longer does. */
  function passOn(stage: Stage<T>, group: Group<T>, { runs, sealed }: Standing<T>): void {
    if (stage.readers.length === 0) return;
    const now = new Map<string, Given<T>>();
    const final = new Set<string>();
    for (const { stage: reader, source } of stage.readers) {
      for (const run of runs) {
        for (const { values, entry } of entriesFor(reader.plan, source, stage.plan, group, run)) {
          const key = keyOf(values);
          const name = `${reader.plan.id}|${key}|${entry.id}|${entry.value}`;
          now.set(name, { reader, key, values, entry });
          if (sealed.includes(run)) final.add(name);
        }
      }
    }
    for (const [name, { reader, key, entry }] of group.passedOn) {
      const theirs = reader.groups.get(key);
      if (now.has(name) || theirs === undefined) continue;
      theirs.tail = theirs.tail.filter((one) => one.id !== entry.id || one.source !== entry.source);
      theirs.ahead = null;
      reader.dirty.add(theirs);
    }
    for (const [name, { reader, values, entry }] of now) {
      if (!group.passedOn.has(name) && !place(reader, values, entry)) counts.turnedAway++;
    }
    for (const name of final) now.delete(name);
    group.passedOn = now;
  }

  /** Lets go of groups that nothing can happen to any more. */
  function prune(stage: Stage<T>): void {
    const until = sealedUntil(stage);
    // Looking at all groups is paid for by the time that passed.
    if (!(until - stage.prunedAt >= stage.plan.timespanMs / 4)) return;
    stage.prunedAt = until;
    const over = until - stage.plan.timespanMs;
    for (const [key, group] of stage.groups) {
      const last = group.tail.at(-1);
      const isIdle = last === undefined ? (group.machine?.forget(until) ?? true) : last.at < over;
      if (isIdle) stage.groups.delete(key);
    }
  }

  return {
    add(match) {
      const readers = byRule.get(match.rule);
      if (readers === undefined) return;
      if (match.at < latest - options.latenessMs) {
        counts.late++;
        return;
      }
      latest = Math.max(latest, match.at);
      for (const { stage, source } of readers) {
        const grouped = match.of(stage.plan);
        if (grouped === null) {
          counts.ungrouped++;
          continue;
        }
        const { at, id, tag } = match;
        const keys = keysOf(match, stage);
        const entry: Entry<T> = { at, source, id, value: grouped.value, keys, tag };
        if (!place(stage, grouped.group, entry)) counts.turnedAway++;
      }
    },
    changes() {
      const changes: Change<T>[] = [];
      // Sources stand before their readers.
      for (const stage of stages) {
        if (!isSliding(stage.plan)) wakeEnded(stage, sealedUntil(stage), isFinished);
        for (const group of stage.dirty) judge(stage, group, changes);
        stage.dirty.clear();
        prune(stage);
      }
      return changes.sort((a, b) => a.alert.at - b.alert.at || (a.alert.id < b.alert.id ? -1 : 1));
    },
    finish() {
      isFinished = true;
    },
    state: () => ({
      ...counts,
      groups: stages.reduce((sum, { groups }) => sum + groups.size, 0),
    }),
  };
}

/** Windows that are judged as a whole are looked at when they are over, though no match came. */
function wakeEnded<T>(stage: Stage<T>, until: number, isFinished: boolean): void {
  for (const group of stage.groups.values()) {
    if (isFinished || lookAhead(stage, group).machine.open(until) !== null) stage.dirty.add(group);
  }
}

/** One entry for each group of the reader that the matches of the alert belong to. */
function entriesFor<T>(
  reader: CorrelationPlan,
  source: number,
  plan: CorrelationPlan,
  group: Group<T>,
  run: Run<T>,
): Pick<Given<T>, "values" | "entry">[] {
  // Whoever looks for things near each other must hear of every moment at which this one held: the first may be long
  // ago. Whoever counts or adds up counts one alert as one.
  const isNear = reader.measure.is === "temporal" || reader.measure.is === "temporal_ordered";
  const moments = isNear ? run.hits : run.hits.slice(0, 1);
  return moments.flatMap(({ entry, figure, window }) => {
    const found = new Map<string, Pick<Given<T>, "values" | "entry">>();
    for (const { keys } of window) {
      const values = keys?.get(reader.id);
      if (values === undefined || found.has(keyOf(values))) continue;
      const { at, tag } = entry;
      const id = `${plan.id}|${group.key}|${entry.id}`;
      found.set(keyOf(values), { values, entry: { at, source, id, value: figure, keys, tag } });
    }
    return [...found.values()];
  });
}

function alertOf<T>(plan: CorrelationPlan, group: Group<T>, run: Run<T>): Alert<T> {
  return {
    id: idOf(plan, group, run),
    correlation: plan.id,
    group: group.values,
    from: run.from,
    at: run.at,
    to: run.to,
    figure: run.figure,
    matches: run.matches,
    tags: run.entries.map(({ tag }) => tag),
  };
}

function idOf<T>({ id }: CorrelationPlan, { key }: Group<T>, { from }: Run<T>): string {
  return `${id}|${key}|${from}`;
}

function lookAhead<T>(stage: Stage<T>, group: Group<T>): Ahead<T> {
  let { ahead } = group;
  if (ahead === null) {
    ahead = { machine: group.machine?.clone() ?? stage.newMachine(), read: 0, closed: [] };
    group.ahead = ahead;
  }
  for (; ahead.read < group.tail.length; ahead.read++) {
    const entry = group.tail[ahead.read];
    if (entry !== undefined) ahead.machine.add(entry);
  }
  const closed = ahead.machine.takeClosed();
  if (closed.length > 0) ahead.closed.push(...closed);
  return ahead;
}

/** Moves what no late match can come before any more from the tail into the machine; gives the runs that ended there. */
function seal<T>(
  stage: Stage<T>,
  group: Group<T>,
  ahead: Ahead<T>,
  { until, tailMax }: { readonly until: number; readonly tailMax: number },
): Run<T>[] {
  const { tail } = group;
  if (tail.length < tailMax) return [];
  const last = tail.at(-1);
  if (last !== undefined && last.at < until) {
    // Whoever looked ahead has read all of it: from here on this is the machine.
    group.machine = ahead.machine;
    group.ahead = null;
    group.tail = [];
    return ahead.closed.splice(0);
  }
  const middle = tail[tail.length >> 1];
  if (middle === undefined || middle.at >= until) return [];
  const machine = group.machine ?? stage.newMachine();
  group.machine = machine;
  let sealing = 0;
  for (const entry of tail) {
    if (entry.at >= until) break;
    machine.add(entry);
    sealing++;
  }
  group.tail = tail.slice(sealing);
  ahead.read -= sealing;
  // Whoever looked ahead has seen the same runs end, and in the same order.
  const sealed = machine.takeClosed();
  ahead.closed.splice(0, sealed.length);
  return sealed;
}

function isSame(a: Alert<unknown>, b: Alert<unknown>): boolean {
  return (
    a.at === b.at &&
    a.to === b.to &&
    a.figure === b.figure &&
    a.matches === b.matches &&
    a.tags.length === b.tags.length &&
    a.tags.every((tag, index) => tag === b.tags[index])
  );
}

function newGroup<T>(key: string, values: readonly string[]): Group<T> {
  return {
    key,
    values,
    machine: null,
    tail: [],
    isSorted: true,
    ahead: null,
    told: new Map(),
    passedOn: new Map(),
  };
}

/** All groups of a correlation have as many values, so one value may stand for itself. */
function keyOf(values: readonly string[]): string {
  const [only] = values;
  return values.length === 1 && only !== undefined ? only : JSON.stringify(values);
}

/** All correlations above this one. */
function readersOf<T>(stage: Stage<T>): Stage<T>[] {
  return stage.readers.flatMap(({ stage: reader }) => [reader, ...readersOf(reader)]);
}

/** Sources before readers. */
function stagesOf<T>(plans: readonly CorrelationPlan[], entriesMax: number): Stage<T>[] {
  const byId = new Map(plans.map((plan) => [plan.id, plan]));
  const readers = new Map<string, { stage: Stage<T>; source: number }[]>();
  const lags = new Map<string, number>();
  const stages: Stage<T>[] = [];
  const done = new Set<string>();
  function visit(plan: CorrelationPlan, path: readonly string[]): void {
    if (done.has(plan.id)) return;
    if (path.includes(plan.id)) {
      throw new RangeError(`correlations read each other in a circle: ${path.join(", ")}`);
    }
    let lagMs = 0;
    for (const { kind, id } of plan.sources) {
      if (kind !== "correlation") continue;
      const source = byId.get(id);
      if (source === undefined) throw new RangeError(`there is no correlation ${id}`);
      visit(source, [...path, plan.id]);
      // An alert of a window that is judged as a whole stands at its last match and is known at its end.
      const own = lags.get(id) ?? 0;
      lagMs = Math.max(lagMs, own + (isSliding(source) ? 0 : source.timespanMs));
    }
    lags.set(plan.id, lagMs);
    const mine: { stage: Stage<T>; source: number }[] = [];
    readers.set(plan.id, mine);
    const isRead = plans.some(({ sources }) =>
      sources.some((source) => source.kind === "correlation" && source.id === plan.id),
    );
    const stage: Stage<T> = {
      plan,
      newMachine: machinesOf<T>(plan, { isRead, entriesMax }),
      groups: new Map(),
      dirty: new Set(),
      readers: mine,
      lagMs,
      prunedAt: Number.NEGATIVE_INFINITY,
    };
    for (const [source, { kind, id }] of plan.sources.entries()) {
      if (kind === "correlation") readers.get(id)?.push({ stage, source });
    }
    done.add(plan.id);
    stages.push(stage);
  }
  for (const plan of plans) visit(plan, []);
  return stages;
}
