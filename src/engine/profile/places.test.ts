/** Places of sessions join in any order, and say no more than the records did. */

import { expect, it } from "vitest";
import { UNKNOWN_CLIENT } from "#contract/event.ts";
import { joinPlaces, placeOf, placesIn } from "./places.ts";

it("a client without an address is nowhere", () => {
  expect(placeOf({ ...UNKNOWN_CLIENT, country: "DE" })).toBeNull();
});

it("a place has the network, and the provider and country that are known", () => {
  const place = placeOf({ ip: "192.0.2.7", asn: "64500", country: null, userAgent: "x" });
  expect(placesIn(place ?? "")).toEqual([{ network: "192.0.2.0/24", asn: "64500", country: "" }]);
});

it("two addresses of one network are one place", () => {
  const [one, other] = ["192.0.2.7", "192.0.2.8"].map((ip) => placeOf({ ...UNKNOWN_CLIENT, ip }));
  expect(joinPlaces(one ?? undefined, other ?? "")).toBe(one);
});

it("the same places are kept in whatever order they come, and at most eight", () => {
  const all = Array.from({ length: 12 }, (_, index) => `192.0.${index}.0/24||`);
  const join = (places: readonly string[]) =>
    places.reduce<string | undefined>((held, place) => joinPlaces(held, place), undefined);
  const forward = join(all);
  expect(forward).toBe(join([...all].reverse()));
  expect(placesIn(forward ?? "")).toHaveLength(8);
});
