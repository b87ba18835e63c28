/** Attacks that begin with somebody's consent: phished people, a tricked administrator, imitated names, abused clients. */

import { HOUR_MS, MINUTE_MS } from "#base/time.ts";
import type { Person } from "#simulator/company.ts";
import { opened } from "#simulator/microsoft/reach.ts";
import { type App, appNamed, deskOf, type Place } from "#simulator/microsoft/records/common.ts";
import { consent, roleGranted } from "#simulator/microsoft/records/directory.ts";
import { graphCall } from "#simulator/microsoft/records/graph.ts";
import { appSignIn, userSignIn } from "#simulator/microsoft/records/sign-in.ts";
import { fileWork, mailRead } from "#simulator/microsoft/records/unified.ts";
import {
  type Beat,
  byAutomation,
  campaign,
  dayOf,
  dial,
  each,
  inOffice,
  intruder,
  newcomer,
  once,
  played,
  someAdmin,
  somePeople,
  takeUser,
  tokenMoments,
} from "#simulator/microsoft/scene.ts";
import { grantRow, list, principalRow, roleRow } from "#simulator/microsoft/state.ts";
import type { Scenario, Setting } from "#simulator/stage.ts";

const LOUD = ["Mail Sync Helper", "Free PDF Tools", "Inbox Booster", "Doc Viewer Online"] as const;
const QUIET = [
  "Quillstone Calendar Assist",
  "Brightwater Contacts",
  "Larkfield Mail Insights",
  "Ashdown Time Tracking",
] as const;

/** One click on "Accept" and the app reads the mailbox for as long as it likes, without password or second factor. */
const illicitConsent: Scenario = {
  id: "ms-illicit-consent",
  title: "A person lets an unknown app in, and it reads her mailbox",
  platform: "microsoft",
  attackType: "data_exfiltration",
  techniques: ["T01", "T09", "T30"],
  stage: (setting) => {
    const person = takeUser(setting);
    const app = newcomer(
      setting,
      { loud: LOUD, quiet: QUIET },
      {
        scopes:
          setting.stealth < 0.8
            ? ["User.Read", "Mail.Read", "Files.Read.All", "Contacts.Read", "offline_access"]
            : ["User.Read", "Mail.Read", "offline_access"],
      },
    );
    return letIn(setting, app, [person], { blatant: 600, stealthy: 45 });
  },
};

/** An administrator who accepts for the whole organization opens every mailbox and drive at once. */
const tenantConsent: Scenario = {
  id: "ms-tenant-consent",
  title: "A tricked administrator grants an unknown app everything for everybody",
  platform: "microsoft",
  attackType: "privilege_escalation",
  techniques: ["T02", "T03", "T30"],
  stage: (setting) => {
    const { company, stealth } = setting;
    const admin = someAdmin(setting);
    const app = newcomer(
      setting,
      {
        loud: ["Insight Exporter", "Tenant Analyzer"],
        quiet: ["Netherby Insights", "Wyndham Search"],
      },
      {
        scopes: ["openid", "profile", "User.Read", "Mail.Read", "offline_access"],
        roles: [
          "Mail.Read",
          ...(stealth < 0.8 ? ["Directory.Read.All", "Files.Read.All"] : ["User.Read.All"]),
        ],
      },
    );
    const by = { person: admin, place: deskOf(admin) };
    const at = inOffice(setting, dayOf(setting), admin.office);
    const place = intruder(setting, null);
    const from = at + Math.floor(dial(setting, 6 * MINUTE_MS, 20 * HOUR_MS));
    const office = admin.office;
    const moments = campaign(setting, { from, office, blatant: 900, stealthy: 80 });
    return played(
      setting,
      {
        subjects: [byAutomation(app.appId)],
        newcomers: [app],
        state: [
          list("graph:servicePrincipals", [principalRow(company, app, at)]),
          list("graph:oauth2PermissionGrants", [grantRow(company, app, null, app.scopes)]),
          list(
            "graph:appRoleAssignments",
            app.roles.map((role) => roleRow(company, app, role, at)),
          ),
        ],
      },
      [
        once(
          at,
          (rng, now) =>
            consent(company, rng, now, by, app, {
              scopes: app.scopes,
              person: null,
              isAdmin: true,
            }),
          700,
        ),
        ...app.roles.map((role, index) =>
          once(at + 900 + index * 40, (rng, now) => roleGranted(company, rng, now, by, app, role)),
        ),
        ...each(tokenMoments(moments), (rng, now) => appSignIn(company, rng, now, { app, place })),
        ...each(moments, (rng, now) =>
          rng.chance(0.3)
            ? mailRead(company, rng, now, app, {
                place,
                via: null,
                items: rng.int(2, 15),
                box: rng.pick(company.people),
              })
            : graphCall(company, rng, now, {
                app,
                place,
                uri: opened(company, rng, app),
                bytes: rng.int(30_000, 700_000),
              }),
        ),
      ],
    );
  },
};

