/** Whether a change of a setting loosened or tightened what the tenant allows, judged by its values. */

import { bool, isObject, type Raw, text } from "#base/raw.ts";
import { type Change, change } from "#contract/event.ts";
import { type DirectoryRecord, items, single, unwrap } from "./directory-record.ts";

/** Settings that loosen something when they become true. */
const LOOSE_WHEN_TRUE =
  /^(allow|isenabled.*consent|enable(user|group).*consent|usersCan|.*AllowedToCreate(Apps|Tenants)|.*RiskyApps|.*UserConsent|AutoForwardEnabled|AllowAnonymous|AllowGuest|AllowFederated|AllowPublic|AllowSideloading|AllowUserRequests)/i;
/** Settings that loosen something when they become false. */
const LOOSE_WHEN_FALSE =
  /^(block|require|.*Restrict|.*Enforc|.*Protect|AdminConsentWorkflow|EnableAdminConsentRequests|.*MfaEnabled|IsEnabled|SecurityDefaults|.*Audit)/i;

/** The change that an update of a policy object is; null where its record tells nothing of its content. */
export function policyChange(record: DirectoryRecord, key: string): Change | null {
  const name = record.targets.find((target) => target.name !== null)?.name ?? null;
  const detail = text([name, key].filter((part) => part !== null).join(": "), 1_024);
  if (/^(delete|remove) .*(policy|location|role management)/.test(key)) {
    return change("policy_relaxed", { detail });
  }
  if (/^add (conditional access )?policy/.test(key)) return change("policy_tightened", { detail });
  const direction = directionOf(record);
  const kind =
    direction === null ? "updated" : direction.loosens ? "policy_relaxed" : "policy_tightened";
  const why = direction?.setting ?? [...record.properties.keys()].slice(0, 8).join(", ");
  return change(kind, { detail: text([detail, why].filter((part) => part).join(": "), 1_024) });
}

interface Direction {
  loosens: boolean;
  setting: string;
}

function directionOf(record: DirectoryRecord): Direction | null {
  let found: Direction | null = null;
  for (const [name, property] of record.properties) {
    const judged = isConditionalAccess(property.before, property.after)
      ? conditionalAccess(policyOf(property.before), policyOf(property.after))
      : setting(name, single(property.before), single(property.after));
    if (judged?.loosens === true) return judged;
    found ??= judged;
  }
  return found;
}

/** One named setting by its old and new value. */
export function setting(name: string, old: string | null, now: string | null): Direction | null {
  if (old === now || now === null) return null;
  if (/PermissionGrantPolic/i.test(name)) {
    // Users may consent when such a policy is assigned to them; "legacy" lets them consent to anything.
    const rank = (value: string | null): number =>
      value === null || !/ManagePermissionGrantsForSelf/i.test(value)
        ? 0
        : /legacy/i.test(value)
          ? 2
          : 1;
    if (rank(now) === rank(old)) return null;
    return { loosens: rank(now) > rank(old), setting: `${name} is now ${now}` };
  }
  if (/AllowInvitesFrom/i.test(name)) {
    return { loosens: /everyone/i.test(now), setting: `${name} is now ${now}` };
  }
  const value = bool(now);
  if (value === null) return null;
  const told = `${name} is now ${now}`;
  // "Block…" is tested first: BlockUserConsentForRiskyApps holds both words.
  if (LOOSE_WHEN_FALSE.test(name)) return { loosens: !value, setting: told };
  if (LOOSE_WHEN_TRUE.test(name)) return { loosens: value, setting: told };
  return null;
}

function isConditionalAccess(old: unknown, now: unknown): boolean {
  const looks = (value: unknown): boolean =>
    typeof value === "string" &&
    /conditions|grantControls|"?Controls"?/i.test(value) &&
    /state/i.test(value);
  return looks(old) || looks(now);
}

interface Policy {
  isOn: boolean;
  controls: ReadonlySet<string>;
  exclusions: number;
}

/** A conditional access policy in Graph's words, or in those of the directory's own PolicyDetail. */
function policyOf(value: unknown): Policy | null {
  let found: unknown = items(value)[0];
  if (typeof found === "string") found = unwrap(found);
  if (!isObject(found)) return null;
  const controls = new Set<string>();
  const state = text(found.state ?? found.State, 64)?.toLowerCase() ?? "";
  const grant = found.grantControls;
  if (isObject(grant)) {
    for (const control of items(grant.builtInControls)) controls.add(String(control).toLowerCase());
    if (isObject(grant.authenticationStrength)) controls.add("authenticationstrength");
  }
  for (const control of items(found.Controls)) {
    if (isObject(control))
      for (const one of items(control.Control)) controls.add(String(one).toLowerCase());
  }
  return { isOn: state === "enabled", controls, exclusions: exclusionsOf(found, 0) };
}

function exclusionsOf(value: Raw, depth: number): number {
  let count = 0;
  if (depth > 4) return 0;
  for (const name of Object.keys(value)) {
    const inner = value[name];
    if (/^exclude/i.test(name) && Array.isArray(inner)) count += inner.length;
    else if (isObject(inner)) count += exclusionsOf(inner, depth + 1);
  }
  return count;
}

function conditionalAccess(old: Policy | null, now: Policy | null): Direction | null {
  if (old === null || now === null) return null;
  if (old.isOn !== now.isOn) {
    return {
      loosens: old.isOn,
      setting: now.isOn ? "switched on" : "switched off or to report only",
    };
  }
  const lost = [...old.controls].filter((control) => !now.controls.has(control));
  if (lost.length > 0) return { loosens: true, setting: `no longer asks for ${lost.join(", ")}` };
  const won = [...now.controls].filter((control) => !old.controls.has(control));
  if (won.length > 0) return { loosens: false, setting: `now asks for ${won.join(", ")}` };
  if (old.exclusions !== now.exclusions) {
    return {
      loosens: now.exclusions > old.exclusions,
      setting: `${now.exclusions} exclusions, before ${old.exclusions}`,
    };
  }
  return null;
}
