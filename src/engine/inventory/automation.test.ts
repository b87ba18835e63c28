/** What an automation does may tell what its name hides. */

import { describe, expect, it } from "vitest";
import { type AutomationRef, automationRef } from "#contract/automation.ts";
import { type AuditEvent, machine } from "#contract/event.ts";
import { assess } from "#engine/assess.ts";
import { newObservations, observe } from "#engine/observe.ts";
import { app, at, event } from "#engine/testing.ts";

const PLAIN = app("A1", { name: "Ticket sync" });

function aiOf(ref: AutomationRef, events: readonly AuditEvent[]) {
  const seen = newObservations();
  for (const [index, one] of events.entries()) observe(seen, { ...one, id: `e${index}` });
  const { automations } = assess(seen, { orgId: "o", now: at(1), timeZone: "UTC", detectors: [] });
  return automations.find(({ nativeId }) => nativeId === ref.nativeId)?.ai ?? null;
}

const acts = (
  ref: AutomationRef,
  times: number,
  known: Partial<AuditEvent>,
  userAgent: string | null = null,
): AuditEvent[] =>
  Array.from({ length: times }, (_, index) =>
    event("slack", "something", {
      at: at(0, 9, index),
      actor: machine(ref.nativeId, ref.name),
      automation: ref,
      target: { type: "tool", id: `tool-${index % 3}`, name: null },
      client: { ip: null, asn: null, country: null, userAgent },
      ...known,
    }),
  );

describe("AI by behaviour", () => {
  it.each([
    [1, 0.6],
    [5, 0.7],
    [20, 0.8],
  ])("%i tool calls under a name that says nothing: %d", (times, confidence) => {
    expect(aiOf(PLAIN, acts(PLAIN, times, { class: "tool_call" }))).toEqual({
      provider: "unknown",
      category: "agent",
      method: "behaviour",
      confidence,
    });
  });

  it("one that prompts a model", () => {
    expect(aiOf(PLAIN, acts(PLAIN, 4, { class: "prompt" }))).toMatchObject({
      category: "assistant",
      method: "behaviour",
    });
  });

  it("an agent by the vendor's own records", () => {
    const agent = automationRef("ai_agent", "AG1", { name: "Helper", publisher: "Example GmbH" });
    expect(aiOf(agent, acts(agent, 1, { class: "read" }))).toEqual({
      provider: "Example GmbH",
      category: "agent",
      method: "vendor_record",
      confidence: 0.9,
    });
  });

  it("a client of a model by its user agent", () => {
    const events = acts(PLAIN, 2, { class: "read" }, "AsyncOpenAI/Python 1.51.0");
    expect(aiOf(PLAIN, events)).toMatchObject({ provider: "OpenAI", method: "user_agent" });
  });

  it("what the catalogue knows is surer than what was seen", () => {
    const otter = app("A2", { name: "Otter.ai" });
    const events = acts(otter, 20, { class: "tool_call" });
    expect(aiOf(otter, events)).toMatchObject({ provider: "Otter.ai", method: "catalogue_name" });
  });

  it.each(["run", "read", "send", "search", "sign_in", "other"] as const)(
    "%s alone is no AI",
    (name) => expect(aiOf(PLAIN, acts(PLAIN, 50, { class: name }))).toBeNull(),
  );

  it("calls that failed, and calls made by others about it, are none of its doing", () => {
    const failed = acts(PLAIN, 20, { class: "tool_call", outcome: "denied" });
    expect(aiOf(PLAIN, failed)).toBeNull();
    const other = app("A3", { name: "Caller" });
    const about = acts(other, 20, { class: "tool_call", subject: PLAIN });
    expect(aiOf(PLAIN, about)).toBeNull();
  });
});
