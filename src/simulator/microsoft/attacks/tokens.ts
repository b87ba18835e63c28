/** Attacks with stolen tokens: device codes, authorization codes, replayed app tokens, shared sessions. */

import { HOUR_MS, MINUTE_MS } from "#base/time.ts";
import { type Person, stableGuid } from "#simulator/company.ts";
import { opened, reachesPeople } from "#simulator/microsoft/reach.ts";
import {
  type App,
  deskOf,
  FIRST_PARTY,
  type Place,
  SHAREPOINT,
} from "#simulator/microsoft/records/common.ts";
import { graphCall } from "#simulator/microsoft/records/graph.ts";
import { appSignIn, userSignIn } from "#simulator/microsoft/records/sign-in.ts";
import { fileWork, mailRead } from "#simulator/microsoft/records/unified.ts";
import {
  byAutomation,
  byPerson,
  campaign,
  dayOf,
  dial,
  each,
  homeOf,
  inOffice,
  intruder,
  once,
  played,
  strangersLine,
  takeMember,
  takeUser,
  tokenMoments,
  whenever,
} from "#simulator/microsoft/scene.ts";
import type { Scenario, Setting } from "#simulator/stage.ts";

/** The victim types a code that the intruder asked for; the token goes to the intruder. */
const deviceCode: Scenario = {
  id: "ms-device-code",
  title: "A person confirms a device code for somebody else, who then reads her mail",
  platform: "microsoft",
  attackType: "credential_theft",
  techniques: ["T06", "T30"],
  stage: (setting) => {
    const { company } = setting;
    const person = takeUser(setting);
    const app = FIRST_PARTY.broker;
    const place = strangersLine(setting, person);
    const at = inOffice(setting, dayOf(setting), person.office);
    const sessionId = stableGuid(`${company.seed} ${setting.id} session`);
    const from = at + Math.floor(dial(setting, 3 * MINUTE_MS, 5 * HOUR_MS));
    const moments = campaign(setting, { from, office: person.office, blatant: 350, stealthy: 35 });
    return played(setting, { subjects: [byPerson(person)] }, [
      once(at, (rng, now) =>
        userSignIn(company, rng, now, person, true, {
          app,
          place,
          sessionId,
          isUnmanaged: true,
          protocol: "deviceCode",
          transfer: "deviceCodeFlow",
        }),
      ),
      ...each(tokenMoments(moments), (rng, now) =>
        userSignIn(company, rng, now, person, false, {
          app: FIRST_PARTY.office,
          place,
          sessionId,
          isUnmanaged: true,
          transfer: "deviceCodeFlow",
        }),
      ),
      ...each(moments, (rng, now) => readOwn(setting, FIRST_PARTY.office, place, person, rng, now)),
    ]);
  },
};

/** ConsentFix: the victim copies an address with an authorization code of a Microsoft client into the intruder's page. */
const authorizationCode: Scenario = {
  id: "ms-authorization-code",
  title: "An authorization code of a Microsoft command line client is used by somebody else",
  platform: "microsoft",
  attackType: "credential_theft",
  techniques: ["T05", "T68"],
  stage: (setting) => {
    const { company } = setting;
    const person = setting.takePerson(
      ({ isAdmin, leftAt, team }) => !isAdmin && leftAt === null && team !== "engineering",
    );
    const app = setting.stealth < 0.7 ? FIRST_PARTY.azureCli : FIRST_PARTY.graphCli;
    const place = strangersLine(setting, person);
    const at = inOffice(setting, dayOf(setting), person.office);
    const sessionId = stableGuid(`${company.seed} ${setting.id} session`);
    const from = at + Math.floor(dial(setting, 40_000, 2 * HOUR_MS));
    const moments = campaign(setting, {
      from,
      office: person.office,
      blatant: 250,
      stealthy: 40,
      days: 4,
    });
    return played(setting, { subjects: [byPerson(person)] }, [
      // She signs in herself, from her desk: only what follows is somewhere else.
      once(at, (rng, now) =>
        userSignIn(company, rng, now, person, true, {
          app,
          place: deskOf(person),
          sessionId,
          protocol: "oAuth2",
        }),
      ),
      ...each(tokenMoments(moments), (rng, now) =>
        userSignIn(company, rng, now, person, false, { app, place, sessionId, isUnmanaged: true }),
      ),
      ...each(moments, (rng, now) =>
        graphCall(company, rng, now, {
          app,
          place,
          person,
          uri: rng.pick([
            "/users?$top=999",
            "/groups?$top=999",
            "/me/messages?$top=100",
            "/applications",
          ]),
          bytes: rng.int(20_000, 400_000),
          status: rng.chance(0.1) ? 403 : 200,
        }),
      ),
    ]);
  },
};

