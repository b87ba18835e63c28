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
  readonly keys: ReadonlyMap<string, readonly string[]> | null;
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

/** Makes the machines of a correlation's groups; what is the same for all of them is made once. */
export function machinesOf<T>(plan: CorrelationPlan, options: MachineOptions): () => Machine<T> {
  if (!isSliding(plan)) return () => wholeMachine<T>(plan, options);
  const newGauge = gaugesOf(plan);
  return () => new SlidingMachine<T>(plan.timespanMs, options, newGauge());
}

/** What a window of a sliding correlation knows without looking at its matches again. */
interface Gauge {
  add(entry: Entry<unknown>): void;
  remove(entry: Entry<unknown>): void;
  /** The figure where it meets the condition, else null; `from` is the beginning of the window. */
  figure(size: number, from: number): number | null;
  clone(): Gauge;
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

/** There is one for each group, and groups are many: a class, so that they share their code. */
class SlidingMachine<T> implements Machine<T> {
  private readonly timespanMs: number;
  private readonly options: MachineOptions;
  private readonly gauge: Gauge;
  private entries: Entry<T>[] = [];
  /** Place of the first entry that is still in the window. */
  private head = 0;
  private run: GrowingRun<T> | null = null;
  private closed: Run<T>[] = [];

  constructor(timespanMs: number, options: MachineOptions, gauge: Gauge) {
    this.timespanMs = timespanMs;
    this.options = options;
    this.gauge = gauge;
  }

  add(entry: Entry<T>): void {
    const from = entry.at - this.timespanMs;
    this.dropBefore(from);
    if (this.entries.length - this.head >= this.options.entriesMax) {
      const first = this.entries[this.head];
      if (first !== undefined) this.gauge.remove(first);
      this.head++;
    }
    this.entries.push(entry);
    this.gauge.add(entry);
    const figure = this.gauge.figure(this.entries.length - this.head, from);
    // Windows that share no moment are two stories.
    if (figure === null || from > (this.run?.to ?? entry.at)) this.close();
    if (figure === null) return;
    const { run } = this;
    if (run === null) {
      const held = this.window();
      this.run = {
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
    if (this.options.isRead) this.run?.hits.push({ entry, figure, window: this.window() });
  }

  takeClosed(): Run<T>[] {
    const { closed } = this;
    if (closed.length > 0) this.closed = [];
    return closed;
  }

  open(): Run<T> | null {
    return copied(this.run);
  }

  forget(now: number): boolean {
    this.dropBefore(now - this.timespanMs);
    if (this.head < this.entries.length) return false;
    this.close();
    return true;
  }

  size(): number {
    return this.entries.length - this.head;
  }

  clone(): Machine<T> {
    const copy = new SlidingMachine<T>(this.timespanMs, this.options, this.gauge.clone());
    copy.entries = this.window();
    copy.run = copied(this.run);
    copy.closed = [...this.closed];
    return copy;
  }

  private window(): Entry<T>[] {
    return this.entries.slice(this.head);
  }

  private close(): void {
    if (this.run !== null) this.closed.push(this.run);
    this.run = null;
  }

  private dropBefore(from: number): void {
    for (;;) {
      const first = this.entries[this.head];
      if (first === undefined || first.at >= from) break;
      this.gauge.remove(first);
      this.head++;
    }
    // Moving the rest down costs as much as was dropped, so it is paid for.
    if (this.head > 32 && this.head * 2 > this.entries.length) {
      this.entries = this.entries.slice(this.head);
      this.head = 0;
    }
  }
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

function gaugesOf({ measure, sources }: CorrelationPlan): () => Gauge {
  switch (measure.is) {
    case "value_count":
      return () => distinctGauge((figure) => holds(figure, measure.bounds), new Map());
    case "value_sum":
      return () => sumGauge((figure) => holds(figure, measure.bounds), 0, 0);
    case "temporal": {
      const { bounds, together } = measure;
      const ways = together === null ? null : knownWays(together);
      return () =>
        presenceGauge(
          (figure, isPresent) =>
            ways === null
              ? holds(figure, bounds ?? { gte: sources.length })
              : ways.some(({ all }) => all.every(isPresent)),
          new Array<number>(sources.length).fill(0),
        );
    }
    case "temporal_ordered": {
      const { bounds, together } = measure;
      if (together !== null) {
        const ways = knownWays(together);
        return () => orderGauge(ways.map(({ all }) => progressOf(all)));
      }
      const wanted = bounds ?? { gte: sources.length };
      return () => ladderGauge((figure) => holds(figure, wanted), ladderOf(sources.length));
    }
    default: {
      // It knows nothing of its own, so all groups may share it.
      const bounds = "bounds" in measure && measure.bounds !== null ? measure.bounds : {};
      const gauge = countGauge((figure) => holds(figure, bounds));
      return () => gauge;
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
  const gauge: Gauge = {
    add() {},
    remove() {},
    figure: (size) => (isMet(size) ? size : null),
    clone: () => gauge,
  };
  return gauge;
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
    figure: () => (isMet(counts.size) ? counts.size : null),
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
    figure: () => (numbers > 0 && isMet(sum) ? sum : null),
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
    figure: () => (isMet(different, isPresent) ? different : null),
    clone: () => presenceGauge(isMet, [...counts]),
  };
}

function ladderGauge(isMet: IsMet, ladder: Ladder): Gauge {
  return {
    add: ({ source, at }) => ladder.add(source, at),
    // What began before the window no longer counts by itself.
    remove() {},
    figure: (_, from) => {
      const figure = ladder.heightSince(from);
      return isMet(figure) ? figure : null;
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
    figure: (_, from) => (chains.some((chain) => chain.isDoneSince(from)) ? 1 : null),
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
