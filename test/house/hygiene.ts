/** What must never stand in the repository: places of one machine, hosts of registries, data about real people. */
import { isIP, isIPv4 } from "node:net";
import type { Rule, Tree, Violation } from "#test/house/tree.ts";

/** Written with classes of one character, so that this file does not break its own rule. */
const machinePath = /(?<![\w.~/@:-])[/](?:work|root|home|Users)[/][\w.-]+/;
const registryHost =
  /\b(?:registry[.](?:npmjs|yarnpkg)[.](?:org|com)|npm[.]pkg[.]github[.]com|pypi[.]org|files[.]pythonhosted[.]org|static[.]crates[.]io|proxy[.]golang[.]org|repo1?[.]maven[.]org|deb[.]debian[.]org)\b/;

/** The repository is the same on every machine and names none of them. */
export const placeRule: Rule = (tree) =>
  eachLine(tree, (line) => {
    const found = machinePath.exec(line)?.[0] ?? registryHost.exec(line)?.[0];
    return found === undefined ? [] : [`names a place of one machine or a registry: ${found}`];
  });

/** Data for tests and samples is invented: only addresses that are reserved for examples. */
export const inventedRule: Rule = (tree) => {
  const data = new Map([...tree].filter(([file]) => isInventedData(file)));
  return eachLine(data, (line) => [
    ...addressesIn(line)
      .filter((address) => !isReserved(address))
      .map((address) => `a public IP address: ${address}`),
    ...emailDomainsIn(line)
      .filter((domain) => !isExampleDomain(domain))
      .map((domain) => `an e-mail address at a real domain: ${domain}`),
  ]);
};

function isInventedData(file: string): boolean {
  if (file.startsWith("src/catalog/")) return false;
  return (
    /(?:^|\/)(?:fixtures?|samples?|testdata)\//.test(file) ||
    /^(?:test|stress|bench|src\/simulator)\//.test(file) ||
    /\.test\.tsx?$/.test(file) ||
    /(?:^|\/)(?:fake|testing|fixtures?)\.ts$/.test(file)
  );
}

function eachLine(tree: Tree, check: (line: string) => Violation[]): Violation[] {
  const violations: Violation[] = [];
  for (const [file, text] of tree) {
    let number = 0;
    for (const line of text.split("\n")) {
      number += 1;
      for (const what of check(line)) violations.push(`${file}:${number}: ${what}`);
    }
  }
  return violations;
}

function addressesIn(line: string): string[] {
  // "Chrome/120.0.0.0" is a version and no address.
  const v4 = line.matchAll(/(?<![\w.]|[A-Za-z]\/|\d-)\d{1,3}(?:\.\d{1,3}){3}(?![\w.]*\.\d|\w)/g);
  const v6 = line.matchAll(/(?<![\w:.])[\dA-Fa-f]{0,4}(?::[\dA-Fa-f]{0,4}){2,7}(?![\w:]|\.\d)/g);
  const isWanted = (text: string) => isIP(text) === 4 || (isIP(text) === 6 && /\d/.test(text));
  return [...v4, ...v6].map(([text]) => text).filter(isWanted);
}

/** Documentation, benchmark, private, loopback and link-local ranges (RFC 5737, 2544, 3849, 9637, 1918, 6598, 4193). */
function isReserved(address: string): boolean {
  if (isIPv4(address)) {
    return /^(?:192\.0\.2\.|198\.51\.100\.|203\.0\.113\.|198\.1[89]\.|10\.|127\.|0\.|169\.254\.|192\.168\.|172\.(?:1[6-9]|2\d|3[01])\.|100\.(?:6[4-9]|[7-9]\d|1[01]\d|12[0-7])\.|255\.255\.255\.255$)/.test(
      address,
    );
  }
  return /^(?:2001:0?db8:|3fff:|fe[89ab][\da-f]:|f[cd][\da-f]{2}:|::1?$)/i.test(address);
}

function emailDomainsIn(line: string): string[] {
  const found = line.matchAll(/[\w.%+-]+@([A-Za-z\d-]+(?:\.[A-Za-z\d-]+)*\.[A-Za-z]{2,})\b/g);
  return [...found].map(([, domain]) => (domain ?? "").toLowerCase());
}

/** Reserved names (RFC 2606, 6761), and the domains under which vendors name robots and never people. */
function isExampleDomain(domain: string): boolean {
  return (
    /(?:^|\.)example(?:\.(?:com|org|net))?$/.test(domain) ||
    /\.(?:test|invalid|localhost|local)$/.test(domain) ||
    /(?:^|\.)gserviceaccount\.com$/.test(domain) ||
    /(?:^|\.)calendar\.google\.com$/.test(domain) ||
    domain === "users.noreply.github.com"
  );
}
