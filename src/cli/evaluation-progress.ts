/** The progress line of an evaluation on stderr: what each seed is at. Silent when stderr is no terminal. */

import type { SeedProgress } from "#jobs/evaluate/seeds.ts";
import type { Deps } from "./app.ts";
import { progressBar } from "./progress.ts";

const EVERY_MS = 100;
const CLEAR_LINE = "\r\u001b[2K";
/** More would not fit on one line. */
const SEEDS_SHOWN = 4;

export function evaluationProgress(deps: Pick<Deps, "err" | "isErrTty" | "clock">, seeds: number) {
  const bar = progressBar(deps);
  const running = new Map<number, SeedProgress>();
  let shownAt = 0;
  let isShown = false;
  return {
    onRead: bar.show,
    onSeed(progress: SeedProgress): void {
      running.set(progress.seed, progress);
      const now = deps.clock();
      if (!deps.isErrTty || now - shownAt < EVERY_MS) return;
      shownAt = now;
      isShown = true;
      deps.err(CLEAR_LINE + evaluationLine([...running.values()], seeds));
    },
    clear(): void {
      bar.clear();
      if (isShown) deps.err(CLEAR_LINE);
    },
  };
}

/** `3 of 10 seeds  103 reading 12/30 · 104 judging` */
export function evaluationLine(running: readonly SeedProgress[], seeds: number): string {
  const latest = running.slice(-SEEDS_SHOWN).map(({ seed, step, done, of }) => {
    const share = of > 1 ? ` ${done}/${of}` : "";
    return `seed ${seed} ${step}${share}`;
  });
  return `${running.length} of ${seeds} ${seeds === 1 ? "seed" : "seeds"} begun  ${latest.join(" · ")}`;
}
