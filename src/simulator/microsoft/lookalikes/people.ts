/** People and administrators whose honest days look strange. */

import { DAY_MS, HOUR_MS, MINUTE_MS } from "#base/time.ts";
import { isWorkday, local, stableGuid, weekday } from "#simulator/company.ts";
import { deskOf, FIRST_PARTY, type Place } from "#simulator/microsoft/records/common.ts";
import {
  keyAdded,
  keyRemoved,
  memberAdded,
  userChanged,
} from "#simulator/microsoft/records/directory.ts";
import { graphCall } from "#simulator/microsoft/records/graph.ts";
import { appSignIn, userSignIn } from "#simulator/microsoft/records/sign-in.ts";
import { cmdlet, fileWork, mailRead } from "#simulator/microsoft/records/unified.ts";
import {
  type Beat,
  byAutomation,
  byPerson,
  dayOf,
  each,
  inOffice,
  once,
  played,
  takeAdmin,
  takeMember,
} from "#simulator/microsoft/scene.ts";
import type { Scenario } from "#simulator/stage.ts";

/** A secret runs out, so its owner makes a new one and takes the old one away. */
const ownerRenews: Scenario = {
  id: "ms-owner-renews-secret",
  title: "The owner of a strong app renews its secret in time",
  platform: "microsoft",
  attackType: null,
  techniques: ["T11", "T13"],
  stage: (setting) => {
    const { company, rng } = setting;
    const member = takeMember(
      setting,
      ({ means, handle, app, fate, owner }) =>
        means === "app" &&
        handle.vendor === null &&
        app.roles.length > 0 &&
        fate.rotatesOn === null &&
        owner.leftAt === null,
    );
    if (member === null) return null;
    const { app, owner } = member;
    const by = { person: owner, place: deskOf(owner) };
    const keyId = stableGuid(`${company.seed} ${setting.id} renewed`);
    const key = {
      keyId,
      type: "AsymmetricX509Cert",
      label: `CN=${app.name}`,
      isBeside: true,
    } as const;
    const at = inOffice(setting, dayOf(setting), owner.office);
    const beats: Beat[] = [
      once(at, (draws, now) => keyAdded(company, draws, now, by, app, key)),
      once(at + 26 * MINUTE_MS, (draws, now) => keyRemoved(company, draws, now, by, app, keyId)),
    ];
    for (let day = 0; day < 20; day++) {
      const now = at + HOUR_MS + day * DAY_MS + rng.int(0, 3 * HOUR_MS);
      beats.push(
        once(now, (draws, when) =>
          appSignIn(company, draws, when, {
            app,
            place: draws.pick(member.places),
            keyId,
            credential: "certificate",
          }),
        ),
      );
    }
    return played(setting, { subjects: [byAutomation(member.nativeId)] }, beats);
  },
};

/** She works at the other office for a week: another country, another zone, the same work. */
const traveller: Scenario = {
  id: "ms-traveller",
  title: "A person works for a week from another zone",
  platform: "microsoft",
  attackType: null,
  techniques: ["T26", "T72"],
  stage: (setting) => {
    const { company, rng } = setting;
    const person = setting.takePerson(({ isAdmin, leftAt }) => !isAdmin && leftAt === null);
    const office = company.offices.find(({ city }) => city !== person.office.city) ?? person.office;
    const place: Place = {
      ip: `198.19.${rng.int(0, 255)}.${rng.int(1, 254)}`,
      asn: office.asn,
      country: office.country,
      userAgent: person.userAgent,
    };
    const first = dayOf(setting);
    const beats: Beat[] = [];
    for (let day = 0; day < 5; day++) {
      const start = first.start + day * DAY_MS;
      const sessionId = stableGuid(`${setting.id} ${day}`);
      const morning = local(start, office, 9, rng.int(0, 40));
      beats.push(
        once(morning, (draws, now) =>
          userSignIn(company, draws, now, person, true, {
            app: FIRST_PARTY.outlookWeb,
            place,
            sessionId,
          }),
        ),
      );
      const moments = Array.from(
        { length: 12 },
        () => morning + Math.floor(8 * HOUR_MS * rng.next()),
      );
      beats.push(
        ...each(moments, (draws, now) =>
          draws.chance(0.5)
            ? fileWork(company, draws, now, person, {
                operation: draws.pick(["FileAccessed", "FileModified", "FileDownloaded"]),
                place,
              })
            : mailRead(company, draws, now, person, { place, via: null, items: draws.int(1, 4) }),
        ),
      );
    }
    return played(setting, { subjects: [byPerson(person)] }, beats);
  },
};

/** Something broke at the weekend, and the one on call repairs it from home until late. */
const onCall: Scenario = {
  id: "ms-on-call-admin",
  title: "The administrator on call works through a free day",
  platform: "microsoft",
  attackType: null,
  techniques: ["T72"],
  stage: (setting) => {
    const { company, rng, days } = setting;
    const admin = takeAdmin(setting);
    const free = days.filter(
      ({ start, index }) => index > days.length / 3 && !isWorkday(company, start),
    );
    const day = free[0] ?? dayOf(setting);
    const place = { ...deskOf(admin), ip: `198.18.${rng.int(100, 199)}.${rng.int(1, 250)}` };
    const by = { person: admin, place };
    const at = local(day.start, admin.office, 19, rng.int(0, 59));
    const moments = Array.from({ length: 45 }, () => at + Math.floor(6 * HOUR_MS * rng.next()));
    return played(setting, { subjects: [byPerson(admin)] }, [
      once(at - MINUTE_MS, (draws, now) =>
        userSignIn(company, draws, now, admin, true, { app: FIRST_PARTY.azurePortal, place }),
      ),
      ...each(
        moments.sort((a, b) => a - b),
        (draws, now) =>
          draws.chance(0.5)
            ? userChanged(
                company,
                draws,
                now,
                by,
                draws.pick(company.people),
                "StrongAuthenticationMethod",
              )
            : memberAdded(company, draws, now, by, draws.pick(company.people), "VPN users"),
      ),
    ]);
  },
};