/** A leaked secret works from anywhere; the app itself goes on as ever. */
const tokenReplay: Scenario = {
  id: "ms-app-token-replay",
  title: "An app's own secret is used from a rented server",
  platform: "microsoft",
  attackType: "credential_theft",
  techniques: ["T24", "T25", "T29"],
  stage: (setting) => {
    const { company, rng } = setting;
    const member = takeMember(
      setting,
      ({ means, app, perDay }) => means === "app" && reachesPeople(app) && perDay > 1,
    );
    if (member === null) return null;
    const place = intruder(setting, homeOf(member, rng));
    const from = whenever(setting, dayOf(setting), member.owner.office);
    const moments = campaign(setting, {
      from,
      office: member.owner.office,
      blatant: Math.max(150, member.perDay * 8),
      stealthy: Math.max(20, member.perDay),
    });
    const { app } = member;
    return played(setting, { subjects: [byAutomation(member.nativeId)] }, [
      ...each(tokenMoments(moments), (draws, at) =>
        appSignIn(company, draws, at, { app, place, resource: member.trade.resource }),
      ),
      ...each(moments, (draws, at) =>
        graphCall(company, draws, at, {
          app,
          place,
          uri: opened(company, draws, app),
          bytes: draws.int(3_000, 300_000),
        }),
      ),
    ]);
  },
};

/** One cookie, several machines: the session id stays, the addresses change within minutes. */
const sharedSession: Scenario = {
  id: "ms-shared-session",
  title: "One session of a person is used from several addresses",
  platform: "microsoft",
  attackType: "credential_theft",
  techniques: ["T26", "T28"],
  stage: (setting) => {
    const { company } = setting;
    const person = takeUser(setting);
    const app = FIRST_PARTY.office;
    const places: Place[] = [];
    for (let i = 0; i < Math.round(dial(setting, 5, 2)); i++)
      places.push(strangersLine(setting, person));
    const at = inOffice(setting, dayOf(setting), person.office);
    const sessionId = stableGuid(`${company.seed} ${setting.id} session`);
    const moments = campaign(setting, {
      from: at + 15 * MINUTE_MS,
      office: person.office,
      blatant: 260,
      stealthy: 40,
      days: 4,
    });
    return played(setting, { subjects: [byPerson(person)] }, [
      once(at, (rng, now) =>
        userSignIn(company, rng, now, person, true, { app, place: deskOf(person), sessionId }),
      ),
      ...each(
        moments.filter((_, index) => index % 6 === 0),
        (rng, now) =>
          userSignIn(company, rng, now, person, false, {
            app,
            place: rng.pick([...places, deskOf(person)]),
            sessionId,
            resource: SHAREPOINT,
          }),
      ),
      ...each(moments, (rng, now) =>
        fileWork(company, rng, now, person, {
          operation: "FileDownloaded",
          place: rng.pick(places),
          isPersonal: rng.chance(0.5),
          sessionId,
        }),
      ),
    ]);
  },
};

export const tokenAttacks: readonly Scenario[] = [
  deviceCode,
  authorizationCode,
  tokenReplay,
  sharedSession,
];

function readOwn(
  { company }: Setting,
  app: App,
  place: Place,
  person: Person,
  rng: Setting["rng"],
  at: number,
) {
  if (rng.chance(0.5)) {
    return mailRead(company, rng, at, person, { place, via: app, items: rng.int(2, 12) });
  }
  return graphCall(company, rng, at, {
    app,
    place,
    person,
    uri: `/me/messages?$top=50&$skip=${rng.int(0, 60) * 50}`,
    bytes: rng.int(40_000, 500_000),
  });
}
