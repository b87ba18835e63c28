/** Attacks that dodge limits: even spacing below the throttle, turns over clients and addresses, probing for rights. */

import { HOUR_MS, MINUTE_MS } from "#base/time.ts";
import type { Member } from "#simulator/microsoft/member.ts";
import { opened, reachesPeople, tried } from "#simulator/microsoft/reach.ts";
import { FIRST_PARTY, type Place } from "#simulator/microsoft/records/common.ts";
import { graphCall } from "#simulator/microsoft/records/graph.ts";
import { appSignIn, userSignIn } from "#simulator/microsoft/records/sign-in.ts";
import {
  byAutomation,
  byPerson,
  campaign,
  dayOf,
  dial,
  each,
  endOf,
  homeOf,
  intruder,
  played,
  strangersLine,
  takeMember,
  takeUser,
  tokenMoments,
  whenever,
} from "#simulator/microsoft/scene.ts";
import type { Scenario } from "#simulator/stage.ts";

/** Slow enough that the throttle answers only now and then, even enough that the clock gives it away. */
const limitHugger: Scenario = {
  id: "ms-limit-hugger",
  title: "An app reads evenly at the very limit, and goes on right after each refusal",
  platform: "microsoft",
  attackType: "rate_limit_evasion",
  techniques: ["T71", "T29"],
  stage: (setting) => {
    const { company, rng, stealth } = setting;
    const member = takeMember(setting, ({ means, app }) => means === "app" && reachesPeople(app));
    if (member === null) return null;
    const { app } = member;
    const place = intruder(setting, homeOf(member, rng));
    const from = whenever(setting, dayOf(setting), member.owner.office);
    const count = Math.round(dial(setting, 2_400, 220));
    const gap = dial(setting, 2_000, 150_000);
    const end = endOf(setting);
    const moments: number[] = [];
    for (let i = 0; i < count; i++) {
      // The stealthy shake their clock a little.
      moments.push(
        Math.floor(from + i * gap + gap * (0.01 + 0.3 * stealth * stealth) * rng.next()),
      );
    }
    const kept = moments.filter((at) => at < end).sort((a, b) => a - b);
    const refusal = dial(setting, 0.16, 0.03);
    return played(setting, { subjects: [byAutomation(member.nativeId)] }, [
      ...each(tokenMoments(kept), (draws, at) => appSignIn(company, draws, at, { app, place })),
      ...each(kept, (draws, at) =>
        graphCall(company, draws, at, {
          app,
          place,
          uri: opened(company, draws, app),
          bytes: draws.int(20_000, 120_000),
          status: draws.chance(refusal) ? 429 : 200,
        }),
      ),
    ]);
  },
};

/** Each client stays below the eye of every counter, all together take the mailboxes. */
const clientRotation: Scenario = {
  id: "ms-client-rotation",
  title: "The same machines take turns under several apps' names",
  platform: "microsoft",
  attackType: "rate_limit_evasion",
  techniques: ["T71", "T23"],
  stage: (setting) => {
    const { company } = setting;
    const members: Member[] = [];
    for (let i = 0; i < 3; i++) {
      const member = takeMember(
        setting,
        ({ means, app, nativeId }) =>
          means === "app" &&
          reachesPeople(app) &&
          members.every((other) => other.nativeId !== nativeId),
      );
      if (member !== null) members.push(member);
    }
    const [first] = members;
    if (first === undefined || members.length < 2) return null;
    const place = intruder(setting, null);
    const from = whenever(setting, dayOf(setting), first.owner.office);
    const moments = campaign(setting, {
      from,
      office: first.owner.office,
      blatant: 1_200,
      stealthy: 150,
      days: 6,
    });
    const turnMs = Math.floor(dial(setting, 4 * MINUTE_MS, HOUR_MS));
    const holder = (at: number): Member =>
      members[Math.floor(at / turnMs) % members.length] ?? first;
    return played(setting, { subjects: members.map(({ nativeId }) => byAutomation(nativeId)) }, [
      ...each(
        moments.filter((_, index) => index % 15 === 0).map((at) => at - 600),
        (draws, at) => appSignIn(company, draws, at, { app: holder(at).app, place }),
      ),
      ...each(moments, (draws, at) =>
        graphCall(company, draws, at, {
          app: holder(at).app,
          place,
          uri: opened(company, draws, holder(at).app),
          bytes: draws.int(20_000, 250_000),
          status: draws.chance(0.02) ? 429 : 200,
        }),
      ),
    ]);
  },
};

