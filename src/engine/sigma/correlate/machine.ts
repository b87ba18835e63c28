/** One group of one correlation: takes matches in event time and tells when the condition was met. */

import { quantile } from "#base/stats.ts";
import { type CorrelationPlan, holds, isSliding } from "./plan.ts";
import { type Ladder, ladderOf, type Progress, progressOf, type Way, waysOf } from "./together.ts";

/** A match of a source in a group. */
export interface Entry<T> {
  /** Epoch milliseconds, event time. */
  readonly at: number;
  /** Which of the correlation's sources matched, as a place in their list. */
  readonly source: number;
  /** The event's own id. It breaks ties, so that order of arrival never shows. */
  readonly id: string;
  /** What the correlation counts or sums; null where the event has no such field. */
  readonly value: string | number | null;
  /** The group in each correlation that reads this one's alerts, by its id. */
  readonly keys: ReadonlyMap<string, string> | null;
  /** Whatever the caller wants back as evidence. */
  readonly tag: T;
}

/** A stretch of time in which the condition held. */
export interface Run<T> {
  /** First match of the window that met the condition. */
  readonly from: number;
  /** When the condition was first met. */
  readonly at: number;
  /** Last match at which it held. */
  readonly to: number;
  /** The largest figure met, or in a window judged as a whole, its figure. */
  readonly figure: number;
  readonly matches: number;
  /** Some of the matches, earliest first. */
  readonly entries: readonly Entry<T>[];
  /** For correlations that read this one: each moment at which it held, with the matches that made it so. */
  readonly hits: readonly Hit<T>[];
}

export interface Hit<T> {
  readonly entry: Entry<T>;
  readonly figure: number;
  readonly window: readonly Entry<T>[];
}

/** Matches shown with an alert: enough to see what happened. */
export const SHOWN_MAX = 12;

export interface Machine<T> {
  /** Takes the next match in the order of `inEventTime`. */
  add(entry: Entry<T>): void;
  /** Runs that are over, handed out once. */
  takeClosed(): Run<T>[];
  /** The run that is under way; for windows judged as a whole only once `now` is past their end. */
  open(now: number): Run<T> | null;
  /** Forgets what no match from `now` on can need. True when nothing is left. */
  forget(now: number): boolean;
  /** Matches that are held. */
  size(): number;
  clone(): Machine<T>;
}

export interface MachineOptions {
  /** Whether correlations read this one's alerts. */
  readonly isRead: boolean;
  /** Most matches held at once; of more, the earliest are let go. */
  readonly entriesMax: number;
}

/** The order in which a machine takes matches. */
export function inEventTime<T>(a: Entry<T>, b: Entry<T>): number {
  return a.at - b.at || a.source - b.source || (a.id < b.id ? -1 : a.id > b.id ? 1 : 0);
}

export function machineOf<T>(plan: CorrelationPlan, options: MachineOptions): Machine<T> {
  return isSliding(plan)
    ? slidingMachine<T>(plan, options, newWindow(plan))
    : wholeMachine<T>(plan, options);
}

/** What a window of a sliding correlation knows without looking at its matches again. */
interface Gauge {
  add(entry: Entry<unknown>): void;
  remove(entry: Entry<unknown>): void;
  /** The figure, and whether it meets the condition; `from` is the beginning of the window. */
  read(size: number, from: number): { readonly figure: number; readonly isMet: boolean };
  clone(): Gauge;
}

interface SlidingState<T> {
  readonly entries: Entry<T>[];
  /** Place of the first entry that is still in the window. */
  head: number;
  readonly gauge: Gauge;
  run: GrowingRun<T> | null;
  readonly closed: Run<T>[];
}

interface GrowingRun<T> {
  readonly from: number;
  readonly at: number;
  readonly entries: readonly Entry<T>[];
  readonly hits: Hit<T>[];
  to: number;
  figure: number;
  matches: number;
}

function newWindow<T>(plan: CorrelationPlan): SlidingState<T> {
  return { entries: [], head: 0, gauge: gaugeOf(plan), run: null, closed: [] };
}

