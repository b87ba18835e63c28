/** Entra's records in the unified audit log: directory changes as the directory log tells them too, and sign-ins. */

import { isObject, list, nested, type Raw, text } from "#base/raw.ts";
import { type AuditEvent, withTraits } from "#contract/event.ts";
import { directoryEvents } from "./directory-change.ts";
import {
  actionOf,
  asObject,
  type DirectoryProperty,
  type DirectoryTarget,
  readProperties,
} from "./directory-record.ts";
import { appActor, appRef, entry, firstId, idOf, isGuid, userActor } from "./ids.ts";
import { unifiedBase } from "./unified-base.ts";

export function unifiedDirectory(raw: Raw, service: string): AuditEvent[] {
  const operation = actionOf(raw.Operation);
  if (isSignIn(raw, operation)) return [signIn(raw, service, operation)];
  const base = unifiedBase(raw, service);
  const extended = raw.ExtendedProperties;
  const details = asObject(entry(extended, "additionalDetails"));
  const by = identity(raw.Actor);
  const to = identity(raw.Target);
  const isAppActor =
    by.marker === "ServicePrincipal" || (by.upn === null && by.appObjectId !== null);
  const userId = text(raw.UserId, 320);
  const isUserIdApp = userId?.startsWith("ServicePrincipal_") === true;
  const automation = appRef(
    "oauth_app",
    firstId(by.appId, entry(extended, "actorAppID"), raw.AppId),
    isAppActor || isUserIdApp ? firstId(by.appObjectId, userId?.slice(17)) : null,
    { name: isAppActor || isUserIdApp ? by.name : null },
  );
  const properties = new Map<string, DirectoryProperty>();
  readProperties(raw.ModifiedProperties, properties);
  const target: DirectoryTarget = {
    type: to.marker ?? text(entry(extended, "extendedAuditEventCategory"), 64) ?? "",
    id: to.objectId ?? idOf(raw.ObjectId),
    name: to.name,
    upn: to.upn,
    appId:
      to.marker === null || /^(ServicePrincipal|Application)$/.test(to.marker) ? to.appId : null,
  };
  return directoryEvents({
    service,
    id: base.id,
    at: base.at,
    action: operation,
    actor:
      isAppActor || isUserIdApp
        ? appActor(automation, idOf(userId))
        : base.actor.kind === "person"
          ? userActor(by.upn ?? userId, by.objectId, null)
          : base.actor,
    automation,
    client: {
      ip: base.client.ip,
      asn: null,
      country: null,
      userAgent: text(details["User-Agent"], 512),
    },
    outcome: base.outcome,
    targets: [target],
    properties,
    appId: idOf(details.AppId),
  });
}

interface Identity {
  /** User, ServicePrincipal, Application, Group … as an entry of type 2 spells it. */
  marker: string | null;
  objectId: string | null;
  /** Object id where the identity is a service principal. */
  appObjectId: string | null;
  appId: string | null;
  name: string | null;
  upn: string | null;
}

/**
 * `Actor` and `Target` are lists of {ID, Type}: type 1 the name, 2 ids and the kind of object, 3 the PUID, 4 the
 * service principal's names, 5 the user's principal name. A GUID that is not the object's own id is an app's client id:
 * the target's, or that of the client through which the actor came.
 */
function identity(value: unknown): Identity {
  const found: Identity = {
    marker: null,
    objectId: null,
    appObjectId: null,
    appId: null,
    name: null,
    upn: null,
  };
  const guids: string[] = [];
  for (const item of list(typeof value === "string" ? nested(value) : value).slice(0, 32)) {
    if (!isObject(item)) continue;
    const id = text(item.ID ?? item.Id, 512);
    if (id === null) continue;
    const type = Number(item.Type);
    if (type === 1) found.name ??= id;
    else if (type === 5) found.upn ??= id;
    else if (type === 3) continue;
    else if (type === 4)
      guids.push(
        ...id
          .toLowerCase()
          .split(/[;,\s]+/, 16)
          .filter(isGuid),
      );
    else if (isGuid(id)) guids.push(id.toLowerCase());
    else readMarker(id, found);
  }
  found.objectId ??= guids[0] ?? null;
  if (found.marker === "ServicePrincipal") found.appObjectId ??= found.objectId;
  found.appId = guids.find((guid) => guid !== found.objectId) ?? null;
  return found;
}

/** Kinds of object whose id may be no GUID in anonymised exports. */
const OBJECTS: ReadonlySet<string> = new Set([
  "User",
  "ServicePrincipal",
  "Application",
  "Group",
  "Role",
  "Policy",
]);

/** `User_<object id>` or the bare word `User`. */
function readMarker(id: string, found: Identity): void {
  const cut = id.lastIndexOf("_");
  const guid = id.slice(cut + 1);
  if (cut > 0 && (isGuid(guid) || OBJECTS.has(id.slice(0, cut)))) {
    found.marker = id.slice(0, Math.min(cut, 64));
    found.objectId = guid.toLowerCase();
    if (found.marker === "ServicePrincipal") found.appObjectId = found.objectId;
  } else {
    found.marker ??= id.slice(0, 64);
  }
}

function isSignIn(raw: Raw, operation: string): boolean {
  const type = Number(raw.RecordType);
  return (
    type === 9 || type === 15 || operation === "UserLoggedIn" || operation === "UserLoginFailed"
  );
}

function signIn(raw: Raw, service: string, operation: string): AuditEvent {
  const event = unifiedBase(raw, service);
  event.action = operation;
  event.class = "sign_in";
  const resource = text(raw.ObjectId, 512);
  if (resource !== null) event.target = { type: "resource", id: resource, name: null };
  event.client = {
    ...event.client,
    userAgent: text(entry(raw.ExtendedProperties, "UserAgent"), 512) ?? event.client.userAgent,
  };
  const request = text(entry(raw.ExtendedProperties, "RequestType"), 64) ?? "";
  event.traits = withTraits(event, {
    auth_code: /^OAuth2:(Authorize|Token)$/i.test(request),
    device_code: /device ?code/i.test(request),
  });
  const error = text(raw.ErrorNumber, 32);
  if (operation === "UserLoginFailed" || (error !== null && error !== "0"))
    event.outcome = "failure";
  return event;
}