/** Legal holds and searches belong to Legal's week. */
const routineDiscovery: Scenario = {
  id: "ms-routine-discovery",
  title: "Legal runs its weekly content search and export",
  platform: "microsoft",
  attackType: null,
  techniques: ["T36"],
  stage: (setting) => {
    const { company, rng, days } = setting;
    const lawyer = setting.takePerson(({ team, leftAt }) => team === "legal" && leftAt === null);
    const place = deskOf(lawyer);
    const turn = rng.int(1, 5);
    const beats: Beat[] = [];
    for (const day of days) {
      if (weekday(day.start) !== turn || !isWorkday(company, day.start)) continue;
      const at = local(day.start, lawyer.office, rng.int(10, 15), rng.int(0, 59));
      const name = `Matter ${rng.int(100, 140)}`;
      const called = (cmd: string, parameters: Readonly<Record<string, string>>, afterMs: number) =>
        once(at + afterMs, (draws, now) =>
          cmdlet(company, draws, now, lawyer, {
            name: cmd,
            place,
            object: name,
            workload: "SecurityComplianceCenter",
            parameters,
          }),
        );
      beats.push(
        called(
          "New-ComplianceSearch",
          { Name: name, ExchangeLocation: draw(company.people.length) },
          0,
        ),
        called("Start-ComplianceSearch", { Identity: name }, 40_000),
        called("New-ComplianceSearchAction", { SearchName: name, Export: "True" }, 50 * MINUTE_MS),
      );
    }
    return played(setting, { subjects: [byPerson(lawyer)] }, beats);
  },
};

function draw(people: number): string {
  return people > 40 ? "legal-hold-members" : "All";
}

/** A campaign starts: Marketing gives a hundred files to an agency and the press. */
const marketingShares: Scenario = {
  id: "ms-marketing-shares",
  title: "Marketing shares the files of a campaign with an agency",
  platform: "microsoft",
  attackType: null,
  techniques: ["T65"],
  stage: (setting) => {
    const { company, rng } = setting;
    const person = setting.takePerson(
      ({ team, leftAt }) => team === "marketing" && leftAt === null,
    );
    const place = deskOf(person);
    const at = inOffice(setting, dayOf(setting), person.office);
    const moments = Array.from({ length: 70 }, () => at + Math.floor(2.5 * HOUR_MS * rng.next()));
    const guest = `studio_agency.example#ext#@${company.domain}`;
    return played(setting, { subjects: [byPerson(person)] }, [
      ...each(
        moments.sort((a, b) => a - b),
        (draws, now) =>
          draws.chance(0.75)
            ? fileWork(company, draws, now, person, {
                operation: "SharingSet",
                place,
                sharedWith: guest,
                name: `Campaign ${draws.int(1, 400)}.png`,
              })
            : fileWork(company, draws, now, person, {
                operation: "AnonymousLinkCreated",
                place,
                name: `Press kit ${draws.int(1, 40)}.pdf`,
                more: { EventData: "<Type>View</Type>" },
              }),
      ),
    ]);
  },
};

/** The quarterly review of access reads the whole directory in an afternoon. */
const accessReview: Scenario = {
  id: "ms-access-review",
  title: "The quarterly access review reads the whole directory",
  platform: "microsoft",
  attackType: null,
  techniques: ["T68"],
  stage: (setting) => {
    const { company, rng } = setting;
    const member = takeMember(setting, ({ trade }) =>
      ["provisioning", "siem", "service-desk"].includes(trade.behaviour),
    );
    if (member === null) return null;
    const { app } = member;
    const place = rng.pick(member.places);
    const at = inOffice(setting, dayOf(setting), member.owner.office);
    const count = Math.round(120 + 4 * member.perDay);
    const moments = Array.from({ length: count }, () => at + Math.floor(3 * HOUR_MS * rng.next()));
    return played(setting, { subjects: [byAutomation(member.nativeId)] }, [
      once(at - 900, (draws, now) => appSignIn(company, draws, now, { app, place })),
      ...each(
        moments.sort((a, b) => a - b),
        (draws, now) =>
          graphCall(company, draws, now, {
            app,
            place,
            uri: draws.pick([
              "/groups?$top=999",
              `/users/${draws.pick(company.people).entraId}/memberOf`,
              "/users?$top=999",
            ]),
            bytes: draws.int(5_000, 200_000),
            status: draws.chance(0.04) ? 404 : 200,
          }),
      ),
    ]);
  },
};

export const honestPeople: readonly Scenario[] = [
  ownerRenews,
  traveller,
  onCall,
  routineDiscovery,
  marketingShares,
  accessReview,
];
