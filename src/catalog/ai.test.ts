/** An AI is known by id, domain, name, publisher and user agent, and innocent names are none. */

import { describe, expect, it } from "vitest";
import { type AiQuestion, aiApps, aiUserAgent, identifyAi } from "./ai.ts";

/** What a name alone says, on a platform whose ids are not in the catalogue. */
function byName(name: string, more: Partial<AiQuestion> = {}) {
  return identifyAi({ platform: "okta", name, ...more });
}

describe("ids", () => {
  it.each([
    ["microsoft", "e0476654-c1d5-430b-ab80-70cbd947616a", "OpenAI"],
    ["microsoft", "E0476654-C1D5-430B-AB80-70CBD947616A", "OpenAI"],
    ["microsoft", "08ad6f98-a4f8-4635-bb8d-f1a3044760f0", "Anthropic"],
    ["microsoft", "7ab7862c-4c57-491e-8a45-d52a7e023983", "Microsoft"],
    ["google", "77377267392-9l01lg5gpscp40cc30cc5gke03n6uu3b.apps.googleusercontent.com", "OpenAI"],
    ["slack", "A08SF47R6P4", "Anthropic"],
    ["slack", "A024R9PQM", "Zapier"],
  ] as const)("%s %s is %s's", (platform, nativeId, provider) => {
    expect(identifyAi({ platform, nativeId, name: "Anything" })).toMatchObject({
      provider,
      method: "catalogue_id",
      confidence: 0.99,
    });
  });

  it("an id of one platform says nothing on another", () => {
    expect(identifyAi({ platform: "google", nativeId: "A08SF47R6P4" })).toBeNull();
  });

  it("Microsoft's own apps without AI are not AI", () => {
    const azureCli = "04b07795-8ddb-461a-bbee-02f9e1bf7b46";
    expect(identifyAi({ platform: "microsoft", nativeId: azureCli, name: "Azure CLI" })).toBeNull();
  });
});

describe("domains", () => {
  it.each([
    ["otter.ai", "Otter.ai"],
    ["https://app.otter.ai/oauth/callback?code=1", "Otter.ai"],
    ["claude.ai", "Anthropic"],
    ["auth.openai.com", "OpenAI"],
    ["WWW.Perplexity.AI", "Perplexity"],
  ])("%s is %s's", (domain, provider) => {
    expect(byName("Sign-in", { domains: [domain] })).toMatchObject({
      provider,
      method: "catalogue_domain",
      confidence: 0.9,
    });
  });

  it("the more exact product wins where two share a domain", () => {
    expect(byName("x", { domains: ["api.openai.com"] })?.category).toBe("model_api");
  });

  it.each([
    "notion.so",
    "replit.com",
    "intercom.com",
    "notopenai.com",
    "ai",
    "openai.com.example.com",
  ])("%s alone proves nothing", (domain) =>
    expect(byName("Workspace sync", { domains: [domain] })).toBeNull(),
  );

  it("an unknown .ai domain is a guess, unless the vendor is known for other things", () => {
    expect(byName("Foo", { domains: ["foo.ai"] })).toMatchObject({
      provider: "foo",
      method: "heuristic_name",
      confidence: 0.55,
    });
    expect(byName("Tray", { domains: ["tray.ai"] })).toBeNull();
  });

  it("a guess from name and domain together is surer than either", () => {
    expect(byName("Foo Notetaker", { domains: ["app.foo.ai"] })?.confidence).toBe(0.7);
  });
});

