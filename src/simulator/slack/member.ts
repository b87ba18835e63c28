/** One automation in Slack: its app, its habits, and the records that each step of its work leaves. */

import { hash32 } from "#base/hash.ts";
import type { Prng } from "#base/prng.ts";
import { DAY_MS, HOUR_MS, MINUTE_MS } from "#base/time.ts";
import { freshId, type Person, stableId } from "#simulator/company.ts";
import type { CastMember, Day, Emission, Fields } from "#simulator/stage.ts";
import type { App } from "./apps.ts";
import { fileEntity, type Places } from "./places.ts";
import {
  activity,
  approved,
  entry,
  installed,
  integrationLog,
  type Origin,
  personActor,
  scopesExpanded,
} from "./records.ts";
import { momentsOf, type Rhythm } from "./rhythm.ts";
import type { Step, StepKind, Trade } from "./trades.ts";

export type Emit = (emission: Emission) => void;

/** What makes one automation unlike another of its trade. */
export interface Traits {
  readonly places: Places;
  readonly app: App;
  readonly trade: Trade;
  readonly rhythm: Rhythm;
  /** Who uses it, for those that act for people. */
  readonly users: readonly [Person, ...Person[]];
  readonly owner: Person;
  readonly ips: readonly [string, ...string[]];
  readonly userAgent: string;
  /** From a day on it runs elsewhere, or in a newer version. */
  readonly move: { readonly day: number; readonly ips: readonly [string, ...string[]] } | null;
  readonly upgrade: { readonly day: number; readonly userAgent: string } | null;
  /** Where its channels and files begin. */
  readonly home: number;
  /** Share of runs that fail. */
  readonly failing: number;
  /** How it came in, or got more scopes, during the run. */
  readonly arrival: { readonly at: number; readonly by: Person } | null;
  readonly growth: { readonly at: number; readonly by: Person; readonly added: string } | null;
  /** When it was thrown out; null for nearly all. */
  readonly removal: { readonly at: number; readonly by: Person } | null;
}

export interface SlackMember extends CastMember {
  readonly traits: Traits;
}

export function isSlackMember(member: CastMember): member is SlackMember {
  return member.platform === "slack" && "traits" in member;
}

export function createMember(id: string, traits: Traits): SlackMember {
  const { app, trade, owner, ips, userAgent } = traits;
  return {
    id,
    platform: "slack",
    nativeId: app.id,
    name: app.name,
    behaviour: trade.id,
    handle: {
      kind: trade.kind,
      vendor: app.isInternal ? null : app.name,
      scopes: app.scopes,
      owner,
      ips,
      userAgent,
      ids: { botUser: app.botUserId, bot: app.botId, workflow: app.workflowId },
    },
    traits,
    act: (day, rng, emit) => act(traits, day, rng, emit),
  };
}

function act(traits: Traits, day: Day, rng: Prng, emit: Emit): void {
  const { places, app, rhythm, arrival, growth, removal, trade } = traits;
  const end = day.start + DAY_MS;
  const isToday = (moment: { at: number } | null): moment is { at: number; by: Person } =>
    moment !== null && moment.at >= day.start && moment.at < end;
  if (isToday(arrival)) arrive(traits, arrival.at, arrival.by, rng, emit);
  if (growth !== null && isToday(growth)) {
    emit(approved(places, rng, growth.at - HOUR_MS / 4, growth.by, app));
    emit(scopesExpanded(places, rng, growth.at, growth.by, app, [growth.added]));
  }
  if (isToday(removal)) {
    emit(
      entry(places, rng, {
        at: removal.at,
        action: "app_uninstalled",
        by: personActor(removal.by, places),
        entity: app.entity,
        from: { ip: removal.by.ip, userAgent: removal.by.userAgent, session: sessionOf(app) },
        details: { app_owner_id: app.ownerId, is_internal_integration: app.isInternal },
      }),
    );
  }
  if (arrival !== null && arrival.at >= end) return;
  for (const at of momentsOf(rhythm, places.company, day, rng)) {
    if (arrival !== null && at <= arrival.at) continue;
    if (removal !== null && at >= removal.at) continue;
    leave(traits, pickStep(trade.steps, rng), at, originOn(traits, day, rng), rng, emit);
  }
}

