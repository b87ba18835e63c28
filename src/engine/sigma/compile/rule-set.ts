/**
 * Many rules over one log: an index finds the few that a record could match, and only those are asked. So the cost of a record
 * grows with what it might match, not with the number of rules.
 */

import type { Raw } from "#base/raw.ts";
import type { Atom } from "#engine/sigma/atom.ts";
import type { Detection } from "#engine/sigma/rule.ts";
import { literalFinder } from "./aho-corasick.ts";
import { guardOf, literalOf } from "./guard.ts";
import { type FieldReader, newProgram, type Program, type Question } from "./program.ts";
import { foldedOf, load, type Slot, textsOf } from "./slots.ts";

export interface IndexedRule {
  /** Its place in the caller's list; given back where it matches. */
  readonly index: number;
  /** The rule's own detection and those of its filters: all must be met. */
  readonly detections: readonly Detection[];
  readonly read: FieldReader;
  /** What the record must be before anything is asked, or null. */
  readonly isRead: ((record: Raw) => boolean) | null;
}

export interface RuleSetFacts {
  readonly rules: number;
  /** Rules that the index cannot find, which every record must be held against. */
  readonly alwaysAsked: number;
  /** Different questions over all rules. */
  readonly questions: number;
}

export interface RuleSet {
  /** The places of the rules that match, ascending. */
  match(record: Raw): readonly number[];
  readonly facts: RuleSetFacts;
}

interface Compiled {
  readonly index: number;
  readonly ask: Question;
  readonly isRead: ((record: Raw) => boolean) | null;
}

/** Tells which rules' guards a record holds, by their places in the list of compiled rules. */
type Door = (record: Raw, number: number, found: (rule: number) => void) => void;

export function ruleSet(rules: readonly IndexedRule[]): RuleSet {
  const program = newProgram();
  const compiled = rules.map(({ index, detections, read, isRead }): Compiled => {
    return { index, ask: program.compile(detections, read), isRead };
  });
  const { always, doors } = indexOf(rules, program);
  const asked = new Int32Array(rules.length).fill(-1);
  const { subject } = program;
  return {
    facts: { rules: rules.length, alwaysAsked: always.length, questions: program.atoms() },
    match(record) {
      // Numbers wrap long after every answer to the old ones is gone.
      const number = subject.number >= 0x3fffffff ? 0 : subject.number + 1;
      subject.record = record;
      subject.number = number;
      let matched: number[] | null = null;
      function ask(rule: number): void {
        if (asked[rule] === number) return;
        asked[rule] = number;
        const one = compiled[rule];
        if (one === undefined || (one.isRead !== null && !one.isRead(record)) || !one.ask()) return;
        matched ??= [];
        matched.push(one.index);
      }
      for (const rule of always) ask(rule);
      for (const door of doors) door(record, number, ask);
      return sorted(matched);
    },
  };
}

function sorted(matched: number[] | null): readonly number[] {
  return matched === null ? NONE : matched.sort((a, b) => a - b);
}

const NONE: readonly number[] = [];

interface SlotIndex {
  readonly exact: Map<string, number[]>;
  readonly folded: Map<string, number[]>;
  readonly literals: Map<string, number[]>;
  readonly casedLiterals: Map<string, number[]>;
}

function indexOf(rules: readonly IndexedRule[], program: Program) {
  const always: number[] = [];
  const slots = new Map<Slot, SlotIndex>();
  for (const [rule, { detections, read }] of rules.entries()) {
    const guard = guardOf(detections);
    if (guard === null) always.push(rule);
    else for (const atom of guard) enter(slots, program.slotOf(atom.field, read), atom, rule);
  }
  const doors = [...slots].flatMap(([slot, index]) => doorsOf(slot, index, always));
  return { always: [...new Set(always)].sort((a, b) => a - b), doors };
}

function enter(slots: Map<Slot, SlotIndex>, slot: Slot, { test }: Atom, rule: number): void {
  let index = slots.get(slot);
  if (index === undefined) {
    index = {
      exact: new Map(),
      folded: new Map(),
      literals: new Map(),
      casedLiterals: new Map(),
    };
    slots.set(slot, index);
  }
  if (test.op === "equals") put(test.isCased ? index.exact : index.folded, test.text, rule);
  else if (test.op === "pattern") {
    put(test.isCased ? index.casedLiterals : index.literals, literalOf(test.parts), rule);
  }
}

function put(map: Map<string, number[]>, text: string, rule: number): void {
  const rules = map.get(text);
  if (rules === undefined) map.set(text, [rule]);
  else if (rules.at(-1) !== rule) rules.push(rule);
}

/** Rules whose literals are too many for a table are added to `always`. */
function doorsOf(slot: Slot, index: SlotIndex, always: number[]): Door[] {
  const doors: Door[] = [];
  for (const [map, texts] of [
    [index.exact, textsOf],
    [index.folded, foldedOf],
  ] as const) {
    if (map.size > 0) doors.push(exactDoor(slot, map, texts));
  }
  for (const [map, texts] of [
    [index.casedLiterals, textsOf],
    [index.literals, foldedOf],
  ] as const) {
    if (map.size === 0) continue;
    const door = literalDoor(slot, map, texts);
    if (door === null) always.push(...[...map.values()].flat());
    else doors.push(door);
  }
  return doors;
}

function exactDoor(
  slot: Slot,
  rules: ReadonlyMap<string, readonly number[]>,
  texts: (slot: Slot) => readonly string[],
): Door {
  return (record, number, found) => {
    load(slot, record, number);
    for (const text of texts(slot)) {
      const here = rules.get(text);
      if (here !== undefined) for (const rule of here) found(rule);
    }
  };
}

/** So few literals are looked for one by one. */
const FEW = 3;

function literalDoor(
  slot: Slot,
  rules: ReadonlyMap<string, readonly number[]>,
  texts: (slot: Slot) => readonly string[],
): Door | null {
  const literals = [...rules.keys()];
  const owners = [...rules.values()];
  if (literals.length <= FEW) {
    return (record, number, found) => {
      load(slot, record, number);
      for (const text of texts(slot)) {
        for (let at = 0; at < literals.length; at++) {
          if (text.includes(literals[at] ?? "")) for (const rule of owners[at] ?? []) found(rule);
        }
      }
    };
  }
  const finder = literalFinder(literals);
  if (finder === null) return null;
  return (record, number, found) => {
    load(slot, record, number);
    for (const text of texts(slot)) {
      finder.scan(text, (literal) => {
        for (const rule of owners[literal] ?? []) found(rule);
      });
    }
  };
}