describe("names of the catalogue", () => {
  it.each([
    ["ChatGPT", "OpenAI"],
    ["Chat GPT connector", "OpenAI"],
    ["chatgpt-for-slack", "OpenAI"],
    ["OpenAI Connector", "OpenAI"],
    ["Claude", "Anthropic"],
    ["Claude for Google Calendar", "Anthropic"],
    ["M365 MCP Client for Claude", "Anthropic"],
    ["Claude Code", "Anthropic"],
    ["Kimi", "Kimi"],
    ["Manus", "Manus"],
    ["You.com", "You.com"],
    ["Cursor", "Anysphere"],
    ["Otter.ai", "Otter.ai"],
    ["Otter.ai for Zoom", "Otter.ai"],
    ["Fathom Notetaker", "Fathom"],
    ["Fireflies.ai Notetaker", "Fireflies.ai"],
    ["Gemini", "Google"],
    ["Read AI", "Read AI"],
    ["Notion AI", "Notion"],
    ["Grammarly for Word", "Grammarly"],
    ["GitHub Copilot", "GitHub"],
    ["Microsoft 365 Copilot", "Microsoft"],
    ["DeepSeek Chat", "DeepSeek"],
    ["HuggingFace Spaces", "Hugging Face"],
    ["Perplexity Search", "Perplexity"],
    ["NoteGPT", "NoteGPT"],
    ["Devin AI Integration", "Devin"],
    ["ElevenLabs Voices", "ElevenLabs"],
    ["Zapier", "Zapier"],
  ])("%s is %s's", (name, provider) => {
    expect(byName(name)).toMatchObject({ provider, method: "catalogue_name", confidence: 0.85 });
  });

  it("a publisher that only makes AI is enough", () => {
    expect(byName("Mail helper", { publisher: "OpenAI, LLC" })?.provider).toBe("OpenAI");
    expect(byName("Mail helper", { publisher: "Microsoft Corporation" })).toBeNull();
  });

  it("an ordinary word needs its owner beside it", () => {
    expect(byName("Dust")).toBeNull();
    expect(byName("Dust", { publisher: "Dust" })?.provider).toBe("Dust");
    expect(byName("Firefly Slides", { publisher: "Example School" })).toBeNull();
    expect(byName("Harvey", { publisher: "Harvey AI Corp" })?.provider).toBe("Harvey");
  });

  it("the longest product name decides", () => {
    expect(byName("Claude Code")?.category).toBe("coding_agent");
    expect(byName("Gemini CLI")?.category).toBe("coding_agent");
  });
});

describe("registry and user agents", () => {
  it("a server of the MCP registry is named by its owner", () => {
    expect(byName("mcp-server-box")).toMatchObject({
      provider: "box-community",
      category: "agent",
      method: "mcp_registry",
    });
  });

  it.each([
    [
      "Mozilla/5.0 AppleWebKit/537.36 (compatible; ChatGPT-User/1.0; +https://openai.com/bot)",
      "OpenAI",
    ],
    ["Claude-User", "Anthropic"],
    ["AsyncOpenAI/Python 1.51.0", "OpenAI"],
    ["openai-mcp/1.0.0", "OpenAI"],
    ["claude-cli/1.0.3 (external, cli)", "Anthropic"],
    ["Mozilla/5.0 (compatible; ChatGPT Agent)", "OpenAI"],
    ["GPTBot/1.2", "OpenAI"],
  ])("%s is %s's", (userAgent, provider) => {
    expect(byName("Sync", { userAgents: [userAgent] })).toMatchObject({
      provider,
      method: "user_agent",
    });
  });

  it.each([
    "Code/1.99.0",
    "Scrapy/2.11",
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/140.0 Safari/537.36",
    "python-requests/2.32",
    "OperatorSDK/1",
    "PetalBot",
    "facebookexternalhit/1.1",
    "Slackbot 1.0 (+https://api.slack.com/robots)",
  ])("%s is not AI", (userAgent) => {
    expect(byName("Sync", { userAgents: [userAgent] })).toBeNull();
  });

  it("tells crawlers from agents", () => {
    expect(aiUserAgent("PerplexityBot/1.0")?.use).toBe("model_crawler");
    expect(aiUserAgent("Perplexity-User/1.0")?.use).toBe("agent");
    expect(aiUserAgent("")).toBeNull();
  });
});