/** An approval comes no earlier before the installation. */
export const APPROVAL_MS_MAX = 3 * HOUR_MS;

function arrive(
  { places, app, trade, owner }: Traits,
  at: number,
  by: Person,
  rng: Prng,
  emit: Emit,
): void {
  if (trade.kind === "webhook") {
    emit(integrationLog(at, owner, app, "added", { channel: `C0${stableId(app.id, 9)}` }));
    emit(installed(places, rng, at, owner, app));
    return;
  }
  // IT looks at what is asked for; then whoever asked puts it in.
  emit(approved(places, rng, at - rng.int(MINUTE_MS, APPROVAL_MS_MAX), by, app));
  emit(installed(places, rng, at, owner, app));
  emit(integrationLog(at, owner, app, "added"));
}

/** A token is one session for as long as it lives, wherever it is used. */
export function sessionOf(app: App): number {
  return 4_200_000_000 + (hash32(app.id) % 90_000_000);
}

/** Where and as what it works on a day. */
export function originOn(
  { app, ips, userAgent, move, upgrade }: Traits,
  day: Day,
  rng: Prng,
): Origin {
  return {
    ip: rng.pick(move !== null && day.index >= move.day ? move.ips : ips),
    userAgent: upgrade !== null && day.index >= upgrade.day ? upgrade.userAgent : userAgent,
    session: sessionOf(app),
  };
}

function pickStep(steps: readonly [Step, ...Step[]], rng: Prng): StepKind {
  if (steps.length === 1) return steps[0].does;
  let total = 0;
  for (const step of steps) total += step.weight;
  let left = total * rng.next();
  for (const step of steps) {
    left -= step.weight;
    if (left < 0) return step.does;
  }
  return steps[0].does;
}

const READS = [
  "mcp_slack_read_channel_tool_called",
  "mcp_slack_read_channel_tool_called",
  "mcp_slack_read_thread_tool_called",
  "mcp_slack_read_thread_tool_called",
  "mcp_slack_read_user_profile_tool_called",
  "mcp_slack_read_canvas_tool_called",
] as const;
const SEARCHES = [
  "mcp_slack_search_public_tool_called",
  "mcp_slack_search_public_tool_called",
  "mcp_slack_search_channels_tool_called",
  "mcp_slack_search_users_tool_called",
  "mcp_slack_search_public_and_private_tool_called",
] as const;
const WRITES = [
  "mcp_slack_create_draft_message_tool_called",
  "mcp_slack_send_message_tool_called",
  "mcp_slack_update_canvas_tool_called",
] as const;

/** What one step leaves in the logs. Scenarios use it too, so that a stolen token's records look like the owner's. */
export function leave(
  traits: Traits,
  step: StepKind,
  at: number,
  from: Origin,
  rng: Prng,
  emit: Emit,
): void {
  const { places, app } = traits;
  switch (step) {
    case "run":
      runs(traits, at, rng, emit);
      return;
    case "read":
    case "search":
    case "write":
    case "summary":
      toolCall(traits, step, at, from, rng.pick(traits.users), rng, emit);
      return;
    case "group": {
      const action = rng.chance(0.8) ? "user_added_to_usergroup" : "user_removed_from_usergroup";
      const entity = personActor(rng.pick(places.company.people), places);
      const details = { usergroup_id: `S0${stableId(`group ${app.id}`, 9)}` };
      emit(entry(places, rng, { at, action, by: app.actor, entity, from, via: app, details }));
      return;
    }
    default: {
      const [action, entity] = botDeed(traits, step, rng);
      emit(entry(places, rng, { at, action, by: app.actor, entity, from, via: app }));
    }
  }
}

