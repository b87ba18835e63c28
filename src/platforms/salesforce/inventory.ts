/** Salesforce queries of connected apps, their tokens and users, to facts. */

import { hostsOf } from "#base/host.ts";
import { bool, firstText, object, type Raw, text } from "#base/raw.ts";
import { parseTime } from "#base/time.ts";
import { automationFact, automationRef, otherFact, type StateFact } from "#contract/automation.ts";
import { idAliases } from "./common.ts";

const SERVICES: ReadonlyMap<string, string> = new Map([
  ["ConnectedApplication", "salesforce:connected_application"],
  ["OauthToken", "salesforce:oauth_token"],
  ["OAuthToken", "salesforce:oauth_token"],
  ["User", "salesforce:user"],
]);

/** Every row of a query says its object in `attributes.type`. */
export function stateService(raw: Raw): string | null {
  const { type, url } = object(raw.attributes);
  if (typeof type !== "string" || typeof url !== "string") return null;
  return url.startsWith("/services/data/") ? (SERVICES.get(type) ?? null) : null;
}

export function inventory(raw: Raw, service: string): StateFact[] {
  switch (service) {
    case "salesforce:connected_application":
      return connectedApp(raw, service);
    case "salesforce:oauth_token":
      return oauthToken(raw, service);
    case "salesforce:user":
      return person(raw, service);
    default:
      return otherFact("salesforce", service);
  }
}

/** Setup logs know an app by name, API logs by id: the name is an alias. */
function connectedApp(raw: Raw, service: string): StateFact[] {
  const id = text(raw.Id, 512);
  if (id === null) return otherFact("salesforce", service);
  const name = text(raw.Name, 512);
  return [
    automationFact(
      "salesforce",
      service,
      automationRef("oauth_app", id, {
        name,
        aliases: name === null || name === id ? idAliases(id) : [...idAliases(id), name],
        domains: hostsOf([raw.StartUrl, raw.MobileStartUrl]),
      }),
      { createdAt: parseTime(raw.CreatedDate) },
    ),
  ];
}

/** One token of one user: the grant. Its id is a secret's handle and no id of the app; the app is known by menu item or name. */
function oauthToken(raw: Raw, service: string): StateFact[] {
  const name = text(raw.AppName, 512);
  const native = name ?? text(raw.AppMenuItemId, 512);
  if (native === null) return otherFact("salesforce", service);
  const user = object(raw.User);
  const principal = text(user.Username, 256)?.toLowerCase() ?? text(raw.UserId, 512);
  return [
    automationFact("salesforce", service, automationRef("oauth_app", native, { name }), {
      grants: [
        {
          principal,
          scopes: [],
          consent: "user",
          grantedBy: principal,
          at: parseTime(raw.CreatedDate),
        },
      ],
      lastUsedAt: parseTime(raw.LastUsedDate),
    }),
  ];
}

/** Integration users are people to the API; their profile's name tells an administrator. */
function person(raw: Raw, service: string): StateFact[] {
  const id = text(raw.Id, 512);
  const login = text(raw.Username, 256)?.toLowerCase() ?? null;
  const principal = login ?? id;
  if (principal === null) return otherFact("salesforce", service);
  const profile = text(object(raw.Profile).Name, 256);
  const type = text(raw.UserType, 64);
  return [
    {
      type: "person",
      platform: "salesforce",
      service,
      id: principal,
      aliases: login === null || id === null ? [] : [id, ...idAliases(id)],
      name: text(firstText(raw.Name), 512),
      isAdmin: profile === null ? null : profile === "System Administrator",
      isGuest: type === null ? null : type !== "Standard",
      isActive: bool(raw.IsActive),
    },
  ];
}