describe("guesses", () => {
  it.each([
    ["Acme GPT helper", "assistant"],
    ["MeetScribe AI", "meeting_notetaker"],
    ["Contract-Copilot", "assistant"],
    ["some-mcp-server", "agent"],
    ["Jira MCP Connector", "agent"],
    ["github-mcp", "agent"],
    ["Sales LLM Gateway", "model_api"],
    ["Team Notetaker", "meeting_notetaker"],
    ["Best Note Taker", "meeting_notetaker"],
    ["Smart Meeting Assistant", "meeting_notetaker"],
    ["Zoom call transcriber", "meeting_notetaker"],
    ["Inbox AI", "assistant"],
    ["AI Email Writer", "writing"],
    ["AI Code Reviewer", "coding_agent"],
    ["acme_ai_agent", "agent"],
    ["AcmeAI", "assistant"],
    ["A.I. Planner", "assistant"],
    ["Agentic Ops", "agent"],
    ["Autonomous Agent Runner", "agent"],
    ["GenAI playground", "assistant"],
    ["LegalGPT", "assistant"],
    ["salesgpt", "assistant"],
    ["PDF Summarizer", "writing"],
    ["zeta.ai sync", "assistant"],
  ])("%s is probably AI (%s)", (name, category) => {
    const match = byName(name);
    expect(match).toMatchObject({ category, method: "heuristic_name" });
    expect(match?.confidence).toBeGreaterThanOrEqual(0.5);
    expect(match?.confidence).toBeLessThanOrEqual(0.7);
  });

  it("the publisher is named as the provider where it is known", () => {
    expect(byName("Inbox AI", { publisher: "Example GmbH" })?.provider).toBe("Example GmbH");
  });
});

describe("what is not AI", () => {
  it.each([
    ..."Mail|Domain Trail|Air Table|Airtable|Maintenance|Email Agent Desk|Retail AIrlines|Paint|Email".split(
      "|",
    ),
    ..."Gmail|Chair Booking|Thai Lunch Bot|Mainframe Sync|Campaign Monitor|Travel Agent Desk".split(
      "|",
    ),
    ..."Real Estate Agent CRM|Agent Scheduler|Meeting Room Booking|Meeting Notes|Copilots R Us".split(
      "|",
    ),
    ..."Kaizen|Aisle Planner|AID Relief|Air|Claude Monet Fan Club|Kimi Raikkonen Stats|Pi|You".split(
      "|",
    ),
    ..."Cursor Theme Pack|Gemini Horoscope|Dust Collector|Playground Safety|Harvey Norman".split(
      "|",
    ),
    ..."Devin Booker Stats|Modal Dialog Tool|Muse Headband|Consensus Voting|Bolt New Hires".split(
      "|",
    ),
    ..."Pinecone Accounting|J'ai un agenda|AI to SVG|MCP|MCP Exam Prep|Read aloud|Thank you com|".split(
      "|",
    ),
    ..."Saint Paul Calendar|Grain Market|Detail Cleaner|Bahrain Airways|Captain Log|Otter Rescue".split(
      "|",
    ),
    ..."Notion|Slack|Zoom|HubSpot|Trello|Asana|Jira Cloud|Salesforce|Calendly|Dropbox".split("|"),
  ])("%s", (name) => expect(byName(name)).toBeNull());
});

it("every product is found by each domain that is its alone", () => {
  for (const app of aiApps()) {
    for (const domain of app.domains) {
      const match = byName("x", { domains: [domain] });
      // Domains that the vendor shares with other products say nothing, and a shared AI domain names one of its products.
      if (match === null) continue;
      expect(match.method, domain).toBe("catalogue_domain");
      expect(aiApps().some(({ vendor }) => vendor === match.provider)).toBe(true);
    }
  }
});

it("every product is found by its id on its own platform", () => {
  const platforms = ["microsoft", "google", "slack"] as const;
  for (const app of aiApps()) {
    for (const id of app.ids) {
      const platform = platforms.find((each) => id.startsWith(`${each} `));
      if (platform === undefined) throw new Error(`${id} has no platform`);
      const nativeId = id.slice(platform.length + 1);
      expect(identifyAi({ platform, nativeId })?.provider).toBe(app.vendor);
    }
  }
});
