/** Places and agents are compared by what stays the same from day to day. */

import { describe, expect, it } from "vitest";
import { agentFamily, networkOf } from "./origin.ts";

describe("networkOf", () => {
  it.each([
    ["192.0.2.77", "192.0.2.0/24"],
    ["::ffff:192.0.2.77", "192.0.2.0/24"],
    ["2001:db8:1:2::17", "2001:db8:1::/48"],
    ["2001:DB8:1::", "2001:db8:1::/48"],
  ])("%s is of %s", (ip, network) => {
    expect(networkOf(ip)).toBe(network);
  });

  it("what is no address has no network", () => {
    expect(networkOf("unknown")).toBeNull();
  });
});

describe("agentFamily", () => {
  it.each([
    ["python-requests/2.31.0", "python-requests"],
    ["Slackbot 1.0 (+https://api.slack.com/robots)", "slackbot"],
    ["okhttp/4.12.0", "okhttp"],
    [
      "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/138.0.0.0 Safari/537.36",
      "browser chrome",
    ],
    [
      "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/138.0.0.0 Safari/537.36 Edg/138.0",
      "browser edge",
    ],
    ["Mozilla/5.0 (compatible; ClaudeBot/1.0; +claudebot@example.com)", "claudebot"],
    ["Client=REST;Client=RESTSystem;;", "client=rest"],
    ["/1.0", "unnamed"],
    // Whoever writes user agents must not be able to make the reader search for years.
    [`${"1".repeat(47)}x`, `${"1".repeat(47)}x`],
  ])("%s is %s", (userAgent, family) => {
    expect(agentFamily(userAgent)).toBe(family);
  });

  it("a new version is no new family", () => {
    expect(agentFamily("sync-tool/9.1")).toBe(agentFamily("sync-tool/10.0.2-beta"));
  });
});
