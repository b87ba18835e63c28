/** Attacks that raise rights: roles and permissions for apps, opened registrations, mailbox rights, weakened guards. */

import { HOUR_MS, MINUTE_MS } from "#base/time.ts";
import { stableGuid } from "#simulator/company.ts";
import type { Member } from "#simulator/microsoft/member.ts";
import { opened, tried } from "#simulator/microsoft/reach.ts";
import { FIRST_PARTY, type Place } from "#simulator/microsoft/records/common.ts";
import {
  type Author,
  madeMultiTenant,
  policyUpdated,
  property,
  ROLES,
  replyAdded,
  roleAssigned,
  roleGranted,
} from "#simulator/microsoft/records/directory.ts";
import { graphCall } from "#simulator/microsoft/records/graph.ts";
import { appSignIn, userSignIn } from "#simulator/microsoft/records/sign-in.ts";
import { cmdlet, mailRead } from "#simulator/microsoft/records/unified.ts";
import {
  type Beat,
  byAutomation,
  byPerson,
  campaign,
  dayOf,
  dial,
  each,
  homeOf,
  intruder,
  newcomer,
  once,
  played,
  someAdmin,
  strangersLine,
  takeAdmin,
  takeMember,
  tokenMoments,
  whenever,
} from "#simulator/microsoft/scene.ts";
import { list, principalRow, roleRow } from "#simulator/microsoft/state.ts";
import type { Scenario, Setting } from "#simulator/stage.ts";

/** A service principal with a directory role needs no second factor and is on nobody's list of administrators. */
const directoryRole: Scenario = {
  id: "ms-role-for-app",
  title: "An app is made administrator of the directory and uses it",
  platform: "microsoft",
  attackType: "privilege_escalation",
  techniques: ["T16", "T68"],
  stage: (setting) => {
    const { company } = setting;
    const member = takeMember(setting, isOwnApp);
    if (member === null) return null;
    const admin = someAdmin(setting);
    const at = whenever(setting, dayOf(setting), admin.office);
    const by = { person: admin, place: strangersLine(setting, admin) };
    const role =
      setting.stealth < 0.4
        ? ROLES.global
        : setting.stealth < 0.8
          ? ROLES.privileged
          : ROLES.application;
    return afterwards(
      setting,
      member,
      at,
      [once(at, (rng, now) => roleAssigned(company, rng, now, by, member.app, role))],
      // Administrators may read the whole directory.
      { by: ["Directory.ReadWrite.All", "RoleManagement.ReadWrite.Directory"] },
    );
  },
};

/** With AppRoleAssignment.ReadWrite.All an app may give itself every other permission. */
const selfEscalation: Scenario = {
  id: "ms-app-raises-itself",
  title: "An app gives itself permissions that nobody approved",
  platform: "microsoft",
  attackType: "privilege_escalation",
  techniques: ["T15", "T68"],
  stage: (setting) => {
    const { company, rng, stealth } = setting;
    const member = takeMember(
      setting,
      (other) => isOwnApp(other) && other.app.roles.includes("AppRoleAssignment.ReadWrite.All"),
    );
    if (member === null) return null;
    const { app } = member;
    const at = whenever(setting, dayOf(setting), member.owner.office);
    const by: Author = { app, place: intruder(setting, homeOf(member, rng)) };
    const roles = [
      "Mail.ReadWrite",
      ...(stealth < 0.8 ? ["Application.ReadWrite.All"] : []),
      ...(stealth < 0.4 ? ["RoleManagement.ReadWrite.Directory", "Files.ReadWrite.All"] : []),
    ];
    const gap = dial(setting, 3_000, 20 * HOUR_MS);
    return afterwards(
      setting,
      member,
      at + gap * (roles.length - 1),
      roles.map((role, index) =>
        once(at + Math.floor(index * gap), (draws, now) =>
          roleGranted(company, draws, now, by, app, role),
        ),
      ),
      { by: roles },
    );
  },
};

