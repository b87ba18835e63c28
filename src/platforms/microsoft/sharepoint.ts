/** SharePoint and OneDrive: files read, taken, shared and published, and searches. */

import { isObject, list, number, type Raw, text } from "#base/raw.ts";
import { holdsKey, isSensitiveSearch } from "#catalog/terms.ts";
import { type AuditEvent, type Change, change, isOutward, withTraits } from "#contract/event.ts";
import { bytesOf, countOf, entry } from "./ids.ts";
import { setting } from "./policy.ts";

export function sharepoint(event: AuditEvent, raw: Raw): void {
  const id = text(raw.ObjectId ?? raw.OfficeObjectId ?? raw.SiteUrl ?? raw.Site_Url, 512);
  const type = text(raw.ItemType, 64)?.toLowerCase() ?? "item";
  if (id !== null) event.target = { type, id, name: text(raw.SourceFileName, 512) };
  event.bytes = bytesOf(number(raw.FileSizeBytes ?? raw.FileSyncBytesCommitted));
  event.count = countOf(number(raw.OperationCount));
  const isSearch = event.action.startsWith("SearchQuery");
  const query = isSearch ? text(raw.QueryText ?? raw.SearchQueryText, 512) : null;
  if (query !== null) event.target = { type: "search", id: query, name: null };
  event.change = changeOf(event, raw);
  event.traits = withTraits(event, {
    labelled: text(raw.SensitivityLabelId ?? raw.SensitivityLabelIds, 64) !== null,
    sensitive_terms: isSensitiveSearch(query),
    secret: holdsKey(query),
    outside: isOutward(event.change),
  });
}

function changeOf(event: AuditEvent, raw: Raw): Change | null {
  const whom = text(raw.TargetUserOrGroupName, 512)?.toLowerCase() ?? null;
  const whomType = text(raw.TargetUserOrGroupType, 64) ?? "";
  switch (event.action) {
    case "AnonymousLinkCreated":
    case "AnonymousLinkUpdated":
      return change("made_public", { detail: detailOf(raw) });
    case "SharingSet":
    case "SharingInvitationCreated":
    case "SharingInvitationUpdated":
    case "AddedToSecureLink":
    case "AddedToSharingLink":
    case "SecureLinkCreated":
    case "SecureLinkUpdated":
    case "AddedToGroup":
      return isOutside(whom, whomType)
        ? change("shared_externally", { destination: whom, detail: detailOf(raw) })
        : null;
    case "SiteCollectionAdminAdded":
      return change("role_assigned", { principal: whom, detail: "site collection administrator" });
    case "SiteCollectionAdminRemoved":
      return change("role_removed", { principal: whom, detail: "site collection administrator" });
    case "FileMalwareDetected":
      return change("flagged_by_vendor", { detail: text(raw.VirusInfo ?? event.action, 1_024) });
    case "AppPermissionsGranted":
    case "AppPermissionGranted":
      return change("granted", { consent: "admin", detail: detailOf(raw) });
    default:
      return event.class === "policy" || /Sharing(Policy|Capability)/.test(event.action)
        ? policy(raw)
        : null;
  }
}

/** The guest type, or a guest's principal name. */
function isOutside(whom: string | null, type: string): boolean {
  return /^(guest|external|anonymous|partner)/i.test(type) || whom?.includes("#ext#") === true;
}

/** `<Type>Edit</Type>` and its like, without the angle brackets. */
function detailOf(raw: Raw): string | null {
  const written = text(raw.EventData, 1_024);
  return text(written?.replace(/<\/[^>]*>/g, "; ").replace(/<([^>]*)>/g, "$1 "), 1_024);
}

function policy(raw: Raw): Change | null {
  for (const item of list(raw.ModifiedProperties).slice(0, 64)) {
    if (!isObject(item)) continue;
    const name = text(item.Name, 128) ?? "";
    const old = text(item.OldValue, 256);
    const now = text(item.NewValue, 256);
    const told = `${name} is now ${now}`;
    if (/SharingCapability/i.test(name) && old !== now) {
      const rank = (value: string | null): number =>
        /Disabled/i.test(value ?? "")
          ? 0
          : /Existing/i.test(value ?? "")
            ? 1
            : /Guest/i.test(value ?? "")
              ? 3
              : 2;
      return change(rank(now) > rank(old) ? "policy_relaxed" : "policy_tightened", {
        detail: told,
      });
    }
    const judged = setting(name, old, now);
    if (judged !== null)
      return change(judged.loosens ? "policy_relaxed" : "policy_tightened", { detail: told });
  }
  return entry(raw.ModifiedProperties, "Name") === undefined ? null : change("updated");
}
