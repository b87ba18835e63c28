/** Counts the work that code does, so that tests can hold how it grows without looking at a clock. */

import { Session } from "node:inspector";

interface Iterating {
  next(): unknown;
}

type Method = (...args: never[]) => unknown;

/** Every way by which built-in code walks over a collection step by step. */
const WALKERS: readonly Iterating[] = [
  Object.getPrototypeOf([][Symbol.iterator]()),
  Object.getPrototypeOf(new Map()[Symbol.iterator]()),
  Object.getPrototypeOf(new Set()[Symbol.iterator]()),
];

/** Built-in searches and copies, which look at up to all elements without running a line of ours. */
const WHOLE = [
  "includes",
  "indexOf",
  "lastIndexOf",
  "slice",
  "concat",
  "join",
  "toReversed",
] as const;
const SETWISE = [
  "isSubsetOf",
  "isSupersetOf",
  "isDisjointFrom",
  "union",
  "intersection",
  "difference",
] as const;

/**
 * How many blocks of our own code (`/src/`) run during a call, loops counted each time round, and how many elements
 * built-in functions look at. The same call has the same count on every machine; absolute counts mean nothing.
 */
export function workOf(run: () => unknown): number {
  const counting = started();
  // Counting starts from nothing.
  blocks(counting);
  const elements = { count: 0 };
  const restore = countElements(elements);
  try {
    run();
  } finally {
    restore();
  }
  return blocks(counting) + elements.count;
}

/** Never ended while its thread lives: each start makes the engine compile everything anew. */
let session: Session | undefined;

function started(): Session {
  if (session === undefined) {
    session = new Session();
    session.connect();
    session.post("Profiler.enable");
    session.post("Profiler.startPreciseCoverage", { callCount: true, detailed: true });
  }
  return session;
}

/** Blocks run since this was last asked. */
function blocks(counting: Session): number {
  let total = 0;
  // Within one thread the answer comes before the call returns.
  counting.post("Profiler.takePreciseCoverage", (error, answer) => {
    if (error !== null) throw error;
    for (const { url, functions } of answer.result) {
      if (!url.includes("/src/")) continue;
      for (const { ranges } of functions) for (const { count } of ranges) total += count;
    }
  });
  return total;
}

function countElements(elements: { count: number }): () => void {
  const undo: (() => void)[] = [];
  const replace = (owner: object, name: string, by: (held: Method) => Method): void => {
    const held = Object.getOwnPropertyDescriptor(owner, name);
    if (held === undefined) throw new Error(`there is no ${name} to count`);
    Object.defineProperty(owner, name, { ...held, value: by(held.value) });
    undo.push(() => Object.defineProperty(owner, name, held));
  };
  for (const walker of WALKERS) {
    replace(
      walker,
      "next",
      (held) =>
        function (this: Iterating) {
          elements.count++;
          return Reflect.apply(held, this, []);
        },
    );
  }
  for (const name of WHOLE) {
    replace(
      Array.prototype,
      name,
      (held) =>
        function (this: unknown[], ...args: unknown[]) {
          elements.count += this.length;
          return Reflect.apply(held, this, args);
        },
    );
  }
  for (const name of SETWISE) {
    replace(
      Set.prototype,
      name,
      (held) =>
        function (this: Set<unknown>, ...args: unknown[]) {
          elements.count += this.size;
          return Reflect.apply(held, this, args);
        },
    );
  }
  return () => {
    for (const one of undo) one();
  };
}