/** Open to all tenants and answering to one more address, the registration signs people in for somebody else. */
const openedRegistration: Scenario = {
  id: "ms-opened-registration",
  title: "An in-house app is opened to other tenants and answers to a foreign address",
  platform: "microsoft",
  attackType: "backdoor",
  techniques: ["T17", "T10"],
  stage: (setting) => {
    const { company } = setting;
    const member = takeMember(setting, isOwnApp);
    if (member === null) return null;
    const admin = someAdmin(setting);
    const at = whenever(setting, dayOf(setting), admin.office);
    const by = { person: admin, place: strangersLine(setting, admin) };
    const url =
      setting.stealth < 0.5
        ? "https://login-relay.northgate-sso.example/cb"
        : `https://${company.domain.replace(".example", "")}-apps.northgate-sso.example/auth`;
    const later = at + Math.floor(dial(setting, 2 * MINUTE_MS, 22 * HOUR_MS));
    return afterwards(setting, member, later, [
      once(at, (rng, now) => replyAdded(company, rng, now, by, member.app, url)),
      once(later, (rng, now) => madeMultiTenant(company, rng, now, by, member.app)),
    ]);
  },
};

/** ApplicationImpersonation and full_access_as_app open every mailbox without a trace in Graph's permissions. */
const everyMailbox: Scenario = {
  id: "ms-full-mailbox-access",
  title: "A new app is given full access to all mailboxes in Exchange",
  platform: "microsoft",
  attackType: "privilege_escalation",
  techniques: ["T34", "T30"],
  stage: (setting) => {
    const { company } = setting;
    const admin = someAdmin(setting);
    const app = newcomer(
      setting,
      { loud: ["ews-export", "Mailbox Tools"], quiet: ["Fernhollow Room Sync", "svc-journal-eu"] },
      { roles: ["full_access_as_app"] },
    );
    const at = whenever(setting, dayOf(setting), admin.office);
    const desk = strangersLine(setting, admin);
    const place = intruder(setting, null);
    const moments = campaign(setting, {
      from: at + Math.floor(dial(setting, 12 * MINUTE_MS, 20 * HOUR_MS)),
      office: admin.office,
      blatant: 500,
      stealthy: 50,
    });
    return played(
      setting,
      {
        subjects: [byAutomation(app.appId)],
        newcomers: [app],
        state: [
          list("graph:servicePrincipals", [principalRow(company, app, at)]),
          list("graph:appRoleAssignments", [roleRow(company, app, "full_access_as_app", at)]),
        ],
      },
      [
        once(at, (rng, now) =>
          cmdlet(company, rng, now, admin, {
            name: "New-ServicePrincipal",
            place: desk,
            object: app.name,
            parameters: { AppId: app.appId, ObjectId: app.objectId, DisplayName: app.name },
          }),
        ),
        once(at + 90_000, (rng, now) =>
          cmdlet(company, rng, now, admin, {
            name: "New-ManagementRoleAssignment",
            place: desk,
            object: `ApplicationImpersonation-${app.name}`,
            parameters: {
              Role: setting.stealth < 0.5 ? "ApplicationImpersonation" : "Application Mail.Read",
              App: app.appId,
            },
          }),
        ),
        ...each(tokenMoments(moments), (rng, now) => appSignIn(company, rng, now, { app, place })),
        ...each(moments, (rng, now) =>
          mailRead(company, rng, now, app, {
            place,
            via: null,
            items: rng.int(2, 20),
            box: rng.pick(company.people),
            clientInfo: "Client=WebServices;ExchangeServicesClient/15.20;",
          }),
        ),
      ],
    );
  },
};

/** First the lock, then the door: users may consent to anything, warnings are off. */
const weakenedConsent: Scenario = {
  id: "ms-consent-guard-weakened",
  title: "An administrator's stolen account lets everybody consent to any app",
  platform: "microsoft",
  attackType: "privilege_escalation",
  techniques: ["T43"],
  stage: (setting) => {
    const { company, stealth } = setting;
    const admin = takeAdmin(setting);
    const at = whenever(setting, dayOf(setting), admin.office);
    const place = strangersLine(setting, admin);
    const by = { person: admin, place };
    const later = at + Math.floor(dial(setting, MINUTE_MS, 4 * HOUR_MS));
    const grants = "PermissionGrantPolicyIdsAssignedToDefaultUserRole";
    const beats = [
      once(at - 3 * MINUTE_MS, (rng, now) =>
        userSignIn(company, rng, now, admin, true, {
          app: FIRST_PARTY.azurePortal,
          place,
          isUnmanaged: true,
        }),
      ),
      once(at, (rng, now) =>
        policyUpdated(
          company,
          rng,
          now,
          by,
          "Update authorization policy",
          "Authorization Policy",
          [
            property(
              grants,
              "[]",
              stealth < 0.6
                ? '["ManagePermissionGrantsForSelf.microsoft-user-default-legacy"]'
                : '["ManagePermissionGrantsForSelf.microsoft-user-default-low"]',
            ),
          ],
        ),
      ),
    ];
    if (stealth < 0.8) {
      beats.push(
        once(later, (rng, now) =>
          policyUpdated(company, rng, now, by, "Update policy", "Consent Policy Settings", [
            property("BlockUserConsentForRiskyApps", "true", "false"),
          ]),
        ),
      );
    }
    return played(setting, { subjects: [byPerson(admin)] }, beats);
  },
};

