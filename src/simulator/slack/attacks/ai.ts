/** Attacks through AI: tools called in bursts, connectors let loose, agents given more to do, assistants turned round. */

import { toolCall } from "#simulator/slack/member.ts";
import { installed, integrationLog, originOf, personActor } from "#simulator/slack/records.ts";
import {
  about,
  atWork,
  audit,
  dial,
  everywhere,
  haul,
  homeOf,
  intruder,
  minutes,
  newApp,
  placesFor,
  scriptOf,
  spreadDays,
  stretch,
  takeSlack,
  thief,
  traitsFor,
  usualOf,
} from "#simulator/slack/scene.ts";
import { stateOfApp } from "#simulator/slack/state.ts";
import type { Scenario } from "#simulator/stage.ts";

export const toolCallBurst: Scenario = {
  id: "tool-call-burst",
  title: "An AI assistant's tools are called in a burst across every channel that its user can see",
  platform: "slack",
  attackType: "ai_abuse",
  techniques: ["T53"],
  stage(setting) {
    const victim = takeSlack(setting, ({ trade }) => trade.kind === "ai");
    if (victim === null) return null;
    const { traits } = victim;
    const script = scriptOf(setting);
    const from = intruder(setting, traits);
    const [user] = traits.users;
    const least = traits.rhythm.level * dial(setting, 25, 1.5);
    for (const day of spreadDays(setting, 7)) {
      const count = about(setting, Math.max(dial(setting, 500, 30), least));
      script.wave(haul(setting, user.office, day, count), (at, rng, emit) =>
        toolCall(
          everywhere(traits),
          rng.chance(0.25) ? "search" : "read",
          at,
          from,
          user,
          rng,
          emit,
        ),
      );
    }
    return script.play({ automations: [victim] });
  },
};

/** A new AI app comes with an MCP server that nobody looked at, and everybody may use it. */
export const connectorLetLoose: Scenario = {
  id: "connector-let-loose",
  title: "An AI connector to an unknown server is added, opened to everybody, and reads",
  platform: "slack",
  attackType: "ai_abuse",
  techniques: ["T54", "T63"],
  stage(setting) {
    const { rng, company } = setting;
    const places = placesFor(setting);
    const person = setting.takePerson();
    const [day, ...later] = stretch(setting, 3 + Math.round(4 * setting.stealth));
    if (day === undefined) return null;
    const script = scriptOf(setting);
    const app = newApp(setting, {
      name: `${rng.pick(["Quill", "Nimbus", "Orbit", "Sage", "Lark"])} ${rng.pick(["AI", "Agent", "Copilot", "GPT"])}`,
      scopes: ["search:read", "channels:history", "groups:history", "files:read"].slice(
        0,
        Math.round(dial(setting, 4, 2)),
      ),
      owner: person,
      isVerified: false,
    });
    const at = atWork(day, person.office, rng);
    const mine = {
      by: personActor(person, places),
      from: thief(setting, person),
      entity: app.entity,
    };
    const server = {
      mcp_server_id: app.id,
      mcp_server_name: app.name,
      mcp_server_url: `https://mcp.${app.name.toLowerCase().replace(" ", "-")}.example/sse`,
    };
    const change = (action: string, details: Record<string, unknown> = {}) =>
      audit(places, { ...mine, action, details: { ...server, ...details } });
    script.once(at, (when, draws, emit) => {
      emit(installed(places, draws, when, person, app, mine.from));
      emit(integrationLog(when, person, app, "added"));
    });
    script.once(at + minutes(3), change("app_mcp_server_added", { auth_type: "none" }));
    script.once(
      at + minutes(rng.int(6, 60)),
      change("app_mcp_server_acl_changed", {
        permission_type: "everyone",
        previous_permission_type: "named_entities",
      }),
    );
    const traits = traitsFor(setting, app, person, "ai-assistant");
    for (const next of later) {
      const count = about(setting, dial(setting, 260, 18));
      script.wave(haul(setting, person.office, next, count), (when, draws, emit) =>
        toolCall(
          everywhere(traits),
          draws.chance(0.4) ? "search" : "read",
          when,
          homeOf(traits),
          person,
          draws,
          emit,
        ),
      );
    }
    return script.play({ newcomers: [app], state: stateOfApp(app, company, at, false) });
  },
};

