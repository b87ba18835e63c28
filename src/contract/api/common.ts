/** What all answers of the API share: times, ids, pages, problems, and the scopes of its keys. */

import { z } from "zod";

/** RFC 3339 in UTC with milliseconds. */
export const Instant = z.iso.datetime();

/** How an answer says a time that is kept as epoch milliseconds. */
export function instant(at: number): string;
export function instant(at: number | null): string | null;
export function instant(at: number | null): string | null {
  return at === null ? null : new Date(at).toISOString();
}

/** A text from outside, of at most `max` characters. No database takes the character NUL. */
export function text(max: number, min = 1) {
  return z
    .string()
    .min(min)
    .max(max)
    .regex(/^[^\0]*$/, "holds a NUL character");
}

export const Id = text(256);

/** What an API key may be allowed to do. */
export const Scope = z
  .enum([
    "automations:read",
    "completeness:read",
    "findings:read",
    "findings:write",
    "ingest:write",
    "runs:read",
    "stats:read",
  ])
  .meta({ id: "Scope" });
export type Scope = z.infer<typeof Scope>;

/** Where a page of a list begins, and how long it is. */
export const PageQuery = z.strictObject({
  after: text(2_048).optional().meta({ description: "`next` of the page before" }),
  limit: z.coerce.number().int().min(1).max(500).default(50),
});

/** One page of a list. */
export function pageOf<Item extends z.ZodType>(item: Item) {
  return z.object({
    items: z.array(item),
    next: z.string().nullable().meta({ description: "`after` of the next page; null on the last" }),
  });
}

/** Every error, by RFC 9457. */
export const Problem = z
  .object({
    type: z.string(),
    title: z.string(),
    status: z.int().min(400).max(599),
    /** For programs; it never changes. */
    code: z.string(),
    /** For people: what is wrong and how to mend it. */
    detail: z.string(),
    /** Names the request in the server's log. */
    requestId: z.string(),
    /** Which fields are wrong, where it is fields. */
    errors: z.array(z.object({ path: z.string(), message: z.string() })).optional(),
  })
  .meta({ id: "Problem" });
export type Problem = z.infer<typeof Problem>;
