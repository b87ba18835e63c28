/** Names of products: the well-known ones, and invented ones. */

import type { Prng } from "#base/prng.ts";
import type { Trade } from "./trades.ts";

const HEADS =
  "Al Bri Cor Del Em Fin Gal Hel Ink Jun Kal Lum Mon Nim Ori Pel Quo Ras Sol Tel Ul Ven Wil Xy Yor Zen".split(
    " ",
  );
const TAILS =
  "bo cada dex fa gent hive ia jet ko line mo nest o pay quick rio scape tap vo wise".split(" ");

/** Names of products: the well-known ones first, each once; then invented ones that do not repeat. */
export class Names {
  readonly #taken = new Set<string>();

  next(trade: Trade, rng: Prng): string {
    const brand = trade.brands?.find((name) => !this.#taken.has(name));
    if (brand !== undefined && rng.chance(0.3)) return this.#take(brand);
    const word = rng.pick(trade.words);
    // A script is called what its maker called it, and many makers have the same idea.
    if (trade.kind === "script") return rng.chance(0.7) ? word : `${word} ${rng.int(2, 9)}`;
    if (trade.reach[0] === "self") return this.#unlike(word, "-", rng);
    return this.#unlike(`${coined(rng)} ${word}`, " ", rng);
  }

  #unlike(name: string, gap: string, rng: Prng): string {
    let found = name;
    while (this.#taken.has(found)) found = `${name}${gap}${rng.int(2, 9_999)}`;
    return this.#take(found);
  }

  #take(name: string): string {
    this.#taken.add(name);
    return name;
  }
}

/** A word that no product has. */
export function coined(rng: Prng): string {
  return `${rng.pick(HEADS)}${rng.pick(TAILS)}`;
}