/** One key from a whole list of rented addresses, so that no address is ever seen twice in a row. */
const addressRotation: Scenario = {
  id: "ms-address-rotation",
  title: "One app key is used from dozens of networks in turn",
  platform: "microsoft",
  attackType: "rate_limit_evasion",
  techniques: ["T23", "T71"],
  stage: (setting) => {
    const { company, rng } = setting;
    const member = takeMember(setting, ({ means, app }) => means === "app" && reachesPeople(app));
    if (member === null) return null;
    const { app } = member;
    const home = homeOf(member, rng);
    const places: Place[] = [];
    for (let i = 0; i < Math.round(dial(setting, 40, 5)); i++) places.push(intruder(setting, home));
    const from = whenever(setting, dayOf(setting), member.owner.office);
    const moments = campaign(setting, {
      from,
      office: member.owner.office,
      blatant: Math.max(600, member.perDay * 10),
      stealthy: Math.max(60, member.perDay * 1.5),
      days: 6,
    });
    return played(setting, { subjects: [byAutomation(member.nativeId)] }, [
      ...each(
        moments.filter((_, index) => index % 10 === 0).map((at) => at - 800),
        (draws, at) => appSignIn(company, draws, at, { app, place: draws.pick(places) }),
      ),
      ...each(moments, (draws, at) =>
        graphCall(company, draws, at, {
          app,
          place: draws.pick(places),
          uri: opened(company, draws, app),
          bytes: draws.int(15_000, 250_000),
        }),
      ),
    ]);
  },
};

/** What does this token open? The refusals tell that somebody asks. */
const enumeration: Scenario = {
  id: "ms-directory-enumeration",
  title: "A stolen app token is tried on the whole directory",
  platform: "microsoft",
  attackType: "credential_theft",
  techniques: ["T68", "T24"],
  stage: (setting) => {
    const { company, rng } = setting;
    const member = takeMember(
      setting,
      ({ means, app, perDay }) => means === "app" && app.roles.length > 0 && perDay > 0.5,
    );
    if (member === null) return null;
    const { app } = member;
    const place = intruder(setting, homeOf(member, rng));
    const from = whenever(setting, dayOf(setting), member.owner.office);
    const moments = campaign(setting, {
      from,
      office: member.owner.office,
      blatant: 420,
      stealthy: 50,
      days: 5,
    });
    // The stealthy have read the manifest and try little that is closed.
    const probing = dial(setting, 1, 0.3);
    return played(setting, { subjects: [byAutomation(member.nativeId)] }, [
      ...each(tokenMoments(moments), (draws, at) => appSignIn(company, draws, at, { app, place })),
      ...each(moments, (draws, at) => {
        const { uri, isOpen } = draws.chance(probing)
          ? tried(company, draws, app)
          : { uri: opened(company, draws, app), isOpen: true };
        return graphCall(company, draws, at, {
          app,
          place,
          uri,
          bytes: draws.int(2_000, 300_000),
          status: isOpen ? 200 : 403,
        });
      }),
    ]);
  },
};

/** A script in a person's session works without pause, at a pace that no hand keeps. */
const machinePace: Scenario = {
  id: "ms-machine-pace",
  title: "A person's account calls Graph at the pace of a machine",
  platform: "microsoft",
  attackType: "rate_limit_evasion",
  techniques: ["T73", "T71"],
  stage: (setting) => {
    const { company, rng } = setting;
    const person = takeUser(setting);
    const app = FIRST_PARTY.graphCli;
    const place = strangersLine(setting, person);
    const from = whenever(setting, dayOf(setting), person.office);
    const gap = dial(setting, 700, 25_000);
    const end = endOf(setting);
    const count = Math.round(dial(setting, 2_500, 260));
    const moments: number[] = [];
    for (let i = 0; i < count; i++)
      moments.push(Math.floor(from + i * gap + gap * 0.05 * rng.next()));
    const kept = moments.filter((at) => at < end);
    return played(setting, { subjects: [byPerson(person)] }, [
      ...each(tokenMoments(kept), (draws, at) =>
        userSignIn(company, draws, at, person, false, { app, place }),
      ),
      ...each(kept, (draws, at) =>
        graphCall(company, draws, at, {
          app,
          place,
          person,
          uri: `/me/drive/items/${draws.int(1_000_000, 9_999_999)}/content`,
          bytes: draws.int(20_000, 600_000),
          status: draws.chance(0.04) ? 429 : 200,
        }),
      ),
    ]);
  },
};

export const limitAttacks: readonly Scenario[] = [
  limitHugger,
  clientRotation,
  addressRotation,
  enumeration,
  machinePace,
];
