/** Where software runs: clouds and hosting with their networks, all in addresses that are set aside for benchmarks. */

import type { Prng } from "#base/prng.ts";
import type { Office } from "#simulator/company.ts";
import type { Place } from "./records/common.ts";

interface Cloud {
  readonly asn: string;
  readonly countries: readonly string[];
  /** How often it is chosen. */
  readonly share: number;
}

const CLOUDS: readonly Cloud[] = [
  { asn: "8075", countries: ["IE", "NL", "US", "DE"], share: 40 },
  { asn: "16509", countries: ["IE", "US", "DE"], share: 28 },
  { asn: "396982", countries: ["BE", "US"], share: 12 },
  { asn: "24940", countries: ["DE", "FI"], share: 8 },
  { asn: "16276", countries: ["FR", "CA"], share: 6 },
  { asn: "14061", countries: ["NL", "US"], share: 6 },
];

/** Cheap rented servers. Honest products run there, too. */
const HOSTING: readonly Cloud[] = [
  { asn: "20473", countries: ["NL", "SG", "US"], share: 3 },
  { asn: "9009", countries: ["RO", "GB", "SE"], share: 3 },
  { asn: "14061", countries: ["SG", "NL"], share: 2 },
  { asn: "24940", countries: ["FI"], share: 1 },
];

const AGENTS = [
  "azsdk-net-core/1.44.1 (.NET 8.0.10; Linux)",
  "python-requests/2.32.3",
  "axios/1.9.0",
  "Go-http-client/2.0",
  "GuzzleHttp/7",
  "Apache-HttpClient/5.4 (Java/21.0.4)",
  "kiota-dotnet/1.19",
  "msgraph-sdk-java/6.20",
  "node-fetch/3.3",
  "okhttp/4.12.0",
  "PowerShell/7.4 (Windows NT 10.0)",
] as const;

export function cloudPlace(rng: Prng): Place {
  return placeIn(rng, CLOUDS);
}

export function hostingPlace(rng: Prng): Place {
  return {
    ...placeIn(rng, HOSTING),
    userAgent: rng.pick([
      "python-requests/2.31.0",
      "python-httpx/0.28.1",
      "axios/1.7.2",
      "Go-http-client/1.1",
    ]),
  };
}

/** A server in the cellar of an office. */
export function serverRoom(rng: Prng, office: Office): Place {
  return {
    ip: `${office.network}.${rng.int(220, 250)}`,
    asn: office.asn,
    country: office.country,
    userAgent: rng.pick(AGENTS),
  };
}

function placeIn(rng: Prng, clouds: readonly Cloud[]): Place {
  let draw = rng.next() * clouds.reduce((sum, { share }) => sum + share, 0);
  let found = clouds[0];
  for (const cloud of clouds) {
    found = cloud;
    draw -= cloud.share;
    if (draw < 0) break;
  }
  return {
    ip: `198.19.${rng.int(0, 255)}.${rng.int(1, 254)}`,
    asn: found?.asn ?? "8075",
    country: rng.pick(found?.countries ?? ["US"]),
    userAgent: rng.pick(AGENTS),
  };
}

/** Another machine of the same network, behind the same software. */
export function neighbour(rng: Prng, place: Place): Place {
  return { ...place, ip: `${place.ip.slice(0, place.ip.lastIndexOf("."))}.${rng.int(1, 254)}` };
}
