/** Every spelling of a scope has its risk, and several together say how far they reach. */

import { describe, expect, it } from "vitest";
import { graphPermission, knownScopes, scopeName, scopeRisk, summarizeScopes } from "./scopes.ts";

describe("tiers", () => {
  it.each([
    ["microsoft", "Mail.Read", undefined, "high"],
    ["microsoft", "Mail.Read", "application", "high"],
    ["microsoft", "Mail.ReadWrite", "application", "critical"],
    ["microsoft", "Mail.ReadWrite", "delegated", "high"],
    ["microsoft", "Mail.Send", "application", "critical"],
    ["microsoft", "User.Read", "delegated", "low"],
    ["microsoft", "offline_access", "delegated", "low"],
    ["microsoft", "openid", "delegated", "low"],
    ["microsoft", "email", "delegated", "low"],
    ["microsoft", "profile", "delegated", "low"],
    ["microsoft", "Directory.ReadWrite.All", "application", "critical"],
    ["microsoft", "Directory.ReadWrite.All", "delegated", "critical"],
    ["microsoft", "Directory.Read.All", "application", "high"],
    ["microsoft", "RoleManagement.ReadWrite.Directory", "application", "critical"],
    ["microsoft", "AppRoleAssignment.ReadWrite.All", "application", "critical"],
    ["microsoft", "Files.ReadWrite.All", "application", "critical"],
    ["microsoft", "Files.Read.All", "application", "high"],
    ["microsoft", "Sites.Selected", "application", "low"],
    ["microsoft", "full_access_as_app", "application", "critical"],
    ["microsoft", "Chat.Read.All", "application", "critical"],
    ["microsoft", "Calendars.Read", "delegated", "medium"],
    ["google", "https://mail.google.com/", undefined, "critical"],
    ["google", "https://www.googleapis.com/auth/drive", undefined, "high"],
    ["google", "https://www.googleapis.com/auth/drive.file", undefined, "low"],
    ["google", "https://www.googleapis.com/auth/gmail.readonly", undefined, "high"],
    ["google", "https://www.googleapis.com/auth/calendar.readonly", undefined, "medium"],
    ["google", "https://www.googleapis.com/auth/admin.directory.user", undefined, "critical"],
    ["google", "https://www.googleapis.com/auth/cloud-platform", undefined, "critical"],
    ["google", "openid", undefined, "low"],
    ["google", "email", undefined, "low"],
    ["google", "https://www.googleapis.com/auth/userinfo.profile", undefined, "low"],
    ["slack", "channels:history", undefined, "high"],
    ["slack", "groups:history", undefined, "high"],
    ["slack", "im:history", undefined, "high"],
    ["slack", "mpim:history", undefined, "high"],
    ["slack", "chat:write", undefined, "medium"],
    ["slack", "files:read", undefined, "high"],
    ["slack", "search:read", undefined, "high"],
    ["slack", "admin", undefined, "critical"],
    ["slack", "admin.users:write", undefined, "critical"],
    ["slack", "users:read", undefined, "medium"],
    ["slack", "incoming-webhook", undefined, "medium"],
    ["slack", "emoji:read", undefined, "low"],
    ["github", "admin:org", undefined, "critical"],
    ["github", "repo", undefined, "high"],
    ["github", "metadata:read", undefined, "low"],
    ["github", "administration:write", undefined, "critical"],
    ["okta", "okta.roles.manage", undefined, "critical"],
    ["okta", "okta.users.read", undefined, "medium"],
    ["salesforce", "full", undefined, "critical"],
    ["anthropic", "org:create_api_key", undefined, "high"],
  ] as const)("%s %s (%s) is %s", (platform, scope, how, tier) => {
    expect(scopeRisk(platform, scope, how).tier).toBe(tier);
  });
});

describe("spellings", () => {
  it.each([
    ["microsoft", "https://graph.microsoft.com/Mail.Read", "Mail.Read"],
    ["microsoft", "https://outlook.office.com/Mail.Read", "mail.read"],
    ["microsoft", "810c84a8-4a9e-49e6-bf7d-12d183f40d01", "Mail.Read"],
    ["microsoft", "E2A3A72E-5F79-4C64-B1B1-878B674786C9", "Mail.ReadWrite"],
    ["google", "gmail.readonly", "https://www.googleapis.com/auth/gmail.readonly"],
    ["google", "mail.google.com", "https://mail.google.com/"],
    ["google", "HTTPS://MAIL.GOOGLE.COM", "https://mail.google.com/"],
    ["github", "contents: write", "contents:write"],
    ["slack", "CHANNELS:HISTORY", "channels:history"],
  ] as const)("%s: %s is %s", (platform, a, b) => {
    expect(scopeRisk(platform, a, "application")).toEqual(scopeRisk(platform, b, "application"));
  });

  it("an id tells its type, so nobody has to", () => {
    expect(graphPermission("e2a3a72e-5f79-4c64-b1b1-878b674786c9")).toEqual({
      name: "Mail.ReadWrite",
      how: "application",
      needsAdmin: true,
    });
    expect(scopeRisk("microsoft", "e2a3a72e-5f79-4c64-b1b1-878b674786c9", "delegated").tier).toBe(
      "critical",
    );
    expect(graphPermission("405a51b5-8d8d-430b-9842-8be4b0e9f324")?.how).toBeNull();
    expect(graphPermission("00000000-0000-0000-0000-000000000000")).toBeNull();
    expect(scopeName("microsoft", "810c84a8-4a9e-49e6-bf7d-12d183f40d01")).toBe("Mail.Read");
  });
});

