/** The sample workspace: three weeks of an invented company's exports, everyday work with intrusions hidden in it. */

import type { SampleFile } from "./container.ts";
import { googleFiles } from "./google.ts";
import { microsoftFiles } from "./microsoft.ts";
import { otherFiles } from "./others.ts";
import { slackFiles } from "./slack.ts";
import { createWorld } from "./world.ts";

export type { SampleFile } from "./container.ts";

/**
 * Every file of the sample. `now` is the end of its three weeks, cut to the midnight before it. The same seed and end
 * give the same bytes. Files are made when they are read, so that one need not hold them all.
 */
export function* sampleWorkspace({
  seed,
  now,
}: {
  seed: number;
  now: number;
}): Generator<SampleFile> {
  const world = createWorld(seed, now);
  yield* slackFiles(world);
  yield* googleFiles(world);
  yield* microsoftFiles(world);
  yield* otherFiles(world);
}
