/** Attacks on apps that are already trusted: a secret, a certificate, a foreign issuer, an owner put on them. */

import { HOUR_MS, MINUTE_MS } from "#base/time.ts";
import type { Member } from "#simulator/microsoft/member.ts";
import { opened } from "#simulator/microsoft/reach.ts";
import type { Place } from "#simulator/microsoft/records/common.ts";
import {
  type Author,
  federationAdded,
  keyAdded,
  ownerAdded,
  principalKeyAdded,
} from "#simulator/microsoft/records/directory.ts";
import { graphCall } from "#simulator/microsoft/records/graph.ts";
import { appSignIn } from "#simulator/microsoft/records/sign-in.ts";
import { mailRead } from "#simulator/microsoft/records/unified.ts";
import {
  type Beat,
  byAutomation,
  campaign,
  dayOf,
  dial,
  each,
  homeOf,
  intruder,
  newKeyId,
  once,
  played,
  someAdmin,
  strangersLine,
  takeMember,
  takeUser,
  tokenMoments,
  whenever,
} from "#simulator/microsoft/scene.ts";
import type { Scenario, Setting } from "#simulator/stage.ts";

/** A second secret works beside the first: nothing breaks, and the app's rights are the intruder's. */
const secretThenMail: Scenario = {
  id: "ms-secret-then-mail",
  title: "A stranger adds a secret to a trusted app, and with it all mailboxes are read",
  platform: "microsoft",
  attackType: "backdoor",
  techniques: ["T11", "T13", "T30"],
  stage: (setting) => {
    const member = takeMember(setting, isPowerful);
    if (member === null) return null;
    const admin = someAdmin(setting);
    const at = whenever(setting, dayOf(setting), admin.office);
    const by = { person: admin, place: strangersLine(setting, admin) };
    const keyId = newKeyId(setting);
    const label = setting.stealth < 0.5 ? "sync" : "renewed 2026";
    const key = { keyId, type: "Password", label, isBeside: true } as const;
    const start = once(at, (rng, now) => keyAdded(setting.company, rng, now, by, member.app, key));
    return misuse(setting, member, at, [start], keyId, "clientSecret");
  },
};

/** With a federated credential no secret exists that could be found: whoever runs the issuer is the app. */
const foreignIssuer: Scenario = {
  id: "ms-foreign-issuer",
  title: "A trusted app is made to trust tokens of a foreign issuer",
  platform: "microsoft",
  attackType: "backdoor",
  techniques: ["T12", "T13"],
  stage: (setting) => {
    const member = takeMember(setting, isPowerful);
    if (member === null) return null;
    const admin = someAdmin(setting);
    const at = whenever(setting, dayOf(setting), admin.office);
    const by = { person: admin, place: strangersLine(setting, admin) };
    const issuer =
      setting.stealth < 0.5
        ? `https://oidc.${setting.rng.pick(["key-relay", "idp-bridge"])}.example`
        : "https://token.actions.githubusercontent.com";
    const start = once(at, (rng, now) =>
      federationAdded(
        setting.company,
        rng,
        now,
        by,
        member.app,
        issuer,
        "repo:northgate-tools/deploy:ref:refs/heads/main",
      ),
    );
    return misuse(setting, member, at, [start], newKeyId(setting), "federatedIdentityCredential");
  },
};

