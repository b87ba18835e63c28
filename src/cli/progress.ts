/** The progress bar of a scan on stderr: share read, rate and time to go. Silent when stderr is no terminal. */

import type { ScanProgress } from "#jobs/scan.ts";
import type { Deps } from "./app.ts";

const EVERY_MS = 100;
const BAR_COLUMNS = 24;
const CLEAR_LINE = "\r\u001b[2K";

/** `show` may be called as often as one likes; `clear` removes the bar. */
export function progressBar(deps: Pick<Deps, "err" | "isErrTty" | "clock">) {
  const startedAt = deps.clock();
  let shownAt = startedAt;
  let isShown = false;
  return {
    show(progress: ScanProgress): void {
      const now = deps.clock();
      if (!deps.isErrTty || now - shownAt < EVERY_MS) return;
      shownAt = now;
      isShown = true;
      deps.err(CLEAR_LINE + progressLine(progress, now - startedAt));
    },
    clear(): void {
      if (isShown) deps.err(CLEAR_LINE);
    },
  };
}

/** `Reading ████████░░░░ 42 %  1.2 M events  210 MB/s  8 s left`, or without share and end where the size is unknown. */
export function progressLine(progress: ScanProgress, elapsedMs: number): string {
  const { bytesRead, bytesTotal, events } = progress;
  const perMs = bytesRead / Math.max(elapsedMs, 1);
  const rate = `${((perMs * 1_000) / 1e6).toFixed(perMs < 10 ? 1 : 0)} MB/s`;
  const counted = `${events.toLocaleString("en-US")} events`;
  if (bytesTotal === 0) {
    return `Reading ${(bytesRead / 1e6).toFixed(1)} MB  ${counted}  ${rate}`;
  }
  const share = Math.min(bytesRead / bytesTotal, 1);
  const full = Math.round(share * BAR_COLUMNS);
  const bar = "█".repeat(full) + "░".repeat(BAR_COLUMNS - full);
  const leftS = Math.ceil((bytesTotal - bytesRead) / Math.max(perMs, 1e-9) / 1_000);
  const left = share >= 1 ? "judging" : `${duration(leftS)} left`;
  return `Reading ${bar} ${String(Math.floor(share * 100)).padStart(3)} %  ${counted}  ${rate}  ${left}`;
}

function duration(seconds: number): string {
  if (seconds < 90) return `${seconds} s`;
  if (seconds < 5_400) return `${Math.round(seconds / 60)} min`;
  return `${(seconds / 3_600).toFixed(1)} h`;
}