function slidingMachine<T>(
  plan: CorrelationPlan,
  options: MachineOptions,
  state: SlidingState<T>,
): Machine<T> {
  const { timespanMs } = plan;
  const { entries, gauge, closed } = state;
  function dropBefore(from: number): void {
    for (;;) {
      const first = entries[state.head];
      if (first === undefined || first.at >= from) break;
      gauge.remove(first);
      state.head++;
    }
    // Moving the rest down costs as much as was dropped, so it is paid for.
    if (state.head > 32 && state.head * 2 > entries.length) {
      entries.splice(0, state.head);
      state.head = 0;
    }
  }
  function window(): Entry<T>[] {
    return entries.slice(state.head);
  }
  function close(): void {
    if (state.run !== null) closed.push(state.run);
    state.run = null;
  }
  return {
    add(entry) {
      dropBefore(entry.at - timespanMs);
      if (entries.length - state.head >= options.entriesMax) {
        const first = entries[state.head];
        if (first !== undefined) gauge.remove(first);
        state.head++;
      }
      entries.push(entry);
      gauge.add(entry);
      const { figure, isMet } = gauge.read(entries.length - state.head, entry.at - timespanMs);
      // Windows that share no moment are two stories.
      if (!isMet || entry.at - timespanMs > (state.run?.to ?? entry.at)) close();
      if (!isMet) return;
      const { run } = state;
      if (run === null) {
        const held = window();
        state.run = {
          from: held[0]?.at ?? entry.at,
          at: entry.at,
          to: entry.at,
          figure,
          matches: held.length,
          entries: shown(held),
          hits: [],
        };
      } else {
        run.to = entry.at;
        run.figure = Math.max(run.figure, figure);
        run.matches++;
      }
      if (options.isRead) state.run?.hits.push({ entry, figure, window: window() });
    },
    takeClosed: () => closed.splice(0),
    open: () => copied(state.run),
    forget(now) {
      dropBefore(now - timespanMs);
      if (state.head < entries.length) return false;
      close();
      return true;
    },
    size: () => entries.length - state.head,
    clone: () =>
      slidingMachine(plan, options, {
        entries: window(),
        head: 0,
        gauge: gauge.clone(),
        run: copied(state.run),
        closed: [...closed],
      }),
  };
}

function copied<T>(run: GrowingRun<T> | null): GrowingRun<T> | null {
  return run === null ? null : { ...run, hits: [...run.hits] };
}

const NO_HITS: readonly never[] = [];

/** The first half and the last half of what there is room for. */
function shown<T>(entries: readonly Entry<T>[]): readonly Entry<T>[] {
  if (entries.length <= SHOWN_MAX) return entries;
  return [...entries.slice(0, SHOWN_MAX / 2), ...entries.slice(-SHOWN_MAX / 2)];
}

function gaugeOf({ measure, sources }: CorrelationPlan): Gauge {
  switch (measure.is) {
    case "value_count":
      return distinctGauge((figure) => holds(figure, measure.bounds), new Map());
    case "value_sum":
      return sumGauge((figure) => holds(figure, measure.bounds), 0, 0);
    case "temporal": {
      const { bounds, together } = measure;
      const ways = together === null ? null : knownWays(together);
      return presenceGauge(
        (figure, isPresent) =>
          ways === null
            ? holds(figure, bounds ?? { gte: sources.length })
            : ways.some(({ all }) => all.every(isPresent)),
        new Array<number>(sources.length).fill(0),
      );
    }
    case "temporal_ordered": {
      const { bounds, together } = measure;
      return together === null
        ? ladderGauge(
            (figure) => holds(figure, bounds ?? { gte: sources.length }),
            ladderOf(sources.length),
          )
        : orderGauge(knownWays(together).map(({ all }) => progressOf(all)));
    }
    default: {
      const bounds = "bounds" in measure && measure.bounds !== null ? measure.bounds : {};
      return countGauge((figure) => holds(figure, bounds));
    }
  }
}

/** The compiler has refused conditions of too many ways. */
function knownWays(together: Parameters<typeof waysOf>[0]): readonly Way[] {
  const ways = waysOf(together);
  if (ways === null) throw new RangeError("a correlation's condition has too many ways to be met");
  return ways;
}

type IsMet = (figure: number) => boolean;

function countGauge(isMet: IsMet): Gauge {
  return {
    add() {},
    remove() {},
    read: (size) => ({ figure: size, isMet: isMet(size) }),
    clone: () => countGauge(isMet),
  };
}

function distinctGauge(isMet: IsMet, counts: Map<string, number>): Gauge {
  return {
    add({ value }) {
      if (value === null) return;
      const name = String(value);
      counts.set(name, (counts.get(name) ?? 0) + 1);
    },
    remove({ value }) {
      if (value === null) return;
      const name = String(value);
      const left = (counts.get(name) ?? 1) - 1;
      if (left === 0) counts.delete(name);
      else counts.set(name, left);
    },
    read: () => ({ figure: counts.size, isMet: isMet(counts.size) }),
    clone: () => distinctGauge(isMet, new Map(counts)),
  };
}

function sumGauge(isMet: IsMet, sum: number, numbers: number): Gauge {
  return {
    add({ value }) {
      if (typeof value !== "number") return;
      sum += value;
      numbers++;
    },
    remove({ value }) {
      if (typeof value !== "number") return;
      numbers--;
      // An empty window begins anew: what adding and taking away left of a rest is gone.
      sum = numbers === 0 ? 0 : sum - value;
    },
    read: () => ({ figure: sum, isMet: numbers > 0 && isMet(sum) }),
    clone: () => sumGauge(isMet, sum, numbers),
  };
}

function presenceGauge(
  isMet: (figure: number, isPresent: (source: number) => boolean) => boolean,
  counts: number[],
): Gauge {
  const isPresent = (source: number) => (counts[source] ?? 0) > 0;
  let different = counts.filter((count) => count > 0).length;
  return {
    add({ source }) {
      if (!isPresent(source)) different++;
      counts[source] = (counts[source] ?? 0) + 1;
    },
    remove({ source }) {
      counts[source] = (counts[source] ?? 1) - 1;
      if (!isPresent(source)) different--;
    },
    read: () => ({ figure: different, isMet: isMet(different, isPresent) }),
    clone: () => presenceGauge(isMet, [...counts]),
  };
}

