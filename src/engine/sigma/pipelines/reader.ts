/** Reads the fields of a rule in records: by the pipeline of its logsource, else as they stand. */

import { type Accessor, plainAccessor } from "./path.ts";
import { type Logsource, resolve } from "./pipelines.ts";

/** From a field to its accessor. What no pipeline knows is read plainly; checking a rule reports it. */
export function fieldReader(logsource: Logsource): (field: string) => Accessor {
  const known = new Map<string, Accessor>();
  return (field) => {
    let accessor = known.get(field);
    if (accessor === undefined) {
      accessor = resolve(logsource, field) ?? plainAccessor(field);
      known.set(field, accessor);
    }
    return accessor;
  };
}