/** The same mail goes to many; a handful of clicks is enough, and each brings one more mailbox. */
const consentCampaign: Scenario = {
  id: "ms-consent-campaign",
  title: "Many people let the same unknown app in within a short time",
  platform: "microsoft",
  attackType: "credential_theft",
  techniques: ["T04", "T01"],
  stage: (setting) => {
    const count = Math.round(dial(setting, 14, 5));
    const people = somePeople(setting, count);
    const app = newcomer(
      setting,
      {
        loud: ["Salary Review 2026", "Secure Document Portal"],
        quiet: ["Pinecrest Benefits", "Oakhurst Survey"],
      },
      { scopes: ["User.Read", "Mail.Read", "Contacts.Read", "offline_access"] },
    );
    return letIn(setting, app, people, { blatant: 50 * count, stealthy: 12 * count });
  },
};

/** A Cyrillic letter or a zero in a name that everybody trusts. */
const lookalikeName: Scenario = {
  id: "ms-imitated-name",
  title: "An app under an imitated Microsoft name is let in and takes files",
  platform: "microsoft",
  attackType: "credential_theft",
  techniques: ["T08", "T01", "T28"],
  stage: (setting) => {
    const person = takeUser(setting);
    const app = newcomer(
      setting,
      {
        loud: ["OneD\u0433ive", "Micros0ft \u041eutlook Sync", "Share\u0420oint Cloud"],
        quiet: [
          "OneDriv\u0435 for Business",
          "\u041eutlook Mobile Sync",
          "rnicrosoft Teams Helper",
        ],
      },
      { scopes: ["User.Read", "Files.Read.All", "Mail.Read", "offline_access"], publisher: null },
    );
    return letIn(setting, app, [person], { blatant: 400, stealthy: 40 }, true);
  },
};

/** Ready-made mail clients and copy tools save the intruder the work of writing an app. */
const abusedClient: Scenario = {
  id: "ms-abused-client",
  title: "A stolen account lets in a desktop client that intruders like, and the mailbox is copied",
  platform: "microsoft",
  attackType: "data_exfiltration",
  techniques: ["T07", "T30"],
  stage: (setting) => {
    const person = takeUser(setting);
    // Both are real products under their real client ids.
    const [name, appId] = setting.rng.pick([
      ["eM Client", "e9a7fea1-1cc0-4cd9-a31b-9137ca5deedd"],
      ["PERFECTDATA SOFTWARE", "ff8d92dc-3d82-41d6-bcbd-b9174d163620"],
    ] as const);
    const app = appNamed(name, `${setting.company.seed} ${appId}`, {
      appId,
      host: "localhost",
      scopes: ["User.Read", "Mail.ReadWrite", "EWS.AccessAsUser.All", "offline_access"],
    });
    return letIn(setting, app, [person], { blatant: 500, stealthy: 50 });
  },
};

export const consentAttacks: readonly Scenario[] = [
  illicitConsent,
  tenantConsent,
  consentCampaign,
  lookalikeName,
  abusedClient,
];

/** Consent by each of the people in office hours, then tokens, then reading. */
export function letIn(
  setting: Setting,
  app: App,
  people: readonly Person[],
  volume: { blatant: number; stealthy: number },
  takesFiles = false,
) {
  const { company, rng } = setting;
  const day = dayOf(setting);
  const [first] = people;
  if (first === undefined) return null;
  const server = intruder(setting, null);
  const clicks = new Map<Person, number>();
  const beats: Beat[] = [];
  const begin = inOffice(setting, day, first.office);
  for (const person of people) {
    const at =
      begin +
      Math.floor(rng.next() * dial(setting, 50, 400) * MINUTE_MS) * (person === first ? 0 : 1);
    clicks.set(person, at);
    const by = { person, place: deskOf(person) };
    const given = {
      scopes: app.scopes,
      person,
      isAdmin: false,
      isKnown: person !== first,
    };
    beats.push(
      once(at - 8_000, (draws, now) =>
        userSignIn(company, draws, now, person, true, { app, place: by.place }),
      ),
      once(at, (draws, now) => consent(company, draws, now, by, app, given), 700),
    );
  }
  const from =
    Math.max(...clicks.values()) + Math.floor(dial(setting, 6 * MINUTE_MS, 20 * HOUR_MS));
  const moments = campaign(setting, { from, office: first.office, ...volume });
  beats.push(
    ...each(tokenMoments(moments), (draws, at) =>
      userSignIn(company, draws, at, draws.pick(people), false, { app, place: server }),
    ),
    ...each(moments, (draws, at) =>
      take(setting, app, server, draws.pick(people), takesFiles, draws, at),
    ),
  );
  return played(
    setting,
    {
      subjects: [byAutomation(app.appId)],
      newcomers: [app],
      state: [
        list("graph:servicePrincipals", [principalRow(company, app, begin)]),
        list(
          "graph:oauth2PermissionGrants",
          people.map((person) => grantRow(company, app, person, app.scopes)),
        ),
      ],
    },
    beats,
  );
}

function take(
  { company }: Setting,
  app: App,
  place: Place,
  person: Person,
  takesFiles: boolean,
  rng: Setting["rng"],
  at: number,
) {
  if (takesFiles && rng.chance(0.7)) {
    return fileWork(company, rng, at, person, {
      operation: "FileDownloaded",
      place,
      via: app,
      isPersonal: true,
    });
  }
  if (rng.chance(0.3)) {
    return mailRead(company, rng, at, person, { place, via: app, items: rng.int(2, 12) });
  }
  return graphCall(company, rng, at, {
    app,
    place,
    person,
    uri: `/me/messages?$top=50&$skip=${rng.int(0, 90) * 50}`,
    bytes: rng.int(40_000, 700_000),
  });
}
