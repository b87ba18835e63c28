/** GitHub webhook deliveries to audit events: which event it is, who sent it, about what, and what changed. */

import { clip, isObject, list, object, type Raw, text } from "#base/raw.ts";
import { parseTime } from "#base/time.ts";
import { type AutomationRef, automationRef } from "#contract/automation.ts";
import {
  type ActionClass,
  type Actor,
  type AuditEvent,
  auditEvent,
  type Change,
  change,
  person,
  type Target,
  UNKNOWN_ACTOR,
} from "#contract/event.ts";
import {
  appRef,
  botRef,
  hookRef,
  keyRef,
  loginOf,
  permissionScopes,
  requestId,
  short,
  userActor,
  workflowFile,
  workflowRef,
} from "./identity.ts";

/** A delivery stored with its event header, or recognised by the objects that every delivery carries. */
export function isDelivery(raw: Raw): boolean {
  if (header(raw, "X-GitHub-Event") !== null) return true;
  const repository = raw.repository;
  if (isObject(repository) && typeof repository.full_name === "string") {
    return (
      typeof raw.action === "string" || isObject(raw.pusher) || isPush(raw) || isObject(raw.sender)
    );
  }
  if (typeof raw.action !== "string" || !isObject(raw.sender)) return false;
  const isBound =
    isObject(raw.organization) || isObject(raw.installation) || isObject(raw.enterprise);
  return isBound && typeof raw.sender.login === "string";
}

function isPush(raw: Raw): boolean {
  return (
    typeof raw.ref === "string" && (Array.isArray(raw.commits) || typeof raw.after === "string")
  );
}

function header(raw: Raw, name: string): string | null {
  return text(raw[name], 128) ?? text(raw[name.toLowerCase()], 128);
}

/** Objects that give a delivery without its header its event name; the first that is there wins. */
const SHAPES: readonly (readonly [string, string])[] = [
  ["workflow_job", "workflow_job"],
  ["workflow_run", "workflow_run"],
  ["personal_access_token_request", "personal_access_token_request"],
  ["deployment_status", "deployment_status"],
  ["workflow_dispatch", "workflow_dispatch"],
  ["check_run", "check_run"],
  ["check_suite", "check_suite"],
  ["review", "pull_request_review"],
  ["pull_request", "pull_request"],
  ["rule", "branch_protection_rule"],
  ["repository_ruleset", "repository_ruleset"],
  ["registry_package", "registry_package"],
  ["package", "package"],
  ["release", "release"],
  ["discussion", "discussion"],
  ["forkee", "fork"],
  ["hook", "meta"],
  ["key", "deploy_key"],
  ["marketplace_purchase", "marketplace_purchase"],
  ["security_advisory", "security_advisory"],
];

function eventOf(raw: Raw): string {
  const named = header(raw, "X-GitHub-Event");
  if (named !== null) return named;
  if (isObject(raw.comment))
    return isObject(raw.issue)
      ? "issue_comment"
      : isObject(raw.pull_request)
        ? "pull_request_review_comment"
        : "commit_comment";
  if (isObject(raw.alert)) return alertEvent(raw, raw.alert);
  for (const [key, event] of SHAPES) if (isObject(raw[key])) return event;
  if (isObject(raw.issue)) return "issues";
  if (isObject(raw.membership)) return isObject(raw.team) ? "membership" : "organization";
  if (isObject(raw.member)) return isObject(raw.team) ? "membership" : "member";
  if (isObject(raw.team)) return "team";
  if ("repositories_added" in raw || "repositories_removed" in raw)
    return "installation_repositories";
  const installation = object(raw.installation);
  if (text(installation.app_id) !== null && !isObject(raw.repository)) return "installation";
  if (text(raw.action) === null) return isPush(raw) || isObject(raw.pusher) ? "push" : "unknown";
  return REPOSITORY_ACTIONS.has(text(raw.action, 64) ?? "") ? "repository" : "";
}

