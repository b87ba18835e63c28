/** Look-ups find what the catalogue knows by exact facts, and nothing by accident. */

import { describe, expect, it } from "vitest";
import { abusedApps, firstParty, isFirstParty, knownAbused } from "./apps.ts";
import { mcpServer, mcpServers } from "./mcp.ts";
import { isPrivilegedRole, roleTier } from "./roles.ts";
import { searchCatalog } from "./search.ts";
import { slackAction } from "./slack-actions.ts";
import { mitreOf, technique, techniques } from "./techniques.ts";
import { hostOf } from "./text.ts";
import { vendorOf, vendors } from "./vendors.ts";

const PERFECT_DATA = "ff8d92dc-3d82-41d6-bcbd-b9174d163620";
const AZURE_CLI = "04b07795-8ddb-461a-bbee-02f9e1bf7b46";

describe("known-abused apps", () => {
  it("an id is proof, in any case", () => {
    const match = knownAbused({ platform: "microsoft", nativeId: PERFECT_DATA.toUpperCase() });
    expect(match).toMatchObject({ category: "malicious", severity: "critical", matchedBy: "id" });
    expect(match?.references.length).toBeGreaterThan(0);
  });

  it("a distinctive name is a claim", () => {
    const question = { platform: "microsoft", name: "  PerfectData  Software" } as const;
    expect(knownAbused(question)?.matchedBy).toBe("name");
    expect(knownAbused({ platform: "microsoft", name: "Sha\u0433ePoint Online" })?.matchedBy).toBe(
      "name",
    );
  });

  it.each([
    "Adobe",
    "Docusign",
    "Microsoft Edge",
    "SharePoint Online",
    "PDF",
    "sharedoc",
    "",
    "Spike",
  ])("%j is too common to be matched by name", (name) =>
    expect(knownAbused({ platform: "microsoft", name })).toBeNull(),
  );

  it("GitHub apps match by exact name and by number", () => {
    expect(knownAbused({ platform: "github", name: "Heroku Dashboard" })?.matchedBy).toBe("name");
    expect(knownAbused({ platform: "github", nativeId: "145909" })?.matchedBy).toBe("id");
    expect(knownAbused({ platform: "github", name: "Heroku Dashboard Pro" })).toBeNull();
  });

  it("an id of one platform is nothing on another", () => {
    expect(knownAbused({ platform: "google", nativeId: PERFECT_DATA })).toBeNull();
  });

  it("an undisguised name is not the disguised one", () => {
    expect(knownAbused({ platform: "microsoft", name: "ShaгePoint Online" })).not.toBeNull();
    expect(knownAbused({ platform: "microsoft", name: "SharePoint Online" })).toBeNull();
  });

  it("a label that a report gave is not a name", () => {
    for (const app of abusedApps()) expect(app.names.join()).not.toMatch(/unknown|threat-actor/i);
  });

  it("Microsoft's own abused clients say so", () => {
    expect(knownAbused({ platform: "microsoft", nativeId: AZURE_CLI })?.firstParty).toBe(true);
  });
});

describe("first-party apps", () => {
  it("knows Microsoft's own, with the evidence", () => {
    expect(firstParty("microsoft", AZURE_CLI)).toMatchObject({ isFoci: true, isAi: false });
    expect(firstParty("microsoft", "7ab7862c-4c57-491e-8a45-d52a7e023983")).toMatchObject({
      name: "Copilot Studio",
      isAi: true,
    });
    expect(firstParty("microsoft", PERFECT_DATA)).toBeNull();
    expect(firstParty("google", AZURE_CLI)).toBeNull();
  });

  it("trusts strong evidence or Microsoft's tenant, and nothing else", () => {
    const contributed = "3b511579-5e00-46e1-a89e-a6f0870e2f5a";
    expect(firstParty("microsoft", contributed)?.evidence).toBe("community");
    expect(isFirstParty("microsoft", contributed)).toBe(false);
    expect(isFirstParty("microsoft", contributed, "f8cdef31-a31e-4b4a-93e4-5f571e91255a")).toBe(
      true,
    );
    expect(isFirstParty("microsoft", AZURE_CLI)).toBe(true);
    expect(isFirstParty("microsoft", PERFECT_DATA, "11111111-1111-4111-8111-111111111111")).toBe(
      false,
    );
    expect(isFirstParty("slack", "A024R9PQM", "72f988bf-86f1-41af-91ab-2d7cd011db47")).toBe(false);
  });
});

