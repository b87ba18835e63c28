/** What the engine folded survives being bytes: nothing is lost, merging before and after is one, and damage is noticed. */

import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { ByteReader, ByteWriter, DamagedBytes } from "#base/bytes.ts";
import type { AuditEvent } from "#contract/event.ts";
import { anyPieces, fold, type Piece, plain } from "./arbitrary.ts";
import {
  encodeAutomation,
  encodePerson,
  parseAutomation,
  parsePerson,
} from "./inventory/record-codec.ts";
import {
  mergeObservations,
  newObservations,
  type Observations,
  observe,
  observeState,
  type Track,
} from "./observe.ts";
import { encodeProfile, parseProfile } from "./profile/codec.ts";
import { encodeSamples, parseSamples } from "./profile/sample-codec.ts";
import { encodeTimeline, parseTimeline } from "./profile/timeline-codec.ts";
import type { Hit } from "./sigma/matches.ts";
import {
  gatherPieces,
  mergeDayBytes,
  mergeKeptBytes,
  mergeMatchesBytes,
  mergeRecordBytes,
  mergeTimelineBytes,
  piecesOf,
} from "./stored.ts";

/** Everything through bytes and back. */
function stored(seen: Observations): Observations {
  const back = newObservations();
  for (const [key, record] of seen.automations) {
    back.automations.set(key, parseAutomation(encodeAutomation(record)));
  }
  for (const [key, record] of seen.people) {
    back.people.set(key, parsePerson(encodePerson(record)));
  }
  for (const [key, track] of seen.tracks) back.tracks.set(key, storedTrack(track));
  return back;
}

function storedTrack({ profiles, timeline }: Track): Track {
  const track: Track = { profiles: new Map(), timeline: parseTimeline(encodeTimeline(timeline)) };
  for (const [day, profile] of profiles) {
    const back = parseProfile(encodeProfile(profile));
    for (const [key, sample] of parseSamples(encodeSamples(profile.samples))) {
      back.samples.set(key, sample);
    }
    track.profiles.set(day, back);
  }
  return track;
}

/** All that is in it. Profiles keep spare room that tells nothing, so of them it is the bytes and samples. */
function shown({ automations, people, tracks }: Observations): unknown {
  const days = [...tracks].map(([key, { profiles, timeline }]) => [
    key,
    timeline,
    new Map([...profiles].map(([day, one]) => [day, [encodeProfile(one), one.samples]])),
  ]);
  return plain([automations, people, days]);
}

/** All bytes of everything, by what they are of. */
function bytesOf(seen: Observations): unknown {
  return plain({
    automations: new Map([...seen.automations].map(([key, one]) => [key, encodeAutomation(one)])),
    people: new Map([...seen.people].map(([key, one]) => [key, encodePerson(one)])),
    timelines: new Map([...seen.tracks].map(([key, one]) => [key, encodeTimeline(one.timeline)])),
    samples: new Map(
      [...seen.tracks].flatMap(([key, { profiles }]) =>
        [...profiles].map(([day, one]) => [`${key} ${day}`, encodeSamples(one.samples)] as const),
      ),
    ),
  });
}

/** The same as `fold`, with rules that match by what is in the event, and correlations that read one of them. */
function matchedFold(pieces: readonly Piece[]): Observations {
  const seen = newObservations();
  for (const piece of pieces) {
    if ("event" in piece) observe(seen, piece.event, hitsOf(piece.event));
    else observeState(seen, piece.fact);
  }
  return seen;
}

function hitsOf({ actor, change, class: kind }: AuditEvent): Hit[] {
  const grouped = actor.id === "" ? null : { group: [actor.id], value: kind };
  const read = { rule: "read", seen: [{ correlation: "c", grouped }] };
  return change === null ? [read] : [{ rule: "plain", seen: [] }, read];
}