const REPOSITORY_ACTIONS: ReadonlySet<string> = new Set([
  "archived",
  "created",
  "deleted",
  "privatized",
  "publicized",
  "renamed",
  "transferred",
  "unarchived",
  "push",
]);

function alertEvent(raw: Raw, alert: Raw): string {
  if ("secret_type" in alert || "locations_url" in alert) return "secret_scanning_alert";
  if ("rule" in alert || "tool" in alert) return "code_scanning_alert";
  return "dependency" in alert
    ? "dependabot_alert"
    : isObject(raw.repository)
      ? "repository_vulnerability_alert"
      : "alert";
}

export function webhook(raw: Raw): AuditEvent {
  const event = eventOf(raw);
  const doing = text(raw.action, 128);
  const isPushed = event === "repository" && doing === "push";
  const action = isPushed
    ? "push"
    : [event, doing].filter((part) => part !== null && part !== "").join(".") || "unknown";
  const name = isPushed ? "push" : event;
  const actor = actorOf(raw, name);
  const subject = subjectOf(raw, name);
  return auditEvent("github", "github:webhook", clip(action, 256), {
    id: header(raw, "X-GitHub-Delivery") ?? "",
    at: timeOf(raw, name, doing ?? ""),
    class: classOf(raw, name, doing ?? ""),
    actor,
    automation: automationOf(raw, name, actor),
    subject,
    target: targetOf(raw, name),
    client: { ip: null, asn: null, country: null, userAgent: null },
    outcome: outcomeOf(raw, name),
    change: changeOf(raw, name, doing ?? "", actor),
  });
}

/** The sender; a push without one names its pusher; a cut-down pull request its author. */
function actorOf(raw: Raw, event: string): Actor {
  if (isObject(raw.sender)) return userActor(raw.sender);
  if (isObject(raw.pusher)) {
    const { pusher } = raw;
    return person(text(pusher.email, 320), text(pusher.name, 256), {
      name: text(pusher.name, 256),
    });
  }
  const author = object(object(raw.pull_request).user);
  return event.startsWith("pull_request") ? userActor(author) : UNKNOWN_ACTOR;
}

/** A run is its workflow's doing, anything else the bot's that sent it. `installation` is only who receives the delivery. */
function automationOf(raw: Raw, event: string, actor: Actor): AutomationRef | null {
  if (event === "workflow_run" || event === "workflow_job") return runRef(raw);
  const via = object(object(raw.comment ?? raw.issue ?? raw.review).performed_via_github_app);
  if (text(via.id) !== null) return appOf(via);
  return actor.kind === "automation" ? botRef(actor.id) : null;
}

function runRef(raw: Raw): AutomationRef | null {
  const run = object(raw.workflow_run ?? raw.workflow_job);
  const workflow = object(raw.workflow);
  const repository = text(object(raw.repository).full_name, 256);
  const path = workflowFile(short(workflow.path, run.path));
  const file = path === null || repository === null ? null : `${repository}/${path}`;
  const id = short(workflow.id, run.workflow_id);
  const name = short(workflow.name, run.workflow_name, run.name);
  if (id !== null || file !== null) return workflowRef(id, name, file);
  // A job names its workflow by name only; within a repository that is the workflow's identity.
  return name === null
    ? null
    : workflowRef(repository === null ? name : `${repository}#${name}`, name, null);
}

function appOf(app: Raw): AutomationRef | null {
  const owner = object(app.owner);
  return appRef({
    clientId: app.client_id,
    appId: app.id ?? app.app_id,
    slug: app.slug ?? app.app_slug,
    name: app.name ?? app.app_name,
    urls: [app.external_url],
    publisher: text(owner.login, 256),
  });
}

