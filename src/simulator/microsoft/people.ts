/** What people of the tenant do by hand: sign in, mail, files, meetings, Copilot; and administrators at their work. */

import { hash32 } from "#base/hash.ts";
import type { Prng } from "#base/prng.ts";
import { HOUR_MS, SECOND_MS } from "#base/time.ts";
import {
  type Company,
  isWorkday,
  local,
  officeMoments,
  type Person,
  stableGuid,
} from "#simulator/company.ts";
import type { Day, Emission, Performer } from "#simulator/stage.ts";
import { deskOf, FIRST_PARTY, type Place } from "./records/common.ts";
import {
  directoryAudit,
  memberAdded,
  policyUpdated,
  property,
  ROLES,
  roleAssigned,
  userChanged,
  userTarget,
} from "./records/directory.ts";
import { userSignIn } from "./records/sign-in.ts";
import {
  cmdlet,
  fileWork,
  interaction,
  loggedIn,
  mailRead,
  mailSent,
  resource,
  teamsWork,
} from "./records/unified.ts";

type Emit = (emission: Emission) => void;

export function people(company: Company): readonly Performer[] {
  return company.people.map((person) => ({
    id: `microsoft:person:${person.index}`,
    act: (day, rng, emit) => {
      const moments = officeMoments(company, person, day.start, 3, rng);
      if (moments.length === 0) return;
      const habits = habitsOf(person);
      const where = placesOn(company, person, day);
      const session = stableGuid(`session ${person.entraId} ${day.index}`);
      const place = where.early;
      signIns(company, person, where, moments, session, rng, emit);
      for (const at of officeMoments(company, person, day.start, habits.files, rng)) {
        files(company, person, placeAt(where, at), at, session, rng, emit);
      }
      for (const at of officeMoments(company, person, day.start, habits.mails, rng)) {
        mails(company, person, placeAt(where, at), at, session, rng, emit);
      }
      for (const at of officeMoments(company, person, day.start, 1.2, rng)) {
        chats(company, person, place, at, rng, emit);
      }
      if (habits.usesCopilot) {
        for (const at of officeMoments(company, person, day.start, 1.5, rng)) {
          asks(company, person, place, at, rng, emit);
        }
      }
      seldom(company, person, place, day, rng, emit);
      if (person.isAdmin) administers(company, person, place, day, rng, emit);
    },
  }));
}

interface Habits {
  readonly files: number;
  readonly mails: number;
  readonly usesCopilot: boolean;
}

/** Some people live in files and mail, most do not. */
function habitsOf(person: Person): Habits {
  const draw = (hash32(person.entraId) % 1_000) / 1_000;
  return {
    files: 1.5 + 12 * draw ** 4,
    mails: 1.5 + 4 * ((hash32(person.entraId, 3) % 1_000) / 1_000) ** 2,
    usesCopilot: hash32(person.entraId, 5) % 10 < 3,
  };
}

/** Where somebody is on a day, and from when on somewhere else: laptops move on with their sessions. */
interface Whereabouts {
  readonly early: Place;
  readonly late: Place;
  readonly from: number;
}

function placesOn(company: Company, person: Person, day: Day): Whereabouts {
  const early = placeOn(company, person, day);
  const moves = hash32(`${person.entraId} moves ${day.index}`) % 8 === 0;
  const from = local(day.start, person.office, 16);
  return { early, late: moves ? homeOf(person) : early, from };
}

function placeAt({ early, late, from }: Whereabouts, at: number): Place {
  return at < from ? early : late;
}

/** At the desk, at home, or for some days at another office. */
function placeOn(company: Company, person: Person, day: Day): Place {
  const desk = deskOf(person);
  const isHome = hash32(`${person.entraId} ${day.index}`) % 4 === 0;
  const trip = hash32(person.entraId, 9) % 40;
  if (trip < 2 && day.index >= 6 + 5 * trip && day.index < 9 + 5 * trip) {
    const office = company.offices[(person.index + 1) % company.offices.length];
    if (office !== undefined) {
      return {
        ...desk,
        ip: `${office.network}.${10 + (person.index % 200)}`,
        asn: office.asn,
        country: office.country,
      };
    }
  }
  return isHome ? homeOf(person) : desk;
}

function homeOf(person: Person): Place {
  const line = hash32(person.entraId, 21);
  return {
    ...deskOf(person),
    ip: `198.18.${100 + (line % 100)}.${1 + (line % 253)}`,
    asn: homeAsn(person),
  };
}

function homeAsn(person: Person): string {
  return { DE: "3209", US: "7922", AU: "7545" }[person.office.country] ?? person.office.asn;
}

/** A phone on its carrier's network. */
function phoneOf(person: Person): Place {
  const line = hash32(person.entraId, 33);
  return {
    ip: `198.18.${210 + (line % 30)}.${1 + (line % 253)}`,
    asn: { DE: "6805", US: "21928", AU: "1221" }[person.office.country] ?? person.office.asn,
    country: person.office.country,
    userAgent: "Outlook-iOS/2.0",
  };
}

