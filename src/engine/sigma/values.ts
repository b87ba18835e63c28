/** What a field of a record holds, as the texts that rules compare; and every text of a record, for keywords. */

/** Steps into a value at most; a hostile record can be wide and deep, a real one has some hundred texts. */
const STEPS_MAX = 100_000;

/**
 * The texts of a value: of a string, number or boolean one; of an array those of all of its entries, however nested; of null,
 * nothing and objects none.
 */
export function textsOf(value: unknown): string[] {
  return gather(value, false);
}

/** Every text in the record, in the values of objects too, in their order; names of fields are none. */
export function everyText(record: unknown): string[] {
  return gather(record, true);
}

/** Whether the field has no value: it does not exist, is null, or is an array of nothing else. */
export function isNull(value: unknown): boolean {
  if (value === undefined || value === null) return true;
  if (!Array.isArray(value)) return false;
  const open: unknown[] = [value];
  for (let steps = 0; open.length > 0 && steps < STEPS_MAX; steps++) {
    const one = open.pop();
    if (Array.isArray(one)) open.push(...one.slice(0, STEPS_MAX));
    else if (one !== null && one !== undefined) return false;
  }
  return true;
}

function gather(value: unknown, isDeep: boolean): string[] {
  const texts: string[] = [];
  const open: unknown[] = [value];
  for (let steps = 0; open.length > 0 && steps < STEPS_MAX; steps++) {
    const one = open.pop();
    if (typeof one === "string") texts.push(one);
    else if (typeof one === "number" || typeof one === "boolean") texts.push(String(one));
    else if (Array.isArray(one)) pushReversed(open, one);
    else if (isDeep && typeof one === "object" && one !== null) {
      pushReversed(open, Object.values(one));
    }
  }
  return texts;
}

/** So that they are popped in their own order. */
function pushReversed(open: unknown[], values: readonly unknown[]): void {
  for (let at = Math.min(values.length, STEPS_MAX) - 1; at >= 0; at--) open.push(values[at]);
}