function subjectOf(raw: Raw, event: string): AutomationRef | null {
  switch (event) {
    case "installation":
    case "installation_repositories":
    case "installation_target": {
      const installation = object(raw.installation);
      return appRef({
        clientId: installation.client_id,
        appId: installation.app_id,
        slug: installation.app_slug,
      });
    }
    case "github_app_authorization":
      return automationRefOfInstallation(raw);
    case "personal_access_token_request": {
      const request = object(raw.personal_access_token_request);
      return keyRef([request.token_id, requestId(request.id)], text(request.token_name, 256));
    }
    case "deploy_key": {
      const key = object(raw.key);
      return keyRef([key.id], text(key.title, 256));
    }
    case "meta": {
      const hook = object(raw.hook);
      return hookRef(raw.hook_id ?? hook.id, hook.name, object(hook.config).url);
    }
    default:
      return null;
  }
}

function automationRefOfInstallation(raw: Raw): AutomationRef | null {
  const installation = object(raw.installation);
  const id = short(installation.client_id, installation.app_id);
  return id === null
    ? null
    : automationRef("oauth_app", id, { name: text(installation.app_slug, 256) });
}

/** Deliveries carry no time of their own: the time of what happened to their object, where that object says it. */
function timeOf(raw: Raw, event: string, doing: string): number | null {
  const stored = parseTime(raw.received_at) ?? parseTime(raw.delivered_at);
  if (stored !== null) return stored;
  if (event === "push") {
    return (
      parseTime(object(raw.repository).pushed_at) ?? parseTime(object(raw.head_commit).timestamp)
    );
  }
  const what = object(
    raw.comment ??
      raw.alert ??
      raw.review ??
      raw.workflow_job ??
      raw.workflow_run ??
      raw.check_run ??
      raw.check_suite ??
      raw.pull_request ??
      raw.issue ??
      raw.key ??
      raw.release ??
      raw.rule ??
      raw.personal_access_token_request ??
      raw.hook ??
      raw.deployment_status ??
      raw.deployment ??
      raw.forkee ??
      raw.discussion ??
      (event === "installation"
        ? raw.installation
        : event === "repository"
          ? raw.repository
          : null),
  );
  if (doing === "deleted" || doing === "removed") return null;
  const ended = doing === "completed" ? parseTime(what.completed_at) : null;
  const first =
    doing === "created" || doing === "opened"
      ? what.created_at
      : (what.suspended_at ?? what.updated_at);
  return (
    ended ??
    parseTime(first) ??
    parseTime(what.updated_at) ??
    parseTime(what.submitted_at) ??
    parseTime(what.started_at) ??
    parseTime(what.created_at)
  );
}

const CLASSES: Readonly<Record<string, ActionClass>> = {
  push: "edit",
  fork: "copy",
  public: "publish",
  installation: "install",
  installation_repositories: "consent",
  github_app_authorization: "revoke",
  personal_access_token_request: "consent",
  deploy_key: "credential",
  member: "share",
  membership: "member",
  organization: "member",
  workflow_run: "run",
  workflow_job: "run",
  workflow_dispatch: "run",
  check_run: "run",
  check_suite: "run",
  branch_protection_rule: "policy",
  branch_protection_configuration: "policy",
  repository_ruleset: "policy",
  team_add: "share",
};

const DOING: Readonly<Record<string, ActionClass>> = {
  created: "create",
  opened: "create",
  submitted: "create",
  published: "create",
  deleted: "delete",
  destroyed: "delete",
  edited: "edit",
  closed: "edit",
  reopened: "edit",
  synchronize: "edit",
  renamed: "edit",
  archived: "edit",
  unarchived: "edit",
  privatized: "edit",
  publicized: "publish",
  transferred: "transfer",
  dismissed: "edit",
  resolved: "edit",
};

function classOf(raw: Raw, event: string, doing: string): ActionClass {
  if (event === "installation") {
    if (doing === "new_permissions_accepted") return "consent";
    return doing === "deleted" || doing === "suspend" ? "uninstall" : "install";
  }
  if (event === "installation_repositories" && doing === "removed") return "revoke";
  if (event === "member" && doing !== "added") return "role";
  if (event === "team" && isObject(raw.repository)) return doing === "edited" ? "role" : "share";
  return lookUp(CLASSES, event) ?? lookUp(DOING, doing) ?? "other";
}

