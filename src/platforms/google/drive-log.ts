/** The Drive log: what was opened, copied, given away or put out, and through which application. */

import { isObject, text } from "#base/raw.ts";
import { isSensitiveSearch } from "#catalog/terms.ts";
import type { AutomationRef } from "#contract/automation.ts";
import { type Actor, type Change, change, isOutward, type Target } from "#contract/event.ts";
import { classify } from "./actions.ts";
import type { Activity, Entry } from "./activity.ts";
import { all, lower, type Params, param } from "./params.ts";
import { isOutside, type Reader, targetOf } from "./reading.ts";
import { projectRef, scriptRef } from "./refs.ts";

/** Audiences that nobody has to be named for. */
const PUBLIC: ReadonlySet<string> = new Set(["people_with_link", "public_on_the_web"]);

/** Audiences inside the organization: whoever is named beside them gets nothing that colleagues lack. */
const DOMAIN_ONLY: ReadonlySet<string> = new Set([
  "people_within_domain",
  "people_within_domain_with_link",
]);

/** Rights that are none; a change to them takes access away. */
const NO_ACCESS: ReadonlySet<string> = new Set(["none", "private", "removed"]);

export const driveLog: Reader = (entry, activity, actor) => {
  const { name, params } = entry;
  const title = param(params, "doc_title");
  const type = param(params, "doc_type") ?? "file";
  const id = param(params, "doc_id") ?? title;
  const made = changeOf(entry, activity, actor);
  const reading = {
    class: made?.kind === "made_public" && name !== SCOPE_EVENT ? "publish" : classOf(entry),
    target: targetOf(type, id, title) ?? firstResource(entry),
    change: made,
    subject: type === "script" ? scriptRef(id, title) : null,
    traits: {
      external_content: isOthers(params, activity, actor),
      labelled: name === "sensitive_data_transfer",
      sensitive_terms: isSensitiveSearch(param(params, "search_query", "query")),
      outside: made !== null && isOutward(made),
    },
  } satisfies ReturnType<Reader>;
  const via = actingApp(entry, id, title);
  if (name === "access_url") {
    const url = param(params, "accessed_url", "url", "target_url");
    return { ...reading, automation: via, target: targetOf("url", url) ?? reading.target };
  }
  return via === null ? reading : { ...reading, automation: via };
};

/** Whether the file belongs to somebody outside, or was copied in from there. */
function isOthers(params: Params, activity: Activity, actor: Actor): boolean {
  const owner = lower(param(params, "owner"));
  if (param(params, "owner_is_shared_drive", "owner_is_team_drive") === "true") return false;
  return owner?.includes("@") === true && isOutside(owner, activity, actor) === true;
}

/** Sharing by link is logged twice, as its visibility and as its access scope; only the first counts as publishing. */
const SCOPE_EVENT = "change_document_access_scope";

function classOf({ name, params }: Entry): ReturnType<typeof classify> {
  const found = classify(name);
  return found === "share" && isTakenAway(params) ? "edit" : found;
}

function isTakenAway(params: Params): boolean {
  const values = all(params, "new_value", 8);
  return values.length > 0 && values.every((value) => NO_ACCESS.has(value));
}

/** Searches and other newer events name what they touched beside the parameters. */
function firstResource(entry: Entry): Target | null {
  const first = entry.resources[0];
  if (!isObject(first)) return targetOf("file", text(first, 512));
  return targetOf("file", text(first.id, 512), text(first.title, 512));
}

/** A script that reached out, else the Cloud project of the application that called Drive for the person. */
function actingApp(entry: Entry, id: string | null, title: string | null): AutomationRef | null {
  if (entry.name === "access_url") return scriptRef(param(entry.params, "script_id") ?? id, title);
  const project = entry.params.get("originating_app_id");
  return project === undefined ? null : projectRef(project);
}

function changeOf(entry: Entry, activity: Activity, actor: Actor): Change | null {
  const { name, params } = entry;
  switch (name) {
    case "change_document_visibility":
    case SCOPE_EVENT:
    case "publish_change":
    case "change_user_access":
    case "change_acl_editors":
    case "shared_drive_membership_change":
    case "team_drive_membership_change":
      return isTakenAway(params) ? null : sharedOut(name, params, activity, actor);
    case "change_owner": {
      const owner = lower(param(params, "new_owner"));
      return isOutside(owner?.includes("@") ? owner : null, activity, actor) === true
        ? change("shared_externally", { destination: owner, detail: "new owner" })
        : null;
    }
    case "source_copy":
      return isExternalCopy(params)
        ? change("shared_externally", {
            destination: lower(param(params, "target_user", "new_owner", "target_domain")),
            detail: "copied out of the organization",
          })
        : null;
    case "copy":
      // What a copy from outside brings in may carry somebody else's script.
      return isExternalCopy(params)
        ? change("created", { detail: "copied in from outside the organization" })
        : null;
    case "create_script_trigger":
      return change("scheduled", {
        detail: `script trigger ${param(params, "trigger_type", "trigger_source") ?? "added"}`,
      });
    case "shared_drive_settings_change":
      return change("updated", { detail: param(params, "shared_drive_settings_change_type") });
    default:
      return null;
  }
}

function isExternalCopy(params: Params): boolean {
  return lower(param(params, "copy_type"))?.includes("external") === true;
}

function sharedOut(name: string, params: Params, activity: Activity, actor: Actor): Change | null {
  const visibility = param(params, "visibility");
  const audience =
    name === "publish_change"
      ? param(params, "new_publish_visibility", "visibility")
      : (all(params, "new_value", 8).find((value) => PUBLIC.has(value)) ?? visibility);
  const whom = lower(param(params, "target_user", "target"));
  const domain = lower(param(params, "target_domain"));
  const isForAll = domain === "all" || (whom === null && domain === null);
  const isWidened = param(params, "visibility_change") === "external";
  const was = param(params, "old_visibility");
  const isNew = was === null || !PUBLIC.has(was) || isWidened;
  if (audience !== null && PUBLIC.has(audience) && isForAll && isNew) {
    return change("made_public", { destination: audience, detail: rightsOf(params) });
  }
  const rights = all(params, "new_value", 8);
  if (rights.length > 0 && rights.every((right) => DOMAIN_ONLY.has(right))) return null;
  const to = whom ?? (domain === "all" ? null : domain);
  const isAway = isOutside(to, activity, actor) === true;
  if (to === null || !(isWidened || (visibility === "shared_externally" && isAway))) return null;
  return change("shared_externally", { destination: to, detail: rightsOf(params) });
}

/** What the new audience may do: can_edit, can_view … */
function rightsOf(params: Params): string | null {
  return text(all(params, "new_value", 8).join(" "));
}
