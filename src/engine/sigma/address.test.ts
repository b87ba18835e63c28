import { describe, expect, it } from "vitest";
import { isInNetwork, parseAddress, parseNetwork } from "./address.ts";

function inside(address: string, network: string): boolean {
  const parsed = parseNetwork(network);
  if (parsed === null || parsed === "host bits") throw new Error(`${network} is no network`);
  return isInNetwork(address, parsed);
}

describe("addresses and networks", () => {
  it.each([
    ["192.0.2.1", "192.0.2.0/24", true],
    ["198.51.100.1", "192.0.2.0/24", false],
    ["192.0.2.127", "192.0.2.0/25", true],
    ["192.0.2.128", "192.0.2.0/25", false],
    ["203.0.113.9", "0.0.0.0/0", true],
    ["192.0.2.1", "192.0.2.1", true],
    ["192.0.2.2", "192.0.2.1/32", false],
    ["2001:db8::1", "2001:db8::/32", true],
    ["2001:DB8:0:0::1", "2001:db8::/32", true],
    ["2001:db8:1::1", "2001:db8:2::/48", false],
    ["::1", "::1/128", true],
    ["fe80::1", "fe80::/10", true],
    ["::ffff:192.0.2.1", "192.0.2.0/24", false],
    ["::ffff:192.0.2.1", "::ffff:192.0.2.0/120", true],
    ["192.0.2.1", "::/0", false],
  ])("%s in %s: %s", (address, network, isIn) => {
    expect(inside(address, network)).toBe(isIn);
  });

  it.each([
    "",
    "192.0.2",
    "192.0.2.256",
    "192.0.02.1",
    "192.0.2.1:443",
    "1::2::3",
    "1:2:3:4:5:6:7",
    ":::",
    "12345::",
    "2001:db8::1%eth0",
    "1:2:3:4:5:6:7:8:9",
  ])("%j is no address", (text) => {
    expect(parseAddress(text)).toBeNull();
  });

  it("a network with bits behind its prefix is told from one that cannot be read", () => {
    expect(parseNetwork("192.0.2.1/24")).toBe("host bits");
    expect(parseNetwork("192.0.2.0/33")).toBeNull();
    expect(parseNetwork("192.0.2.0/x")).toBeNull();
  });
});