function lookUp<T>(table: Readonly<Record<string, T>>, key: string): T | undefined {
  return Object.hasOwn(table, key) ? table[key] : undefined;
}

function outcomeOf(raw: Raw, event: string): AuditEvent["outcome"] {
  if (event !== "workflow_run" && event !== "workflow_job" && event !== "check_run")
    return "success";
  const conclusion = text(object(raw[event]).conclusion, 32);
  if (conclusion === null) return "unknown";
  return conclusion === "failure" || conclusion === "timed_out" || conclusion === "startup_failure"
    ? "failure"
    : "success";
}

/** The person of a membership change, else the repository, else team or organization. */
function targetOf(raw: Raw, event: string): Target | null {
  if (event === "member" || event === "membership" || event === "organization") {
    const who = loginOf(raw.member ?? object(raw.membership).user ?? object(raw.invitation));
    if (who !== null) return { type: "user", id: clip(who, 512), name: null };
  }
  const repository = object(raw.repository);
  const full = short(repository.full_name, repository.name);
  if (full !== null)
    return { type: "repository", id: clip(full, 512), name: text(repository.name, 512) };
  const team = object(raw.team);
  const slug = short(team.slug, team.name);
  if (slug !== null) return { type: "team", id: clip(slug, 512), name: text(team.name, 512) };
  const owner =
    text(object(raw.organization).login, 512) ??
    text(object(object(raw.installation).account).login, 512);
  return owner === null ? null : { type: "organization", id: owner, name: null };
}

function changeOf(raw: Raw, event: string, doing: string, actor: Actor): Change | null {
  switch (event) {
    case "installation":
      return installationChange(raw, doing);
    case "installation_repositories":
      return change("updated", { detail: repositories(raw, doing) });
    case "github_app_authorization":
      return doing === "revoked" ? change("revoked", { principal: actor.id || null }) : null;
    case "personal_access_token_request":
      return tokenChange(raw, doing);
    case "deploy_key":
      return change(doing === "deleted" ? "credential_removed" : "credential_added", {
        principal: short(object(raw.key).added_by) ?? (actor.id || null),
        detail: object(raw.key).read_only === true ? "deploy key, read only" : "deploy key, write",
      });
    case "member":
      return memberChange(raw, doing);
    case "public":
      return change("made_public", { destination: "everybody" });
    case "repository":
      return repositoryChange(raw, doing);
    case "workflow_job":
      return artifactChange(object(raw.workflow_job), doing);
    case "secret_scanning_alert":
      if (doing !== "created" && doing !== "publicly_leaked") return null;
      return change("flagged_by_vendor", {
        detail: short(
          object(raw.alert).secret_type_display_name,
          object(raw.alert).secret_type,
          "secret found",
        ),
      });
    case "branch_protection_rule":
    case "repository_ruleset":
      if (doing !== "created" && doing !== "deleted") return null;
      return change(doing === "deleted" ? "policy_relaxed" : "policy_tightened", {
        detail: short(object(raw.rule).name, object(raw.repository_ruleset).name, event),
      });
    case "branch_protection_configuration":
      return change(doing === "disabled" ? "policy_relaxed" : "policy_tightened", {
        detail: "branch protection",
      });
    case "meta":
      return change("deleted", { destination: text(object(object(raw.hook).config).url, 1_024) });
    default:
      return null;
  }
}

/** Steps that fetch what another run left behind, by the usual action or by a name that says so. */
const ARTIFACT =
  /download[-_ ](an?[-_ ]|the[-_ ]|build[-_ ])*artifacts?\b|(restore|fetch|get)[-_ ]artifacts?\b/i;

