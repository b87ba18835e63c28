/** Sigma's rules that come with the program load, and name fields that our platforms have. */

import { existsSync, readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { technique } from "#catalog/techniques.ts";
import { correlationsIn } from "#engine/sigma/correlate/correlations.ts";
import { rulesIn, type Speaker, speakingDocuments } from "#engine/sigma/documents.ts";
import { recordMatcher } from "#engine/sigma/matcher.ts";
import { parseSigma } from "#engine/sigma/parse.ts";
import { pipelineFiles, route } from "#engine/sigma/pipelines/pipelines.ts";
import { testSideCar } from "#jobs/rules/test-side-car.ts";
import { platforms } from "#platforms/index.ts";

const FOLDER = new URL("../src/engine/sigma/pipelines/", import.meta.url);

describe("Sigma's pipelines and our platforms", () => {
  it("every product's file is in the list", () => {
    const files = readdirSync(FOLDER).filter((name) => name.endsWith(".json"));
    const listed = pipelineFiles.map(({ product }) => `${product.replace("_", "-")}.json`);
    expect(listed.sort()).toEqual(files.sort());
  });

  const services = platforms.flatMap((platform) =>
    platform.services
      .filter(({ holds }) => holds === "events")
      .map(({ id }) => [`${platform.id} ${id}`, platform.id, id] as const),
  );
  const routes = pipelineFiles.flatMap(({ product }) => route({ product }));

  it.each(services)("%s: rules can be written for it", (_, platform, id) => {
    const family = (one: string): string => one.replace(/\*$/, "");
    const isRead = routes.some(({ reads }) =>
      reads.some(
        (one) =>
          one.platform === platform &&
          (one.service === id || (one.service.endsWith("*") && id.startsWith(family(one.service)))),
      ),
    );
    expect(isRead).toBe(true);
  });

  it("no route reads a service that no platform knows", () => {
    const known = services.map(([, , id]) => id);
    const unknown = routes
      .flatMap(({ reads }) => reads.map(({ service }) => service))
      .filter((service) => {
        const family = service.slice(0, service.indexOf(":") + 1);
        return !known.includes(service) && !known.includes(`${family}*`);
      });
    expect(unknown).toEqual([]);
  });
});

function documentsOf(text: string) {
  const { documents, problems } = parseSigma(text);
  expect(problems).toEqual([]);
  return documents;
}

function parsed(text: string) {
  return rulesIn(documentsOf(text));
}

const RULES = fileURLToPath(new URL("../rules/", import.meta.url));
const files = readdirSync(RULES, { recursive: true, encoding: "utf8" })
  .filter((name) => name.endsWith(".yml") && !name.endsWith(".test.yml"))
  .sort();

describe("no record breaks the matching", () => {
  const documents = files.flatMap((name) => documentsOf(readFileSync(`${RULES}${name}`, "utf8")));
  const keyword = parsed(
    "title: Any\nlogsource: { product: slack }\ndetection: { k: [needle], condition: k }\n",
  );
  const matcher = recordMatcher([...documents, ...keyword]);
  const examples = platforms.flatMap(({ id, services: some }) =>
    some.map((service) => ({ platform: id, service: service.id, record: service.example })),
  );

  it("whatever stands in its fields", () => {
    const wounded = fc
      .tuple(fc.constantFrom(...examples), fc.dictionary(fc.string(), fc.jsonValue()), fc.nat())
      .map(([example, more, place]) => {
        const keys = Object.keys(example.record);
        const key = keys[place % Math.max(1, keys.length)] ?? "a";
        const [value = null] = Object.values(more);
        return { ...example, record: { ...example.record, ...more, [key]: value } };
      });
    fc.assert(
      fc.property(wounded, ({ platform, service, record }) => {
        const found = matcher(record, platform, service);
        expect(found.length).toBeGreaterThan(0);
      }),
      { numRuns: 3_000 },
    );
  });

  it.each([
    ["objects", (inner: unknown) => ({ a: inner })],
    ["lists", (inner: unknown) => [inner]],
  ])("nor %s in one another, a hundred thousand deep", (_, wrap) => {
    let deep: unknown = "needle";
    for (let depth = 0; depth < 100_000; depth++) deep = wrap(deep);
    for (const { platform, service, record } of examples) {
      for (const key of Object.keys(record)) {
        expect(() => matcher({ ...record, [key]: deep }, platform, service)).not.toThrow();
      }
    }
  });
});

describe("the rules that come with the program", () => {
  const speakersIn = (name: string): Speaker[] =>
    documentsOf(readFileSync(`${RULES}${name}`, "utf8")).filter((one) => one.kind !== "filter");

  it("are many, and no two have the same id or title", () => {
    const rules = files.flatMap(speakersIn);
    expect(rules.filter(({ kind }) => kind === "correlation").length).toBeGreaterThanOrEqual(5);
    expect(rules.length).toBeGreaterThanOrEqual(25);
    expect(new Set(rules.map(({ id }) => id)).size).toBe(rules.length);
    expect(new Set(rules.map(({ title }) => title)).size).toBe(rules.length);
  });

  it.each(files)("%s is whole: every field is known, every tag leads somewhere", (name) => {
    const speakers = speakersIn(name);
    const speaking = speakingDocuments(speakers);
    expect(correlationsIn(speakers).problems).toEqual([]);
    for (const rule of speakers) {
      expect(rule.id).toMatch(
        /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/,
      );
      if (rule.kind === "rule") {
        expect(route(rule.logsource).flatMap(({ reads }) => reads)).not.toEqual([]);
      }
      const ours = rule.tags.filter((tag) => tag.startsWith("singura."));
      // What only a correlation reads is no technique by itself.
      expect(ours.length).toBe(speaking.includes(rule) ? 1 : 0);
      for (const tag of ours) expect(technique(tag.slice("singura.".length))).not.toBeNull();
      expect(rule.level).not.toBeNull();
      expect(rule.falsepositives.length).toBeGreaterThan(0);
    }
  });

  it.each(files)("%s does what its tests say", (name) => {
    const sideCar = `${RULES}${name.replace(/\.yml$/, ".test.yml")}`;
    expect(existsSync(sideCar)).toBe(true);
    const results = testSideCar(speakersIn(name), readFileSync(sideCar, "utf8"));
    expect(results.filter(({ failure }) => failure !== null)).toEqual([]);
    expect(results.length).toBeGreaterThanOrEqual(2);
  });
});