const DESKTOP = [
  FIRST_PARTY.office,
  FIRST_PARTY.teams,
  FIRST_PARTY.outlookWeb,
  FIRST_PARTY.oneDrive,
  FIRST_PARTY.edge,
  FIRST_PARTY.teamsWeb,
] as const;

function signIns(
  company: Company,
  person: Person,
  where: Whereabouts,
  moments: readonly number[],
  sessionId: string,
  rng: Prng,
  emit: Emit,
): void {
  const [first] = moments;
  const place = where.early;
  // Some work on machines of their own.
  const isUnmanaged = hash32(person.entraId, 41) % 7 === 0;
  if (first !== undefined && rng.chance(0.6)) {
    const app = rng.pick([FIRST_PARTY.outlookWeb, FIRST_PARTY.teamsWeb, FIRST_PARTY.office]);
    if (rng.chance(0.07)) {
      const error = rng.pick([50_126, 50_074, 50_140]);
      emit(
        userSignIn(company, rng, first - 20 * SECOND_MS, person, true, {
          app,
          place,
          error,
          reason: "Error validating credentials due to invalid username or password.",
        }),
      );
    }
    // Microsoft finds a home line or a new laptop unfamiliar at times.
    const risk = rng.chance(0.004) ? { risk: "unfamiliarFeatures" } : {};
    emit(
      userSignIn(company, rng, first, person, true, {
        app,
        place,
        sessionId,
        isUnmanaged,
        ...(rng.chance(0.3) ? { protocol: "oAuth2" } : {}),
        ...risk,
      }),
    );
    if (rng.chance(0.4)) emit(loggedIn(company, rng, first, person, app, place));
  }
  for (const at of moments) {
    const isPhone = rng.chance(0.2);
    emit(
      userSignIn(company, rng, at, person, false, {
        app: isPhone ? FIRST_PARTY.outlookMobile : rng.pick(DESKTOP),
        place: isPhone ? phoneOf(person) : placeAt(where, at),
        isUnmanaged: isPhone || isUnmanaged,
        // A phone has a session of its own.
        ...(isPhone ? {} : { sessionId }),
      }),
    );
  }
  if (person.team === "engineering" && rng.chance(0.05)) {
    const app = rng.pick([FIRST_PARTY.azureCli, FIRST_PARTY.vsCode]);
    // On a server without a browser a code is the usual way.
    const flow = rng.chance(0.1)
      ? { protocol: "deviceCode", transfer: "deviceCodeFlow" }
      : { protocol: "oAuth2" };
    emit(
      userSignIn(company, rng, (first ?? 0) + HOUR_MS, person, true, {
        app,
        place,
        sessionId,
        ...flow,
      }),
    );
  }
}

const WORK = [
  "FileAccessed",
  "FileAccessed",
  "FileAccessed",
  "FileModified",
  "FileModified",
  "FileDownloaded",
  "FilePreviewed",
  "FileUploaded",
  "FileRenamed",
  "FileRecycled",
] as const;

function files(
  company: Company,
  person: Person,
  place: Place,
  at: number,
  sessionId: string,
  rng: Prng,
  emit: Emit,
): void {
  const isPersonal = rng.chance(0.35);
  emit(
    fileWork(company, rng, at, person, { operation: rng.pick(WORK), place, isPersonal, sessionId }),
  );
  if (!rng.chance(0.004)) return;
  // A folder is taken along: a new laptop, a trip, a big delivery.
  const count = rng.int(15, 70);
  for (let i = 1; i <= count; i++) {
    emit(
      fileWork(company, rng, at + i * rng.int(700, 4_000), person, {
        operation: "FileSyncDownloadedFull",
        place: { ...place, userAgent: "Microsoft SkyDriveSync 25.100" },
        via: FIRST_PARTY.oneDrive,
        isPersonal,
      }),
    );
  }
}

function mails(
  company: Company,
  person: Person,
  place: Place,
  at: number,
  sessionId: string,
  rng: Prng,
  emit: Emit,
): void {
  const draw = rng.next();
  if (draw < 0.55)
    emit(mailRead(company, rng, at, person, { place, via: null, items: rng.int(1, 4), sessionId }));
  else if (draw < 0.8) {
    emit(
      mailRead(company, rng, at, person, {
        place,
        via: FIRST_PARTY.office,
        items: 1,
        isSync: true,
        clientInfo: "Client=MSExchangeRPC",
      }),
    );
  } else {
    const subject = rng.pick(["Re: plan", "Minutes", "Offer", "Question", "Travel", "Re: budget"]);
    emit(mailSent(company, rng, at, person, { place, via: null, subject }));
  }
}