describe("vendors", () => {
  it.each([
    ["Zapier", "Zapier"],
    ["Jira Cloud for Slack", "Atlassian"],
    ["Claude for Slack", "Anthropic"],
    ["Otter.ai", "Otter.ai"],
    ["Fireflies.ai Notetaker", "Fireflies.ai"],
    ["Google Drive", "Google"],
    ["Microsoft Teams", "Microsoft"],
    ["GitHub", "GitHub"],
    ["Make", "Make"],
    ["Box for Slack", "Box"],
    ["PagerDuty", "PagerDuty"],
    ["Tray.io", "Tray"],
    ["Notion AI", "Notion"],
  ])("%s is %s's", (name, vendor) => expect(vendorOf({ platform: "slack", name })).toBe(vendor));

  it.each(["Make Reservations", "Box Office Times", "Front Door Camera", "Mirо", "Acme sync", ""])(
    "%j is nobody's",
    (name) => expect(vendorOf({ platform: "slack", name })).toBeNull(),
  );

  it("a domain outweighs the publisher, and the publisher the name", () => {
    const claims = { platform: "google", name: "Zapier", publisher: "Asana, Inc." } as const;
    expect(vendorOf({ ...claims, domains: ["https://app.box.com/cb"] })).toBe("Box");
    expect(vendorOf(claims)).toBe("Asana");
  });

  it("what customers publish is not the vendor's", () => {
    expect(vendorOf({ platform: "google", name: "x", domains: ["script.google.com"] })).toBeNull();
  });

  it("an attacker's app has no vendor, whatever its name", () => {
    const nativeId = "58427324-4e5d-4441-b029-cd2d532b47d7";
    expect(vendorOf({ platform: "microsoft", nativeId, name: "Adobe" })).toBeNull();
  });

  it("no two vendors claim one domain", () => {
    const domains = vendors().flatMap((vendor) => vendor.domains);
    expect(new Set(domains).size).toBe(domains.length);
  });
});

describe("techniques", () => {
  it("T01 to T76 are there, each with a platform and a mapping", () => {
    expect(techniques().map(({ id }) => id)).toEqual(
      Array.from({ length: 76 }, (_, index) => `T${String(index + 1).padStart(2, "0")}`),
    );
    for (const { id, platforms, attack, owasp, atlas } of techniques()) {
      expect(platforms.length, id).toBeGreaterThan(0);
      expect(attack.length + owasp.length + atlas.length, id).toBeGreaterThan(0);
      for (const outside of attack) expect(outside).toMatch(/^T\d{4}(\.\d{3})?$/);
      for (const outside of atlas) expect(outside).toMatch(/^AML\.T\d{4}(\.\d{3})?$/);
      for (const outside of owasp) expect(outside).toMatch(/^(NHI|ASI|LLM)\d+$/);
    }
  });

  it("maps several at once, each id once", () => {
    expect(mitreOf(["T01", "T07", "t57", "T99"])).toEqual({
      attack: ["T1114.002", "T1528", "T1671"],
      atlas: ["AML.T0051.001", "AML.T0093"],
      owasp: ["ASI01", "LLM01", "NHI3"],
    });
    expect(mitreOf([])).toEqual({ attack: [], atlas: [], owasp: [] });
    expect(technique("T77")).toBeNull();
    expect(technique("T70")?.platforms).toContain("github");
  });
});