describe("what is stored", () => {
  it("is read back as it was", () => {
    fc.assert(
      fc.property(anyPieces, (pieces) => {
        const seen = fold(pieces);
        expect(shown(stored(seen))).toEqual(shown(seen));
      }),
      { numRuns: 60 },
    );
  });

  it("merges after storing as before it, whatever the order and split", () => {
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
          const whole = bytesOf(fold(pieces));
          const merged = newObservations();
          for (const part of [other.slice(0, cut), other.slice(cut)]) {
            mergeObservations(merged, stored(fold(part)));
          }
          expect(bytesOf(stored(merged))).toEqual(whole);
        },
      ),
      { numRuns: 60 },
    );
  });

  it("goes in pieces and comes back whole, and the pieces merge as the whole does", () => {
    fc.assert(
      fc.property(anyPieces, anyPieces, (one, other) => {
        const [a, b] = [piecesOf(matchedFold(one)), piecesOf(matchedFold(other))];
        const gathered = gatherPieces();
        for (const day of a.days) gathered.day(day);
        for (const timeline of a.timelines) gathered.timeline(timeline);
        for (const record of a.records) gathered.record(record);
        for (const matches of a.matches) gathered.matches(matches);
        for (const kept of a.kept) gathered.kept(kept);
        expect(piecesOf(gathered.seen)).toEqual(a);
        const both = piecesOf(matchedFold([...one, ...other]));
        for (const [held, incoming, wanted, merge] of [
          [a.timelines, b.timelines, both.timelines, mergeTimelineBytes],
          [a.records, b.records, both.records, mergeRecordBytes],
          [a.matches, b.matches, both.matches, mergeMatchesBytes],
          [a.kept, b.kept, both.kept, mergeKeptBytes],
        ] as const) {
          for (const { key, bytes } of held) {
            const more = incoming.find((piece) => piece.key === key)?.bytes;
            const whole = wanted.find((piece) => piece.key === key)?.bytes;
            expect(more === undefined ? bytes : merge(bytes, more, key)).toEqual(whole);
          }
        }
        for (const { key, day, bytes } of a.days) {
          const is = (piece: { key: string; day: number }) =>
            piece.key === key && piece.day === day;
          const more = b.days.find(is)?.bytes;
          if (more !== undefined) {
            expect(mergeDayBytes(bytes, more)).toEqual(both.days.find(is)?.bytes);
            expect(mergeDayBytes(more, bytes)).toEqual(both.days.find(is)?.bytes);
          }
        }
      }),
      { numRuns: 60 },
    );
  });

  it("is never mistaken for something else when it is damaged", () => {
    fc.assert(
      fc.property(anyPieces, fc.nat(), fc.nat(), (pieces, at, to) => {
        const seen = fold(pieces);
        const cases: [Uint8Array, (bytes: Uint8Array) => unknown][] = [
          ...[...seen.automations.values()].map((one): [Uint8Array, typeof parseAutomation] => [
            encodeAutomation(one),
            parseAutomation,
          ]),
          ...[...seen.people.values()].map((one): [Uint8Array, typeof parsePerson] => [
            encodePerson(one),
            parsePerson,
          ]),
          ...[...seen.tracks.values()].map((one): [Uint8Array, typeof parseTimeline] => [
            encodeTimeline(one.timeline),
            parseTimeline,
          ]),
        ];
        for (const [bytes, parse] of cases) {
          expect(() => parse(bytes.slice(0, at % bytes.length))).toThrow(DamagedBytes);
          const changed = Uint8Array.from(bytes);
          changed[at % bytes.length] = to % 256;
          try {
            parse(changed);
          } catch (cause) {
            expect(cause).toBeInstanceOf(DamagedBytes);
          }
        }
      }),
      { numRuns: 50 },
    );
  });
});

describe("bytes", () => {
  it("carry any text, whole number and truth, even halves of letters", () => {
    const anyText = fc.array(fc.nat({ max: 0xffff })).map((units) => String.fromCharCode(...units));
    fc.assert(
      fc.property(
        fc.array(
          fc.tuple(anyText, fc.option(fc.maxSafeInteger()), fc.option(fc.boolean()), fc.double()),
        ),
        (rows) => {
          const out = new ByteWriter();
          out.list(rows, ([text, whole, flag, float]) =>
            out.text(text).maybeText(text).whole(whole).flag(flag).float(float),
          );
          const from = new ByteReader(out.take());
          const back = from.list(() => {
            const text = from.text();
            expect(from.maybeText()).toBe(text);
            return [text, from.whole(), from.flag(), from.float()];
          });
          expect(back).toEqual(
            rows.map(([text, whole, ...more]) => [text, whole === 0 ? 0 : whole, ...more]),
          );
          expect(from.isAtEnd).toBe(true);
        },
      ),
    );
  });
});
