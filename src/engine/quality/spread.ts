/** Several runs as one: of every figure the median over the seeds, with the least and the greatest. */

import { median } from "#base/stats.ts";
import { type QualityFigures, QualitySpreads, type Spread } from "#contract/quality.ts";

/** The tree of figures with each figure replaced by its spread. A part that only some runs have is spread over those. */
export function spreadsOf(runs: readonly QualityFigures[]): QualitySpreads {
  return QualitySpreads.parse(spreadTree(runs));
}

/** Seeds that do not define the figure have no vote. */
export function spreadOf(values: readonly (number | null)[]): Spread {
  const known = values.filter((value) => value !== null);
  if (known.length === 0) return { median: null, min: null, max: null };
  return { median: median(known), min: Math.min(...known), max: Math.max(...known) };
}

function spreadTree(nodes: readonly unknown[]): unknown {
  const branches = nodes.filter((node) => typeof node === "object" && node !== null);
  if (branches.length > 0) {
    const keys = [...new Set(branches.flatMap((branch) => Object.keys(branch)))].sort();
    return Object.fromEntries(keys.map((key) => [key, spreadTree(childrenOf(branches, key))]));
  }
  const [word] = nodes;
  if (typeof word === "string") return word;
  return spreadOf(nodes.map((node) => (typeof node === "number" ? node : null)));
}

function childrenOf(branches: readonly object[], key: string): unknown[] {
  return branches.flatMap((branch) =>
    Object.entries(branch).flatMap(([name, child]) => (name === key ? [child] : [])),
  );
}