/** Owners may set secrets without any directory role: ownership first, the secret after it. */
const ownerThenSecret: Scenario = {
  id: "ms-owner-then-secret",
  title: "Somebody is made owner of a strong app and gives it a secret",
  platform: "microsoft",
  attackType: "privilege_escalation",
  techniques: ["T14", "T11"],
  stage: (setting) => {
    const member = takeMember(setting, isPowerful);
    if (member === null) return null;
    const admin = someAdmin(setting);
    const owner = takeUser(setting);
    const { company } = setting;
    const at = whenever(setting, dayOf(setting), admin.office);
    const secretAt = at + Math.floor(dial(setting, 9 * MINUTE_MS, 26 * HOUR_MS));
    const keyId = newKeyId(setting);
    const key = { keyId, type: "Password", label: "ci", isBeside: true } as const;
    const asAdmin = { person: admin, place: strangersLine(setting, admin) };
    const asOwner = { person: owner, place: strangersLine(setting, owner) };
    return misuse(
      setting,
      member,
      secretAt,
      [
        once(at, (rng, now) => ownerAdded(company, rng, now, asAdmin, member.app, owner)),
        once(secretAt, (rng, now) => keyAdded(company, rng, now, asOwner, member.app, key)),
      ],
      keyId,
      "clientSecret",
    );
  },
};

/** A certificate on the service principal of a vendor's app never shows at the vendor's registration. */
const vendorCertificate: Scenario = {
  id: "ms-vendor-certificate",
  title: "A certificate is put on the service principal of a vendor's app",
  platform: "microsoft",
  attackType: "backdoor",
  techniques: ["T11", "T24"],
  stage: (setting) => {
    const member = takeMember(
      setting,
      ({ means, handle, app }) => means === "app" && handle.vendor !== null && app.roles.length > 0,
    );
    if (member === null) return null;
    const admin = someAdmin(setting);
    const at = whenever(setting, dayOf(setting), admin.office);
    const by: Author = { person: admin, place: strangersLine(setting, admin) };
    const keyId = newKeyId(setting);
    const key = { keyId, type: "AsymmetricX509Cert", label: "CN=sso", isBeside: true } as const;
    const start = once(at, (rng, now) =>
      principalKeyAdded(setting.company, rng, now, by, member.app, key),
    );
    return misuse(setting, member, at, [start], keyId, "certificate");
  },
};

export const credentialAttacks: readonly Scenario[] = [
  secretThenMail,
  foreignIssuer,
  ownerThenSecret,
  vendorCertificate,
];

function isPowerful({ means, handle, app, perDay }: Member): boolean {
  return (
    means === "app" &&
    perDay > 0.3 &&
    handle.vendor === null &&
    app.roles.some((role) =>
      /^(Mail|Files|Sites|Directory|User\.ReadWrite|Group\.ReadWrite)/.test(role),
    )
  );
}

/** Within three days after the key the app's rights are used from elsewhere, on whatever they open. */
function misuse(
  setting: Setting,
  member: Member,
  keyAt: number,
  beginning: readonly Beat[],
  keyId: string,
  credential: string,
) {
  const { company, rng } = setting;
  const { app } = member;
  const home = homeOf(member, rng);
  const place = intruder(setting, home);
  const from = keyAt + Math.floor(dial(setting, 14 * MINUTE_MS, 18 * HOUR_MS));
  const moments = campaign(setting, {
    from,
    office: member.owner.office,
    blatant: Math.max(300, member.perDay * 12),
    stealthy: Math.max(30, member.perDay * 2),
    days: 3,
  });
  return played(setting, { subjects: [byAutomation(member.nativeId)] }, [
    ...beginning,
    ...each(tokenMoments(moments), (draws, at) =>
      appSignIn(company, draws, at, {
        app,
        place,
        keyId,
        credential,
        resource: member.trade.resource,
      }),
    ),
    ...each(moments, (draws, at) => readAll(setting, member, place, draws, at)),
  ]);
}

function readAll(
  { company }: Setting,
  member: Member,
  place: Place,
  rng: Setting["rng"],
  at: number,
) {
  const { app } = member;
  if (app.roles.some((role) => role.startsWith("Mail.")) && rng.chance(0.3)) {
    const box = rng.pick(company.people);
    return mailRead(company, rng, at, app, { place, via: null, items: rng.int(2, 15), box });
  }
  const uri = opened(company, rng, app);
  return graphCall(company, rng, at, { app, place, uri, bytes: rng.int(40_000, 800_000) });
}