/** The agent answered questions about holidays. Since its actions were updated it also sends messages and makes channels. */
export const agentActionsUpdated: Scenario = {
  id: "agent-actions-updated",
  title: "An agent is given new actions and acts beyond what it was made for",
  platform: "slack",
  attackType: "ai_abuse",
  techniques: ["T56", "T61"],
  stage(setting) {
    const { rng } = setting;
    const victim = takeSlack(setting, ({ trade }) => trade.id === "ai-assistant");
    const [day, ...later] = stretch(setting, 3 + Math.round(4 * setting.stealth));
    if (victim === null || day === undefined) return null;
    const { traits } = victim;
    const { places, app, users } = traits;
    const [owner] = users;
    const script = scriptOf(setting);
    const at = atWork(day, owner.office, rng);
    const added = [
      "send_message",
      "create_channel",
      "read_private_channel",
      "invite_user",
      "export_list",
    ];
    script.once(
      at,
      audit(places, {
        action: "agentforce_agent_actions_updated",
        by: personActor(owner, places),
        entity: app.entity,
        from: setting.stealth > 0.6 ? originOf(owner) : thief(setting, owner),
        details: {
          agent_id: app.id,
          actions_added: added.slice(0, Math.round(dial(setting, 5, 2))),
        },
      }),
    );
    const acts = [
      "mcp_slack_send_message_tool_called",
      "mcp_slack_create_conversation_tool_called",
      "mcp_slack_list_channel_members_tool_called",
      "mcp_slack_run_workflow_tool_called",
      "mcp_slack_read_file_tool_called",
    ] as const;
    for (const next of later) {
      const count = about(
        setting,
        Math.max(dial(setting, 150, 10), traits.rhythm.level * dial(setting, 6, 0.7)),
      );
      script.wave(haul(setting, owner.office, next, count), (when, draws, emit, today) => {
        const deed = {
          action: draws.pick(acts),
          by: personActor(owner, places),
          entity: draws.pick(places.channels),
          from: homeOf(traits),
          via: app,
          details: { client_app_id: app.id, client_name: app.name },
        };
        audit(places, deed)(when, draws, emit, today);
      });
    }
    return script.play({ automations: [victim] });
  },
};

/** A stranger's message in a shared channel told the assistant what to do: read what is private, then write it there. */
export const assistantTurned: Scenario = {
  id: "assistant-turned",
  title:
    "An injected instruction makes an assistant read private channels and send what it found outside",
  platform: "slack",
  attackType: "ai_abuse",
  techniques: ["T58", "T55"],
  stage(setting) {
    const { rng } = setting;
    const victim = takeSlack(setting, ({ trade }) => trade.kind === "ai");
    if (victim === null) return null;
    const { traits } = victim;
    const { places, app, users } = traits;
    const script = scriptOf(setting);
    const outside =
      places.channels.find(({ channel }) => Object(channel).is_shared === true) ??
      rng.pick(places.channels);
    const privates = places.channels.filter(({ channel }) => Object(channel).privacy === "private");
    const from = homeOf(traits);
    const call = (action: string, entity: Record<string, unknown>, n: number) =>
      audit(places, {
        action,
        by: personActor(users[n % users.length] ?? users[0], places),
        entity,
        from,
        via: app,
        details: { client_app_id: app.id, client_name: app.name },
      });
    let n = 0;
    for (const day of spreadDays(setting, 6)) {
      const sessions = about(setting, dial(setting, 25, 2));
      for (const start of haul(setting, users[0].office, day, sessions)) {
        n++;
        // One session: the poisoned channel, then what is private, then the way out, within a minute or two.
        script.once(start, call("mcp_slack_read_channel_tool_called", outside, n));
        const reads = Math.max(2, Math.round(dial(setting, 9, 2)));
        for (let k = 1; k <= reads; k++) {
          script.once(
            start + 5_000 * k,
            call(
              "mcp_slack_search_public_and_private_tool_called",
              rng.pick(privates.length > 0 ? privates : places.channels),
              n,
            ),
          );
        }
        script.once(
          start + 5_000 * (reads + 1),
          call("mcp_slack_send_message_tool_called", outside, n),
        );
      }
    }
    if (rng.chance(0.6 - setting.stealth / 2)) {
      const [day] = spreadDays(setting, 2);
      if (day !== undefined) {
        script.once(
          atWork(day, users[0].office, rng),
          audit(places, {
            action: "workflow_ai_answer_suspicious_prompt",
            by: personActor(users[0], places),
            entity: app.entity,
            from,
            via: app,
            details: { reason: ["prompt_injection"] },
          }),
        );
      }
    }
    return script.play({ automations: [victim] });
  },
};

/** Whoever runs the assistant pays by the call, and others let it think for them: hundreds of searches at night. */
export const assistantOverrun: Scenario = {
  id: "assistant-overrun",
  title:
    "A stolen client of a search assistant asks through the night, far beyond what its people ever ask",
  platform: "slack",
  attackType: "ai_abuse",
  techniques: ["T59", "T53"],
  stage(setting) {
    const victim = takeSlack(setting, ({ trade }) => trade.id === "search-assistant");
    if (victim === null) return null;
    const { traits } = victim;
    const script = scriptOf(setting);
    const from = intruder(setting, traits);
    const least = usualOf(traits, "search") * dial(setting, 20, 1.5);
    for (const day of spreadDays(setting, 7)) {
      const count = about(setting, Math.max(dial(setting, 350, 30), least));
      script.wave(haul(setting, traits.rhythm.office, day, count), (at, rng, emit) =>
        toolCall(everywhere(traits), "search", at, from, rng.pick(traits.users), rng, emit),
      );
    }
    return script.play({ automations: [victim] });
  },
};
