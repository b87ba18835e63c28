/** The smallest questions of Sigma rules: one field of one record against one value, in a form that equal questions share. */

/** A value with wildcards is a run of these; two `many` never stand side by side. */
export type PatternPart =
  | { readonly is: "text"; readonly text: string }
  /** `*`: any number of characters, none too. */
  | { readonly is: "many" }
  /** `?`: exactly one character, that is one Unicode code point. */
  | { readonly is: "one" }
  /** `%name%` of a value with `expand`; gone after `withPlaceholders` where the name has values. */
  | { readonly is: "placeholder"; readonly name: string };

export type Comparison = "gt" | "gte" | "lt" | "lte" | "eq" | "neq";
export type TimePart = "minute" | "hour" | "day" | "week" | "month" | "year";
export type FieldRefWay = "equals" | "startswith" | "endswith" | "contains";

export interface RegexFlags {
  /** Case does not matter. */
  readonly i: boolean;
  /** `^` and `$` match at line breaks too. */
  readonly m: boolean;
  /** `.` matches line breaks too. */
  readonly s: boolean;
}

/**
 * What is asked of one value of a record.
 *
 * A record's string, number or boolean is compared by its text: `517` and "517" are the same, and so are `true` and "True".
 * Objects are no values and meet nothing but `exists`. Where a field has several values (an array), one that passes is enough.
 * Unless `isCased`, both sides are folded by `fold`; texts in an atom that is not cased are folded already.
 */
export type Test =
  /** The whole text. The empty text is met by the empty text alone, not by null or a missing field. */
  | { readonly op: "equals"; readonly text: string; readonly isCased: boolean }
  /**
   * The whole text against parts; `contains`, `startswith` and `endswith` are parts with `many` at the ends. For keywords
   * (`field` null) the parts begin and end with `many`, unless `startswith` or `endswith` says otherwise.
   */
  | {
      readonly op: "pattern";
      readonly parts: readonly PatternPart[];
      readonly isCased: boolean;
    }
  /** Found anywhere in the text; the source is RE2's syntax, flags apart. */
  | { readonly op: "regex"; readonly source: string; readonly flags: RegexFlags }
  /**
   * An address of that network. `bytes` are 4 or 16, host bits zero. An IPv4 address written as IPv6 (`::ffff:192.0.2.1`)
   * is IPv6 and in no network of IPv4, as in Python's ipaddress, which pySigma asks.
   */
  | { readonly op: "cidr"; readonly bytes: readonly number[]; readonly prefixBits: number }
  /** Whether the field exists, whatever it holds: null, "" and [] exist too. */
  | { readonly op: "exists"; readonly isThere: boolean }
  /** A number, or a text that is a decimal number, against a number; anything else is not met. */
  | { readonly op: "compare"; readonly by: Comparison; readonly value: number }
  /** The field does not exist, is null, or has no value ([]). */
  | { readonly op: "null" }
  /** Any value of the field against any value of the other one; both must have one. Never a wildcard. */
  | {
      readonly op: "fieldref";
      readonly other: string;
      readonly way: FieldRefWay;
      readonly isCased: boolean;
    }
  /**
   * A part of a time, read as it is written, without regard to zones; times as a number of the epoch are read as UTC.
   * `week` is the ISO 8601 week, 1 to 53.
   */
  | {
      readonly op: "time";
      readonly part: TimePart;
      readonly by: Comparison;
      readonly value: number;
    };

/** A test bound to a field, or to every value of the record (a keyword) where `field` is null. */
export interface Atom {
  /** Equal atoms have equal keys, whatever rule they are of. */
  readonly key: string;
  readonly field: string | null;
  readonly test: Test;
}

export function atomOf(field: string | null, test: Test): Atom {
  return { key: JSON.stringify([field, ...Object.values(test)]), field, test };
}

/** How Sigma ignores case: by lower case, without regard to any language. */
export function fold(text: string): string {
  return text.toLowerCase();
}
