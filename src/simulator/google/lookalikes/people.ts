/** People who do for a good reason what looks odd: at other hours, from elsewhere, with many at once. */

import { HOUR_MS, MINUTE_MS } from "#base/time.ts";
import { isWorkday, local } from "#simulator/company.ts";
import { elsewhere } from "#simulator/google/apps.ts";
import { anyDoc, ownDoc } from "#simulator/google/documents.ts";
import { officeMoment } from "#simulator/google/habits.ts";
import { PARTNERS } from "#simulator/google/member.ts";
import {
  type Beat,
  clickTime,
  dayAt,
  opening,
  playOf,
  principal,
  scene,
  takeAdmin,
} from "#simulator/google/play.ts";
import { accessed, administered, opened, sharedWith, signedIn } from "#simulator/google/records.ts";
import type { Scenario } from "#simulator/stage.ts";

/** A week at a customer's in Tokyo: other address, other hours, the same work. */
const traveller: Scenario = {
  id: "google-traveller",
  title: "A person works from another time zone for a week",
  platform: "google",
  attackType: null,
  techniques: ["T72", "T73"],
  stage(setting) {
    const { company, rng } = setting;
    const who = setting.takePerson(({ team }) => team === "sales");
    const hosts = [{ ...elsewhere(setting.id), asn: 2516, country: "JP" }];
    const there = { ...who.office, zone: 9 };
    const days = setting.days
      .slice(dayAt(setting, opening(setting, 0.4, 0.6)).index)
      .filter(({ start }) => isWorkday(company, start))
      .slice(0, 5);
    const beats = days.flatMap((on): Beat[] => {
      const first = local(on.start, there, 8, 30);
      const work = Array.from({ length: rng.int(5, 25) }, (): Beat => {
        const at = officeMoment(there, on.start, rng);
        return {
          at,
          make: (draws) =>
            accessed(
              scene(setting, { at, who, hosts }, null, draws),
              draws.pick(["view", "edit", "download"] as const),
              anyDoc(draws, who),
            ),
        };
      });
      return [
        {
          at: first,
          make: (draws) => signedIn(scene(setting, { at: first, who, hosts }, null, draws)),
        },
        ...work,
      ];
    });
    return playOf(setting, beats, { subjects: [principal(who)] });
  },
};

/** Somebody has to: passwords are set anew and accounts closed at three in the morning of a Sunday, from home. */
const onCall: Scenario = {
  id: "google-holiday-on-call",
  title: "The administrator on call works on a free night",
  platform: "google",
  attackType: null,
  techniques: ["T72"],
  stage(setting) {
    const { company, rng, days } = setting;
    const who = takeAdmin(setting);
    const free = days.filter(
      ({ start, index }) => index > days.length * 0.4 && !isWorkday(company, start),
    );
    const [day = dayAt(setting, 0.6, false)] = free;
    const start = local(day.start, who.office, 3, rng.int(0, 50));
    const hosts = [
      {
        ...elsewhere(`${setting.id} home`),
        asn: Number(who.office.asn),
        country: who.office.country,
      },
    ];
    const beats: Beat[] = [
      {
        at: start,
        make: (draws) => signedIn(scene(setting, { at: start, who, hosts }, null, draws)),
      },
    ];
    for (let i = 0; i < 18; i++) {
      const at = start + Math.floor((1 + 80 * rng.next()) * MINUTE_MS);
      beats.push({
        at,
        make: (draws) =>
          administered(
            scene(setting, { at, who, hosts }, null, draws),
            "USER_SETTINGS",
            draws.pick(["CHANGE_PASSWORD", "SUSPEND_USER", "UNSUSPEND_USER"]),
            { USER_EMAIL: draws.pick(company.people).email },
          ),
      });
    }
    return playOf(setting, beats, { subjects: [principal(who)] });
  },
};

/** The trade fair is next week: flyers and programmes are opened to everybody and sent to every partner. */
const eventSharing: Scenario = {
  id: "google-event-sharing",
  title: "Marketing shares many files outside for an event",
  platform: "google",
  attackType: null,
  techniques: ["T65"],
  stage(setting) {
    const { rng } = setting;
    const who = setting.takePerson(({ team }) => team === "marketing");
    const start = clickTime(who, dayAt(setting, opening(setting)), rng);
    const beats = Array.from({ length: rng.int(20, 60) }, (_, index): Beat => {
      const at = start + Math.floor((index * 2.5 + 2 * rng.next()) * MINUTE_MS);
      const doc = ownDoc(who, 100 + Math.floor(index / 2));
      return {
        at,
        make(draws) {
          const act = scene(setting, { at, who }, null, draws);
          return index % 2 === 0
            ? opened(act, doc)
            : sharedWith(act, doc, `events@${draws.pick(PARTNERS)}`);
        },
      };
    });
    return playOf(setting, beats, { subjects: [principal(who)] });
  },
};

/** The last afternoon before a long leave: she takes her own slides and notes along, by hand, file after file. */
const offlineCopies: Scenario = {
  id: "google-offline-copies",
  title: "A person downloads her own files before a journey",
  platform: "google",
  attackType: null,
  techniques: ["T28", "T73"],
  stage(setting) {
    const { rng } = setting;
    const who = setting.takePerson(({ team }) => team === "engineering");
    const day = dayAt(setting, opening(setting));
    const start = local(day.start, who.office, 15) + Math.floor(HOUR_MS * rng.next());
    const beats = Array.from({ length: rng.int(40, 120) }, (_, index): Beat => {
      const at = start + Math.floor((index + 0.8 * rng.next()) * MINUTE_MS);
      const doc = ownDoc(who, index);
      return {
        at,
        make: (draws) => accessed(scene(setting, { at, who }, null, draws), "download", doc),
      };
    });
    return playOf(setting, beats, { subjects: [principal(who)] });
  },
};

export const byHand: readonly Scenario[] = [traveller, onCall, eventSharing, offlineCopies];
