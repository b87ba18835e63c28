/** One rule as a function: its conditions and searches become closures, and what several rules ask is asked once a record. */

import type { Raw } from "#base/raw.ts";
import type { Atom } from "#engine/sigma/atom.ts";
import type { Accessor } from "#engine/sigma/pipelines/path.ts";
import type { Condition, Detection, Search, WrittenValue } from "#engine/sigma/rule.ts";
import { foldedOf, load, newSlot, type Slot, textsOf } from "./slots.ts";
import { checkOf, isFolded, relates, type ValueTest } from "./value-test.ts";

/** The record under test, and which it is: what was found out holds for this number. */
export interface Subject {
  record: Raw;
  number: number;
}

export type Question = () => boolean;

/** From a field's name to its reader; the same field of the same log must give the same reader, or nothing is shared. */
export type FieldReader = (field: string) => Accessor;

/** Makes closures that share slots and answers. */
export interface Program {
  readonly subject: Subject;
  slotOf(field: string | null, read: FieldReader): Slot;
  compile(detections: readonly Detection[], read: FieldReader): Question;
  /** How many different questions there are. */
  atoms(): number;
}

export function newProgram(): Program {
  const subject: Subject = { record: {}, number: 0 };
  const slots = new Map<Accessor | null, Slot>();
  const slotNumbers = new Map<Slot, number>();
  const answers = new Map<string, Question>();

  function slotOf(field: string | null, read: FieldReader): Slot {
    const accessor = field === null ? null : read(field);
    let slot = slots.get(accessor);
    if (slot === undefined) {
      slot = newSlot(accessor);
      slots.set(accessor, slot);
      slotNumbers.set(slot, slotNumbers.size);
    }
    return slot;
  }

  /** Answered once a record, whoever asks. */
  function once(key: string, make: () => Question): Question {
    const known = answers.get(key);
    if (known !== undefined) return known;
    const ask = make();
    let number = -1;
    let answer = false;
    const question = (): boolean => {
      if (number !== subject.number) {
        answer = ask();
        number = subject.number;
      }
      return answer;
    };
    answers.set(key, question);
    return question;
  }

  function ofAtom({ field, key, test }: Atom, read: FieldReader): Question {
    const slot = slotOf(field, read);
    const name = `${slotNumbers.get(slot)} ${key}`;
    switch (test.op) {
      case "exists":
        return () => load(slot, subject.record, subject.number).isThere === test.isThere;
      case "null":
        return () => load(slot, subject.record, subject.number).isNull;
      case "fieldref": {
        const other = slotOf(test.other, read);
        const { way, isCased } = test;
        return once(`${name} ${slotNumbers.get(other)}`, () => () => {
          const mine = load(slot, subject.record, subject.number);
          const theirs = load(other, subject.record, subject.number);
          const [a, b] = isCased
            ? [textsOf(mine), textsOf(theirs)]
            : [foldedOf(mine), foldedOf(theirs)];
          return a.some((one) => b.some((two) => relates(one, two, way)));
        });
      }
      default:
        return once(name, () => ofValue(slot, test));
    }
  }

  function ofValue(slot: Slot, test: ValueTest): Question {
    const check = checkOf(test);
    const texts = isFolded(test) ? foldedOf : textsOf;
    return () => {
      load(slot, subject.record, subject.number);
      for (const text of texts(slot)) if (check(text)) return true;
      return false;
    };
  }

  /** A list of plain texts is one look-up, however long it is. */
  function ofTexts(slot: Slot, texts: ReadonlySet<string>, isCased: boolean): Question {
    const read = isCased ? textsOf : foldedOf;
    return () => {
      load(slot, subject.record, subject.number);
      for (const text of read(slot)) if (texts.has(text)) return true;
      return false;
    };
  }

  function anyAtom(atoms: readonly Atom[], read: FieldReader): Question {
    const questions: Question[] = [];
    for (const isCased of [false, true]) {
      const texts = new Set<string>();
      for (const { test } of atoms) {
        if (test.op === "equals" && test.isCased === isCased) texts.add(test.text);
      }
      const [first] = atoms;
      if (texts.size > 1 && first !== undefined) {
        const slot = slotOf(first.field, read);
        const key = JSON.stringify([slotNumbers.get(slot), isCased, ...[...texts].sort()]);
        questions.push(once(key, () => ofTexts(slot, texts, isCased)));
      } else if (texts.size === 1) {
        const one = atoms.find(({ test }) => test.op === "equals" && test.isCased === isCased);
        if (one !== undefined) questions.push(ofAtom(one, read));
      }
    }
    for (const atom of atoms) if (atom.test.op !== "equals") questions.push(ofAtom(atom, read));
    return anyOf(questions);
  }

  function ofSearch(search: Search, read: FieldReader): Question {
    if (search.is !== "item") {
      const parts = search.parts.map((part) => ofSearch(part, read));
      return search.is === "all" ? allOf(parts) : anyOf(parts);
    }
    const { values, link, isNegated } = search;
    const asked =
      link === "all"
        ? allOf(values.map((value: WrittenValue) => anyAtom(value.anyOf, read)))
        : anyAtom(
            values.flatMap((value) => value.anyOf),
            read,
          );
    return isNegated ? () => !asked() : asked;
  }

  function ofDetection({ searches, conditions }: Detection, read: FieldReader): Question {
    const compiled = new Map<string, Question>();
    function named(name: string): Question {
      let question = compiled.get(name);
      if (question === undefined) {
        const search = searches.get(name);
        question = search === undefined ? NEVER : ofSearch(search, read);
        compiled.set(name, question);
      }
      return question;
    }
    return anyOf(conditions.map((condition) => ofCondition(condition, named)));
  }

  return {
    subject,
    slotOf,
    compile: (detections, read) => allOf(detections.map((one) => ofDetection(one, read))),
    atoms: () => answers.size,
  };
}

const NEVER: Question = () => false;

function ofCondition(condition: Condition, named: (name: string) => Question): Question {
  switch (condition.is) {
    case "name":
      return named(condition.name);
    case "not": {
      const part = ofCondition(condition.part, named);
      return () => !part();
    }
    case "and":
      return allOf(condition.parts.map((part) => ofCondition(part, named)));
    case "or":
      return anyOf(condition.parts.map((part) => ofCondition(part, named)));
    case "count": {
      const questions = condition.names.map(named);
      const { atLeast } = condition;
      if (atLeast === 1) return anyOf(questions);
      if (atLeast === questions.length) return allOf(questions);
      return () => {
        let met = 0;
        for (const question of questions) if (question()) met++;
        return met >= atLeast;
      };
    }
  }
}

function allOf(questions: readonly Question[]): Question {
  const [first, second] = questions;
  if (first !== undefined && questions.length === 1) return first;
  if (first !== undefined && second !== undefined && questions.length === 2) {
    return () => first() && second();
  }
  return () => {
    for (const question of questions) if (!question()) return false;
    return true;
  };
}

function anyOf(questions: readonly Question[]): Question {
  const [first, second] = questions;
  if (first !== undefined && questions.length === 1) return first;
  if (first !== undefined && second !== undefined && questions.length === 2) {
    return () => first() || second();
  }
  return () => {
    for (const question of questions) if (question()) return true;
    return false;
  };
}
