/** What every job is: a name, and work that is handed the world and its input. */

import type { z } from "zod";

export interface Job<Deps, Input, Output> {
  readonly name: string;
  /** Its input as it travels through a queue; absent where it never does. */
  readonly input?: z.ZodType<Input>;
  run(deps: Deps, input: Input): Promise<Output>;
}