function chats(
  company: Company,
  person: Person,
  place: Place,
  at: number,
  rng: Prng,
  emit: Emit,
): void {
  const team = rng.pick(["Sales", "Engineering", "Finance", "Company", "Projects"]);
  const common = { TeamName: team, TeamGuid: `19:${stableGuid(`team ${team}`)}@thread.tacv2` };
  const operation = rng.pick([
    "TeamsSessionStarted",
    "MessageCreatedHasLink",
    "MessageSent",
    "ReactedToMessage",
  ]);
  emit(
    teamsWork(
      company,
      rng,
      at,
      person,
      operation,
      place,
      operation === "TeamsSessionStarted" ? {} : common,
    ),
  );
}

function asks(
  company: Company,
  person: Person,
  place: Place,
  at: number,
  rng: Prng,
  emit: Emit,
): void {
  emit(
    interaction(company, rng, at, person, null, {
      place,
      resources: Array.from({ length: rng.int(0, 3) }, () => resource(company, rng)),
      plugins: rng.chance(0.3) ? ["BingWebSearch"] : [],
    }),
  );
}

/** What a person does once in weeks: a mail rule, a file for somebody outside. */
function seldom(
  company: Company,
  person: Person,
  place: Place,
  day: Day,
  rng: Prng,
  emit: Emit,
): void {
  const at = local(day.start, person.office, rng.int(9, 16), rng.int(0, 59));
  if (rng.chance(0.012)) {
    // A deputy sees what comes in; most rules only sort.
    const deputy = rng.chance(0.1) ? { RedirectTo: rng.pick(company.people).email } : {};
    const [name, folder] = rng.pick([
      ["Newsletters", "Newsletters"],
      ["Tickets", "Inbox\\Tickets"],
      ["Project Aurora", "Aurora"],
      ["Receipts", "Receipts"],
    ]);
    emit(
      cmdlet(company, rng, at, person, {
        name: "New-InboxRule",
        place,
        object: `${person.email}\\${name}`,
        parameters: {
          Name: name ?? "",
          Mailbox: person.email,
          SubjectContainsWords: (name ?? "").toLowerCase(),
          MoveToFolder: folder ?? "",
          ...deputy,
        },
      }),
    );
  }
  if (rng.chance(0.002)) {
    // Somebody tidies up.
    const count = rng.int(20, 90);
    for (let i = 0; i < count; i++) {
      emit(
        fileWork(company, rng, at + i * rng.int(900, 6_000), person, {
          operation: "FileRecycled",
          place,
          isPersonal: true,
        }),
      );
    }
  }
  if (rng.chance(0.03)) {
    const guest = `partner.${rng.int(1, 90)}_supplier.example#ext#@${company.domain}`;
    emit(
      fileWork(company, rng, at + HOUR_MS / 2, person, {
        operation: "SharingSet",
        place,
        sharedWith: guest,
      }),
    );
  }
  if (rng.chance(0.012)) {
    emit(
      fileWork(company, rng, at + HOUR_MS / 3, person, {
        operation: "AnonymousLinkCreated",
        place,
        more: { EventData: "<Type>View</Type>" },
      }),
    );
  }
}

const GROUPS = ["All staff", "VPN users", "Sales EMEA", "Licences E5", "Guests Aurora"] as const;

function administers(
  company: Company,
  person: Person,
  place: Place,
  day: Day,
  rng: Prng,
  emit: Emit,
): void {
  const by = { person, place };
  for (const at of officeMoments(company, person, day.start, 4, rng)) {
    const whom = rng.pick(company.people);
    const draw = rng.next();
    if (draw < 0.4) {
      emit(
        userChanged(
          company,
          rng,
          at,
          by,
          whom,
          rng.pick(["Department", "AssignedLicense", "MobilePhone"]),
        ),
      );
    } else if (draw < 0.75) emit(memberAdded(company, rng, at, by, whom, rng.pick(GROUPS)));
    else if (draw < 0.97) {
      emit(
        directoryAudit(company, rng, at, by, {
          activity: rng.pick(["Reset user password", "Update device", "Change user license"]),
          category: "UserManagement",
          operation: "Update",
          targets: [userTarget(whom)],
        }),
      );
    } else {
      emit(userSignIn(company, rng, at, person, true, { app: FIRST_PARTY.azurePortal, place }));
    }
  }
  if (!isWorkday(company, day.start)) return;
  const at = local(day.start, person.office, rng.int(9, 16), rng.int(0, 59));
  if (rng.chance(0.015)) {
    const colleague = rng.pick(company.people.filter(({ team }) => team === "it"));
    emit(roleAssigned(company, rng, at, by, colleague, ROLES.helpdesk));
  }
  if (rng.chance(0.02)) {
    emit(
      policyUpdated(company, rng, at, by, "Update conditional access policy", "Compliant devices", [
        property("DisplayName", "Compliant devices", "Compliant devices (all offices)"),
      ]),
    );
  }
}
