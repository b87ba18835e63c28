import { readdirSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { pipelineFiles, route } from "#engine/sigma/pipelines/pipelines.ts";
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
