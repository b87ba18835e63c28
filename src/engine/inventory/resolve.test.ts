/** Aliases join what is one and nothing else: in any order, through chains, rings and disputes. */

import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { automationFact, automationRef, type StateFact } from "#contract/automation.ts";
import { auditEvent, person } from "#contract/event.ts";
import { anyPieces, fold, type Piece, plain } from "#engine/arbitrary.ts";
import { mergeObservations, newObservations } from "#engine/observe.ts";
import { resolveAliases } from "./resolve.ts";

function appFact(id: string, ...aliases: string[]): Piece {
  const ref = automationRef("oauth_app", id, { aliases });
  return { fact: automationFact("slack", "state", ref) };
}

function personFact(id: string, ...aliases: string[]): Piece {
  const fact: StateFact = {
    type: "person",
    platform: "slack",
    service: "state",
    id,
    aliases,
    name: null,
    isAdmin: null,
    isGuest: null,
    isActive: null,
  };
  return { fact };
}

function acted(id: string, at: number): Piece {
  return {
    event: auditEvent("slack", "slack:audit", "acted", {
      id: `${id}-${at}`,
      at,
      actor: person(null, id),
      outcome: "success",
    }),
  };
}

/** The ids that remain, of automations and of people. */
function idsOf(pieces: readonly Piece[]): { automations: string[]; people: string[] } {
  const resolved = resolveAliases(fold(pieces));
  return {
    automations: [...resolved.automations.values()].map(({ nativeId }) => nativeId).sort(),
    people: [...resolved.people.values()].map(({ id }) => id).sort(),
  };
}

function inEveryOrder(pieces: readonly Piece[], check: (pieces: readonly Piece[]) => void): void {
  const orders = fc.shuffledSubarray([...pieces], { minLength: pieces.length });
  fc.assert(fc.property(orders, check), { numRuns: 25 });
}

describe("resolving aliases", () => {
  it("gives the same in any order of the records and any split, and changes nothing that it reads", () => {
    fc.assert(
      fc.property(
        anyPieces.chain((pieces) =>
          fc.tuple(
            fc.constant(pieces),
            fc.shuffledSubarray(pieces, { minLength: pieces.length }),
            fc.nat({ max: pieces.length }),
          ),
        ),
        ([pieces, other, cut]) => {
          const seen = fold(pieces);
          const before = plain(seen);
          const parts = newObservations();
          mergeObservations(parts, fold(other.slice(cut)));
          mergeObservations(parts, fold(other.slice(0, cut)));
          expect(plain(resolveAliases(parts))).toEqual(plain(resolveAliases(seen)));
          expect(plain(seen)).toEqual(before);
        },
      ),
      { numRuns: 60 },
    );
  });

  it("loses no event and no day", () => {
    fc.assert(
      fc.property(anyPieces, (pieces) => {
        const seen = fold(pieces);
        const total = (of: ReturnType<typeof fold>): number =>
          [...of.tracks.values()]
            .flatMap(({ profiles }) => [...profiles.values()])
            .reduce((sum, { events }) => sum + events, 0);
        expect(total(resolveAliases(seen))).toBe(total(seen));
      }),
      { numRuns: 80 },
    );
  });

  it("a chain ends at the id that nobody claims", () => {
    inEveryOrder([appFact("A1", "A2"), appFact("A2", "A3"), appFact("A3")], (pieces) => {
      expect(idsOf(pieces).automations).toEqual(["A1"]);
    });
  });

  it("a ring stands under the id that sorts first", () => {
    inEveryOrder([appFact("A2", "A3"), appFact("A3", "A1"), appFact("A1", "A2")], (pieces) => {
      expect(idsOf(pieces).automations).toEqual(["A1"]);
    });
  });

  it("what hangs on a ring joins it", () => {
    inEveryOrder([appFact("A2", "A3"), appFact("A3", "A2", "A1"), appFact("A1")], (pieces) => {
      expect(idsOf(pieces).automations).toEqual(["A2"]);
    });
  });

  it("an alias that two claim joins nothing", () => {
    inEveryOrder([appFact("A1", "H"), appFact("A2", "H"), appFact("H")], (pieces) => {
      expect(idsOf(pieces).automations).toEqual(["A1", "A2", "H"]);
    });
  });

  it("an alias that two claim who are one themselves joins them", () => {
    inEveryOrder([appFact("A1", "A2", "H"), appFact("A2", "A1", "H"), appFact("H")], (pieces) => {
      expect(idsOf(pieces).automations).toEqual(["A1"]);
    });
  });

  it("an id that names itself as alias claims nothing by it", () => {
    inEveryOrder([personFact("dana@example.com", "U1"), personFact("U1", "U1")], (pieces) => {
      expect(idsOf(pieces).people).toEqual(["dana@example.com"]);
    });
  });

  it("platforms never mix", () => {
    const ref = automationRef("oauth_app", "A1", { aliases: ["A2"] });
    const other = { fact: automationFact("github", "state", ref) };
    expect(idsOf([other, appFact("A2")]).automations).toEqual(["A1", "A2"]);
  });

  it("a bot user that acts as if it were a person becomes its automation", () => {
    inEveryOrder([appFact("A1", "U1"), acted("U1", 1_780_000_000_000)], (pieces) => {
      const resolved = resolveAliases(fold(pieces));
      expect([...resolved.people.keys()]).toEqual([]);
      expect([...resolved.tracks.keys()]).toEqual(["slack|a|A1"]);
    });
  });
});
