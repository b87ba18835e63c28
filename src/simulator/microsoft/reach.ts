/** What application permissions open: calls that succeed with them, and calls that are refused without. */

import type { Prng } from "#base/prng.ts";
import type { Company, Person } from "#simulator/company.ts";
import type { App } from "./records/common.ts";

interface Opening {
  /** Any of these permissions opens it. */
  readonly by: RegExp;
  readonly uri: (person: Person, rng: Prng) => string;
}

const OPENINGS: readonly Opening[] = [
  { by: /^Mail\.Read/, uri: ({ entraId }) => `/users/${entraId}/messages?$top=50` },
  {
    by: /^(Files|Sites)\./,
    uri: ({ entraId }, rng) =>
      `/users/${entraId}/drive/items/${rng.int(1_000_000, 9_999_999)}/content`,
  },
  { by: /^Calendars\./, uri: ({ entraId }) => `/users/${entraId}/calendarView` },
  { by: /^MailboxSettings\./, uri: ({ entraId }) => `/users/${entraId}/mailboxSettings` },
  { by: /^(User|Directory)\./, uri: ({ entraId }) => `/users/${entraId}` },
  { by: /^(User|Directory)\./, uri: () => "/users?$top=999" },
  { by: /^(Group|Directory)\./, uri: () => "/groups?$top=999" },
  { by: /^(Group|Directory)\./, uri: ({ entraId }) => `/users/${entraId}/memberOf` },
  { by: /^(Application|Directory)\./, uri: () => "/applications?$top=999" },
  { by: /^(Application|Directory)\./, uri: () => "/servicePrincipals?$top=999" },
  { by: /^(RoleManagement|Directory)\./, uri: () => "/directoryRoles" },
  { by: /^(RoleManagement)\./, uri: () => "/roleManagement/directory/roleAssignments" },
  { by: /^Directory\./, uri: () => "/oauth2PermissionGrants" },
  { by: /^(Policy|Directory\.ReadWrite)/, uri: () => "/policies/conditionalAccessPolicies" },
  { by: /^(Domain|Directory)\./, uri: () => "/domains" },
  { by: /^(Device|Directory)\./, uri: () => "/devices" },
  { by: /^Reports\./, uri: () => "/reports/getEmailActivityUserDetail(period='D30')" },
  { by: /^AuditLog\./, uri: () => "/auditLogs/signIns?$top=500" },
];

/** A call that an app's permissions allow; its own description where they allow none. */
export function opened(company: Company, rng: Prng, app: App): string {
  const open = OPENINGS.filter(({ by }) => app.roles.some((role) => by.test(role)));
  const person = rng.pick(company.people);
  return open.length === 0 ? "/organization" : rng.pick(open).uri(person, rng);
}

/** Some call, and whether it is allowed: what somebody does who tries out a token. */
export function tried(company: Company, rng: Prng, app: App): { uri: string; isOpen: boolean } {
  const { by, uri } = rng.pick(OPENINGS);
  return {
    uri: uri(rng.pick(company.people), rng),
    isOpen: app.roles.some((role) => by.test(role)),
  };
}

/** Whether it reaches what belongs to people: mail, files, calendars, the directory. */
export function reachesPeople({ roles }: App): boolean {
  return roles.some((role) =>
    /^(Mail\.Read|Files|Sites|Calendars|User|Group|Directory)/.test(role),
  );
}
