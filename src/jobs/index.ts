/** Every job, one line each. */

import { evaluate } from "./evaluate.ts";
import { scan } from "./scan.ts";

export const jobs = [scan, evaluate] as const;
