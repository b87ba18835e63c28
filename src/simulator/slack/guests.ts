/** Guests of the workspace: contractors and clients who see a few channels, with addresses of their own companies. */

import { hash32 } from "#base/hash.ts";
import { type Company, type Person, stableId } from "#simulator/company.ts";
import { machines } from "./apps.ts";

const FIRST = "Ada Bo Cleo Dirk Elin Fritz Gwen Hugo Ines Jarl Kaya Leif Mina Nils".split(" ");
const LAST = "Ahlgren Birk Carver Dahl Eide Foss Gran Hauge Iser Jensen Krog Lund".split(" ");
const FIRMS = ["brightpath", "northlight", "kestrel-parts", "oakline", "tarn-studio", "velora"];

/** `key` makes the guest: the same key is the same one. */
export function guestOf(company: Company, key: string): Person {
  const draw = (salt: number, from: readonly string[]) =>
    from[hash32(`${company.seed} guest ${key}`, salt) % from.length] ?? "";
  const name = `${draw(1, FIRST)} ${draw(2, LAST)}`;
  const email = `${name.toLowerCase().replace(" ", ".")}${hash32(key) % 100}@${draw(3, FIRMS)}.example`;
  const office = company.offices[hash32(key, 4) % company.offices.length];
  const host = company.people[0];
  if (host === undefined || office === undefined)
    throw new Error("a company has people and offices");
  return {
    ...host,
    // Beyond the employees, so that draws by number stay apart.
    index: 1_000_000 + (hash32(key, 5) % 1_000_000),
    name,
    email,
    team: "marketing",
    office,
    ip: machines(`guest ${email}`, 1)[0] ?? host.ip,
    isAdmin: false,
    isGuest: true,
    leftAt: null,
    slackId: `U0${stableId(`slack guest ${company.seed} ${key}`, 9)}`,
  };
}

/** About one for every fifteen employees. */
export function guestsOf(company: Company): Person[] {
  const count = Math.ceil(company.people.length / 15);
  return Array.from({ length: count }, (_, index) => guestOf(company, `house ${index}`));
}