function ladderGauge(isMet: IsMet, ladder: Ladder): Gauge {
  return {
    add: ({ source, at }) => ladder.add(source, at),
    // What began before the window no longer counts by itself.
    remove() {},
    read: (_, from) => {
      const figure = ladder.heightSince(from);
      return { figure, isMet: isMet(figure) };
    },
    clone: () => ladderGauge(isMet, ladder.clone()),
  };
}

function orderGauge(chains: readonly Progress[]): Gauge {
  return {
    add({ source, at }) {
      for (const chain of chains) chain.add(source, at);
    },
    remove() {},
    read: (_, from) => {
      const isMet = chains.some((chain) => chain.isDoneSince(from));
      return { figure: isMet ? 1 : 0, isMet };
    },
    clone: () => orderGauge(chains.map((chain) => chain.clone())),
  };
}

/** Windows side by side, each judged when it is over. */
function wholeMachine<T>(
  plan: CorrelationPlan,
  options: MachineOptions,
  held: readonly Entry<T>[] = [],
  done: readonly Run<T>[] = [],
): Machine<T> {
  let entries = [...held];
  const closed = [...done];
  function isOver(now: number): boolean {
    const first = entries[0];
    return first !== undefined && now > first.at + plan.timespanMs;
  }
  function close(): void {
    const run = judged(plan, entries, options);
    if (run !== null) closed.push(run);
    entries = [];
  }
  return {
    add(entry) {
      if (isOver(entry.at)) close();
      if (entries.length < options.entriesMax) entries.push(entry);
    },
    takeClosed: () => closed.splice(0),
    open: (now) => (isOver(now) ? judged(plan, entries, options) : null),
    forget(now) {
      if (isOver(now)) close();
      return entries.length === 0;
    },
    size: () => entries.length,
    clone: () => wholeMachine(plan, options, entries, closed),
  };
}

/** A window that is over; null where it does not meet the condition. */
function judged<T>(
  plan: CorrelationPlan,
  entries: readonly Entry<T>[],
  { isRead }: MachineOptions,
): Run<T> | null {
  const first = entries[0];
  const last = entries.at(-1);
  if (first === undefined || last === undefined) return null;
  const figure = figureOf(plan, entries);
  if (figure === null) return null;
  return {
    from: first.at,
    at: last.at,
    to: last.at,
    figure,
    matches: entries.length,
    entries: shown(entries),
    hits: isRead ? [{ entry: last, figure, window: entries }] : NO_HITS,
  };
}

/** The figure of a whole window where it meets the condition, else null. */
export function figureOf(
  { measure, sources }: CorrelationPlan,
  entries: readonly Entry<unknown>[],
): number | null {
  if (measure.is === "temporal" || measure.is === "temporal_ordered") {
    const isOrdered = measure.is === "temporal_ordered";
    const { bounds, together } = measure;
    if (together !== null) {
      const present = new Set(entries.map(({ source }) => source));
      const isMet = knownWays(together).some(
        ({ all, none }) =>
          !none.some((source) => present.has(source)) &&
          (isOrdered ? isInOrder(all, entries) : all.every((source) => present.has(source))),
      );
      return isMet ? (isOrdered ? 1 : present.size) : null;
    }
    const figure = isOrdered
      ? heightOf(sources.length, entries)
      : new Set(entries.map(({ source }) => source)).size;
    return holds(figure, bounds ?? { gte: sources.length }) ? figure : null;
  }
  const figure = amountOf(measure, entries);
  return figure !== null && holds(figure, measure.bounds) ? figure : null;
}

function isInOrder(rules: readonly number[], entries: readonly Entry<unknown>[]): boolean {
  let next = 0;
  for (const { source } of entries) if (source === rules[next]) next++;
  return next >= rules.length;
}

function heightOf(size: number, entries: readonly Entry<unknown>[]): number {
  const ladder = ladderOf(size);
  for (const { source, at } of entries) ladder.add(source, at);
  return ladder.heightSince(entries[0]?.at ?? 0);
}

/** Null where no match carries a number. */
function amountOf(
  measure: Exclude<CorrelationPlan["measure"], { is: "temporal" | "temporal_ordered" }>,
  entries: readonly Entry<unknown>[],
): number | null {
  if (measure.is === "event_count") return entries.length;
  if (measure.is === "value_count") {
    const values = entries.flatMap(({ value }) => (value === null ? [] : [String(value)]));
    return new Set(values).size;
  }
  const numbers = entries
    .flatMap(({ value }) => (typeof value === "number" ? [value] : []))
    .sort((a, b) => a - b);
  if (numbers.length === 0) return null;
  switch (measure.is) {
    case "value_sum":
      return sum(numbers);
    case "value_avg":
      return sum(numbers) / numbers.length;
    case "value_median":
      return quantile(numbers, 0.5);
    case "value_percentile":
      return quantile(numbers, measure.percentile / 100);
  }
}

function sum(numbers: readonly number[]): number {
  let total = 0;
  for (const number of numbers) total += number;
  return total;
}