/** What is not written down cannot be found: the audit log is switched off, or one account is left out of it. */
const impairedLogging: Scenario = {
  id: "ms-audit-impaired",
  title: "An administrator's stolen account blinds the audit log",
  platform: "microsoft",
  attackType: "backdoor",
  techniques: ["T75"],
  stage: (setting) => {
    const { company, stealth } = setting;
    const admin = takeAdmin(setting);
    const at = whenever(setting, dayOf(setting), admin.office);
    const place = strangersLine(setting, admin);
    const called = (
      name: string,
      object: string,
      parameters: Readonly<Record<string, string>>,
      afterMs: number,
    ): Beat =>
      once(at + afterMs, (rng, now) =>
        cmdlet(company, rng, now, admin, { name, place, object, parameters }),
      );
    const beats = [
      once(at - 2 * MINUTE_MS, (rng, now) =>
        userSignIn(company, rng, now, admin, true, {
          app: FIRST_PARTY.azurePortal,
          place,
          isUnmanaged: true,
        }),
      ),
      called(
        "Set-MailboxAuditBypassAssociation",
        admin.email,
        { Identity: admin.email, AuditBypassEnabled: "True" },
        0,
      ),
    ];
    if (stealth < 0.7) {
      beats.push(
        called(
          "Set-Mailbox",
          admin.email,
          { Identity: admin.email, AuditEnabled: "False" },
          70_000,
        ),
      );
    }
    if (stealth < 0.4) {
      beats.push(
        called(
          "Set-AdminAuditLogConfig",
          "Admin Audit Log Settings",
          { UnifiedAuditLogIngestionEnabled: "False" },
          150_000,
        ),
      );
    }
    return played(setting, { subjects: [byPerson(admin)] }, beats);
  },
};

export const privilegeAttacks: readonly Scenario[] = [
  directoryRole,
  selfEscalation,
  openedRegistration,
  everyMailbox,
  weakenedConsent,
  impairedLogging,
];

function isOwnApp({ means, handle, app }: Member): boolean {
  return means === "app" && handle.vendor === null && app.roles.length > 0;
}

/** The new rights are tried, from the intruder's machines. */
function afterwards(
  setting: Setting,
  member: Member,
  at: number,
  beginning: readonly Beat[],
  gained: { readonly by: readonly string[] } = { by: [] },
) {
  const { company, rng } = setting;
  const app = { ...member.app, roles: [...member.app.roles, ...gained.by] };
  const place: Place = intruder(setting, homeOf(member, rng));
  const moments = campaign(setting, {
    from: at + Math.floor(dial(setting, 8 * MINUTE_MS, 6 * HOUR_MS)),
    office: member.owner.office,
    blatant: Math.max(180, member.perDay * 6),
    stealthy: Math.max(18, member.perDay),
    days: 4,
  });
  const keyId = stableGuid(`${company.seed} ${setting.id} other key`);
  return played(setting, { subjects: [byAutomation(member.nativeId)] }, [
    ...beginning,
    ...each(tokenMoments(moments), (draws, now) =>
      appSignIn(company, draws, now, { app, place, ...(setting.stealth < 0.5 ? { keyId } : {}) }),
    ),
    ...each(moments, (draws, now) => {
      const call = draws.chance(0.3)
        ? tried(company, draws, app)
        : { uri: opened(company, draws, app), isOpen: true };
      return graphCall(company, draws, now, {
        app,
        place,
        uri: call.uri,
        bytes: draws.int(5_000, 400_000),
        status: call.isOpen ? 200 : 403,
      });
    }),
  ]);
}