describe("reach", () => {
  it("an app-only permission reaches everybody, a delegated one its user", () => {
    expect(scopeRisk("microsoft", "Mail.Read", "application").tenantWide).toBe(true);
    expect(scopeRisk("microsoft", "Mail.Read", "delegated").tenantWide).toBe(false);
    expect(scopeRisk("microsoft", "User.Read.All", "delegated").tenantWide).toBe(true);
    expect(scopeRisk("microsoft", "Sites.Selected", "application").tenantWide).toBe(false);
  });

  it("domain-wide delegation makes a user's scope reach the domain", () => {
    expect(scopeRisk("google", "gmail.readonly").tenantWide).toBe(false);
    expect(scopeRisk("google", "gmail.readonly", "application").tenantWide).toBe(true);
  });

  it.each([
    ["microsoft", "Mail.Read", "mail", "read"],
    ["microsoft", "Files.ReadWrite.All", "files", "write"],
    ["microsoft", "RoleManagement.ReadWrite.Directory", "admin", "admin"],
    ["google", "drive", "files", "write"],
    ["slack", "channels:history", "chat", "read"],
    ["slack", "admin.users:write", "admin", "admin"],
    ["github", "repo", "code", "write"],
  ] as const)("%s %s opens %s to %s", (platform, scope, area, access) => {
    const risk = scopeRisk(platform, scope, platform === "microsoft" ? "application" : undefined);
    expect(risk.areas).toContain(area);
    expect(risk.access).toBe(access);
  });
});

describe("scopes that nobody rated", () => {
  it.each([
    ["microsoft", "Novelty.ReadWrite.All", "high", "write"],
    ["microsoft", "Novelty.Read", "low", "read"],
    ["google", "https://www.googleapis.com/auth/admin.novelty", "high", "admin"],
    ["google", "https://www.googleapis.com/auth/novelty.readonly", "medium", "read"],
    ["google", "https://www.google.com/m8/feeds", "medium", "write"],
    ["slack", "admin.novelty:write", "critical", "admin"],
    ["slack", "novelty:write", "medium", "write"],
    ["slack", "novelty:read", "low", "read"],
    ["okta", "okta.novelty.manage", "high", "admin"],
    ["github", "organization_novelty:write", "high", "admin"],
  ] as const)("%s %s is judged by its form: %s", (platform, scope, tier, access) => {
    expect(scopeRisk(platform, scope)).toMatchObject({ tier, access });
  });

  it.each([
    ["microsoft", "novelty"],
    ["microsoft", ".default"],
    ["google", "novelty"],
    ["slack", "novelty"],
    ["github", ""],
    ["okta", "okta"],
  ] as const)("%s %j is unknown", (platform, scope) => {
    expect(scopeRisk(platform, scope).tier).toBe("unknown");
  });
});

describe("summaries", () => {
  it("the worst scope decides, and sign-in scopes are not worth a name", () => {
    expect(summarizeScopes("microsoft", ["openid", "User.Read", "Mail.Read"], "delegated")).toEqual(
      {
        tier: "high",
        riskiest: ["Mail.Read"],
        areas: ["identity", "mail"],
        broad: false,
      },
    );
  });

  it("many kinds of data, or everybody's, is broad", () => {
    expect(summarizeScopes("slack", ["files:read", "channels:history", "tokens.basic"]).broad).toBe(
      true,
    );
    expect(summarizeScopes("microsoft", ["Mail.Read"], "application").broad).toBe(true);
    expect(summarizeScopes("slack", ["channels:history"]).broad).toBe(false);
  });

  it("ids become names, doubles fall away, five are enough", () => {
    const summary = summarizeScopes("microsoft", [
      "810c84a8-4a9e-49e6-bf7d-12d183f40d01",
      "Mail.Read",
      "Mail.ReadWrite",
      "Mail.Send",
      "Files.ReadWrite.All",
      "Directory.ReadWrite.All",
      "Chat.Read",
    ]);
    expect(summary.riskiest).toHaveLength(5);
    expect(summary.riskiest[0]).toBe("Directory.ReadWrite.All");
    expect(new Set(summary.riskiest).size).toBe(5);
  });

  it("nothing known is unknown", () => {
    const nothing = { tier: "unknown", riskiest: [], areas: [], broad: false };
    expect(summarizeScopes("google", [])).toEqual(nothing);
    expect(summarizeScopes("slack", ["novelty"])).toEqual(nothing);
  });

  it("the order of the scopes does not matter", () => {
    const scopes = ["Mail.Read", "Files.Read.All", "User.Read", "Calendars.Read"];
    expect(summarizeScopes("microsoft", scopes)).toEqual(
      summarizeScopes("microsoft", [...scopes].reverse()),
    );
  });
});

it("every scope of the catalogue has a tier, an area and an honest type", () => {
  for (const { platform, scope, tier, areas, how } of knownScopes()) {
    expect(areas, scope).not.toHaveLength(scope === ".default" ? 1 : 0);
    if (scope !== ".default") expect(tier, `${platform} ${scope} ${how}`).not.toBe("unknown");
  }
});
