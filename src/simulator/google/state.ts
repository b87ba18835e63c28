/** The lists that an administrator can export at the end of the run: tokens, people, the company's own service accounts. */

import { DAY_MS } from "#base/time.ts";
import type { Company, Person } from "#simulator/company.ts";
import type { CastMember, Day, Fields, StateFile } from "#simulator/stage.ts";
import { accountRow } from "./cast.ts";
import { isGoogleMember, tokenRows } from "./member.ts";
import { runsConsole } from "./people.ts";

export const TOKENS = { service: "google:directory:tokens", key: "items" } as const;
export const ACCOUNTS = { service: "google:iam:serviceAccounts", key: "accounts" } as const;
const USERS = { service: "google:directory:users", key: "users" } as const;

export function stateOf(
  company: Company,
  cast: readonly CastMember[],
  days: readonly Day[],
): StateFile[] {
  const end = (days.at(-1)?.start ?? 0) + DAY_MS;
  const start = days[0]?.start ?? 0;
  const members = cast.filter(isGoogleMember);
  const accounts = members
    .map(({ traits }) => accountRow(traits.app))
    .filter((row) => row !== null);
  return [
    {
      platform: "google",
      ...TOKENS,
      rows: members.flatMap(({ traits }) => tokenRows(traits, end)),
    },
    {
      platform: "google",
      ...USERS,
      rows: company.people.map((person) => userRow(company, person, start, end)),
    },
    { platform: "google", ...ACCOUNTS, rows: accounts },
  ];
}

function userRow(company: Company, person: Person, start: number, end: number): Fields {
  const [givenName = person.name, ...rest] = person.name.split(" ");
  const { leftAt } = person;
  const isGone = leftAt !== null && leftAt < end;
  return {
    kind: "admin#directory#user",
    id: person.googleId,
    primaryEmail: person.email,
    name: { givenName, familyName: rest.join(" "), fullName: person.name },
    isAdmin: person.isAdmin,
    isDelegatedAdmin: !person.isAdmin && runsConsole(person),
    suspended: isGone,
    archived: false,
    creationTime: new Date(start - (200 + (person.index % 900)) * DAY_MS).toISOString(),
    lastLoginTime: new Date((isGone ? leftAt : end) - DAY_MS / 2).toISOString(),
    orgUnitPath: `/${person.team}`,
    isEnrolledIn2Sv: true,
    isEnforcedIn2Sv: person.isAdmin,
    customerId: company.googleCustomerId,
  };
}