/** What a bot user does by itself: the action's name, and the thing that it does it to. */
function botDeed(
  traits: Traits,
  step: Exclude<StepKind, "run" | "read" | "search" | "write" | "summary" | "group">,
  rng: Prng,
): [action: string, entity: Fields] {
  switch (step) {
    case "upload":
      return ["file_uploaded", newFile(rng)];
    case "download":
      return ["file_downloaded", someFile(traits, rng)];
    case "share":
      return ["file_shared", someFile(traits, rng)];
    case "delete":
      return ["file_deleted", someFile(traits, rng)];
    case "link":
      return ["file_public_link_created", someFile(traits, rng)];
    case "canvas":
      return [rng.chance(0.25) ? "canvas_created" : "canvas_edited", canvas(traits, rng)];
    case "join":
      return ["user_channel_join", someChannel(traits, rng)];
    case "room":
      return [
        rng.chance(0.6) ? "public_channel_created" : "private_channel_created",
        someChannel(traits, rng),
      ];
    case "close":
      return ["public_channel_archive", someChannel(traits, rng)];
    case "preview":
      return ["public_channel_preview", someChannel(traits, rng)];
  }
}

/** An AI app calls a tool of Slack's MCP server for a person, from its own machines. */
export function toolCall(
  traits: Traits,
  step: "read" | "search" | "write" | "summary",
  at: number,
  from: Origin,
  person: Person,
  rng: Prng,
  emit: Emit,
): void {
  const { places, app } = traits;
  const action =
    step === "read"
      ? rng.pick(READS)
      : step === "search"
        ? rng.pick(SEARCHES)
        : step === "write"
          ? rng.pick(WRITES)
          : "slack_ai_summary_requested";
  const entity =
    step === "search"
      ? places.workspace
      : action.includes("profile")
        ? personActor(rng.pick(places.company.people), places)
        : someChannel(traits, rng);
  emit(
    entry(places, rng, {
      at,
      action,
      by: personActor(person, places),
      entity,
      from: { ...from, session: 4_300_000_000 + person.index },
      via: app,
      details: { client_app_id: app.id, client_name: app.name },
    }),
  );
}

/** A run starts and ends; one that fails says why, and is tried again. */
function runs(traits: Traits, at: number, rng: Prng, emit: Emit): void {
  const { places, app, users, failing } = traits;
  const actor = rng.pick(users).slackId;
  emit(activity(places, rng, { at, app, event: "workflow_execution_started", actor }));
  let end = at + rng.int(400, 6_000);
  if (rng.chance(failing)) {
    const code = rng.pick(["429", "429", "500", "503", "404"]);
    const payload = {
      error: code === "429" ? "rate_limited" : "request_failed",
      http_status_code: code,
    };
    emit(
      activity(places, rng, {
        at: end,
        app,
        event: "function_execution_result",
        actor,
        payload,
        level: "error",
      }),
    );
    end += rng.int(2_000, 40_000);
  }
  emit(activity(places, rng, { at: end, app, event: "workflow_execution_result", actor }));
}

function indexIn({ home, trade }: Traits, length: number, rng: Prng): number {
  if (trade.breadth === null) return rng.int(0, length - 1);
  return (home + rng.int(0, trade.breadth - 1)) % length;
}

export function someFile(traits: Traits, rng: Prng): Fields {
  const { files, workspace } = traits.places;
  return files[indexIn(traits, files.length, rng)] ?? workspace;
}

export function someChannel(traits: Traits, rng: Prng): Fields {
  const { channels, workspace } = traits.places;
  return channels[indexIn(traits, channels.length, rng)] ?? workspace;
}

export function newFile(rng: Prng): Fields {
  return fileEntity(
    `F0${freshId(rng, 9)}`,
    `${rng.pick(["run", "export", "chart", "summary", "notes", "screenshot", "invoice"])}-${rng.int(1, 9_999)}`,
    rng.pick(["png", "pdf", "csv", "txt", "xlsx"]),
  );
}

function canvas({ app, home }: Traits, rng: Prng): Fields {
  const id = `F0${stableId(`canvas ${app.id} ${home + rng.int(0, 7)}`, 9)}`;
  return { type: "canvas", canvas: { id, filename: "Canvas", title: app.name, filetype: "quip" } };
}
