/** Every job, one line each. */

import { scan } from "./scan.ts";

export const jobs = [scan] as const;