describe("roles", () => {
  it.each([
    ["Global Administrator", 0],
    ["Company Administrator", 0],
    ["62e90394-69f5-4237-9190-012177145e10", 0],
    ["global reader", 1],
    ["Directory Readers", 2],
    ["Office cat", null],
  ])("%s is tier %s", (role, tier) => expect(roleTier(role)).toBe(tier));

  it.each([
    ["microsoft", "Global Administrator", true],
    ["microsoft", "Global Reader", true],
    ["microsoft", "Directory Readers", false],
    ["google", "_SEED_ADMIN_ROLE", true],
    ["google", "roles/iam.serviceAccountTokenCreator", true],
    ["google", "roles/viewer", false],
    ["slack", "workspace_owner", true],
    ["slack", "Org Owner", true],
    ["slack", "member", false],
    ["github", "admin", true],
    ["github", "write", false],
    ["okta", "SUPER_ADMIN", true],
    ["okta", "Read-only Administrator", false],
    ["okta", "Global Administrator", false],
  ] as const)("%s %s: %s", (platform, role, privileged) => {
    expect(isPrivilegedRole(platform, role)).toBe(privileged);
  });
});

describe("Slack actions and MCP servers", () => {
  it("an action has its group, an unknown one none", () => {
    expect(slackAction("app_scopes_expanded")).toBe("app");
    expect(slackAction("mcp_slack_read_channel_tool_called")).not.toBeNull();
    expect(slackAction("toString")).toBeNull();
  });

  it("a server is found by name, repository and package", () => {
    const name = "io.github.box-community/mcp-server-box";
    expect(mcpServer(name)?.name).toBe(name);
    expect(mcpServer("https://github.com/Box-Community/mcp-server-box.git")?.name).toBe(name);
    expect(mcpServer("box-community/mcp-server-box")?.name).toBe(name);
    expect(mcpServer("mcp-server-box")?.name).toBe(name);
    expect(mcpServer("@apify/actors-mcp-server")?.name).toBe("io.github.apify/actors-mcp-server");
    expect(mcpServer("mcp")).toBeNull();
    expect(mcpServer("phoenix")).toBeNull();
    expect(mcpServers().length).toBeGreaterThan(300);
  });
});

describe("search", () => {
  it.each([
    [PERFECT_DATA, "abused_app"],
    ["app.claude.ai", "ai_app"],
    ["ChatGPT", "ai_app"],
    ["Azure Portal", "first_party"],
    ["box-community/mcp-server-box", "mcp_server"],
    ["channels:history", "scope"],
    ["810c84a8-4a9e-49e6-bf7d-12d183f40d01", "scope"],
    ["T07", "technique"],
    ["PagerDuty", "vendor"],
    ["SUPER_ADMIN", "role"],
    ["global administrator", "role"],
  ])("%s is found first as %s", (term, source) => {
    expect(searchCatalog(term)[0]?.source).toBe(source);
  });

  it("exact comes before prefix, prefix before substring", () => {
    const names = searchCatalog("mail.read").map(({ name }) => name);
    expect(names[0]).toBe("Mail.Read");
    expect(names.indexOf("Mail.ReadWrite")).toBeLessThan(names.indexOf("User-Mail.ReadWrite.All"));
  });

  it("gives at most 50, and nothing for nothing", () => {
    expect(searchCatalog("read")).toHaveLength(50);
    expect(searchCatalog("  ")).toEqual([]);
    expect(searchCatalog("no such thing at all")).toEqual([]);
  });
});

it.each([
  ["https://user@www.Example.com:8443/cb?x=1", "example.com"],
  ["person@mail.example.com", "mail.example.com"],
  ["example.com.", "example.com"],
  ["com.example.app://callback", null],
  ["localhost", null],
  ["", null],
])("the host of %j is %j", (address, host) => expect(hostOf(address)).toBe(host));