function artifactChange(job: Raw, doing: string): Change | null {
  if (doing !== "completed") return null;
  const steps = list(job.steps)
    .slice(0, 256)
    .map((step) => object(step))
    .filter((step) => text(step.conclusion, 32) !== "skipped")
    .flatMap((step) => text(step.name, 256) ?? [])
    .filter((name) => ARTIFACT.test(name));
  return steps.length === 0
    ? null
    : change("artifact_taken", { detail: clip(steps.join(", "), 1_024) });
}

const INSTALLATION: Readonly<Record<string, Change["kind"]>> = {
  created: "installed",
  deleted: "uninstalled",
  suspend: "disabled",
  unsuspend: "enabled",
  new_permissions_accepted: "scopes_added",
};

function installationChange(raw: Raw, doing: string): Change | null {
  const kind = lookUp(INSTALLATION, doing);
  if (kind === undefined) return null;
  const installation = object(raw.installation);
  const isPerson = text(object(installation.account).type, 32) === "User";
  const reach = text(installation.repository_selection, 64);
  return change(kind, {
    scopes: permissionScopes(installation.permissions),
    consent:
      kind === "installed" || kind === "scopes_added" ? (isPerson ? "user" : "tenant") : null,
    principal: isPerson ? loginOf(installation.account) : null,
    detail: reach === null ? null : `repositories: ${reach}`,
  });
}

function repositories(raw: Raw, doing: string): string {
  const names = list(doing === "removed" ? raw.repositories_removed : raw.repositories_added)
    .slice(0, 20)
    .map((row) => short(object(row).full_name, object(row).name) ?? "?");
  return clip(`repositories ${doing}: ${names.join(", ")}`, 1_024);
}

function tokenChange(raw: Raw, doing: string): Change | null {
  const request = object(raw.personal_access_token_request);
  const kind = lookUp(TOKEN_REQUEST, doing);
  if (kind === undefined) return null;
  const added = [
    ...permissionScopes(request.permissions_added),
    ...permissionScopes(request.permissions_upgraded),
  ];
  const all = permissionScopes(request.permissions_result);
  return change(kind, {
    scopes: all.length > 0 ? all : added,
    addedScopes: added.length > 0 ? added : null,
    consent: kind === "granted" ? "admin" : null,
    principal: loginOf(request.owner),
    detail: text(request.repository_selection, 64),
  });
}

const TOKEN_REQUEST: Readonly<Record<string, Change["kind"]>> = {
  created: "requested",
  approved: "granted",
  denied: "restricted",
  cancelled: "revoked",
};

function memberChange(raw: Raw, doing: string): Change {
  const changes = object(raw.changes);
  const role = short(
    object(changes.permission).to,
    object(changes.role_name).to,
    object(changes.permission).from,
  );
  return change(doing === "removed" ? "role_removed" : "role_assigned", {
    principal: loginOf(raw.member),
    detail: role,
  });
}

/** With its description, where worms that steal secrets have left their names. */
function repositoryDetail(repository: Raw, said: string): string {
  const description = text(repository.description, 512);
  return description === null ? said : `${said}: ${description}`;
}

function repositoryChange(raw: Raw, doing: string): Change | null {
  const repository = object(raw.repository);
  if (doing === "publicized")
    return change("made_public", { destination: "everybody", detail: "was private" });
  if (
    doing === "created" &&
    (repository.private === false || text(repository.visibility) === "public")
  ) {
    return change("made_public", {
      destination: "everybody",
      detail: repositoryDetail(repository, "created public"),
    });
  }
  if (doing === "created")
    return change("created", { detail: repositoryDetail(repository, "repository") });
  if (doing === "transferred") {
    const from = object(object(raw.changes).owner).from;
    const before = loginOf(object(from).organization ?? object(from).user);
    return change("shared_externally", {
      destination: text(object(repository.owner).login, 512),
      detail: before === null ? "transferred" : `transferred from ${before}`,
    });
  }
  return null;
}
