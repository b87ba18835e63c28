/** Errors as the API tells them: the one place where anything that is thrown becomes a status and a problem document. */

import type { z } from "zod";
import type { Problem } from "#contract/api/common.ts";
import { UserError } from "#kit/error.ts";
import { codeOf, isAway } from "#store/problems.ts";

interface Extra {
  readonly errors?: Problem["errors"];
  /** Response headers. */
  readonly headers?: Readonly<Record<string, string>>;
}

/** A refusal that a route decides on. `code` is for programs, `detail` for people. */
export class ApiError extends Error {
  readonly status: number;
  readonly code: string;
  readonly errors: Problem["errors"];
  readonly headers: Readonly<Record<string, string>>;

  constructor(status: number, code: string, detail: string, { errors, headers = {} }: Extra = {}) {
    super(detail);
    this.name = "ApiError";
    this.status = status;
    this.code = code;
    this.errors = errors;
    this.headers = headers;
  }
}

/** The same for what does not exist and for what is another organization's: nobody learns which. */
export function notFound(what: string): ApiError {
  return new ApiError(404, "not_found", `There is no such ${what}.`);
}

export function tooMany(code: string, detail: string, retryAfterS: number): ApiError {
  const seconds = String(Math.max(1, Math.ceil(retryAfterS)));
  return new ApiError(429, code, detail, { headers: { "retry-after": seconds } });
}

/** What a schema refused, field by field; never with the value, which may be a secret. */
export function invalid(where: string, issues: readonly z.core.$ZodIssue[]): ApiError {
  const errors = issues.slice(0, 20).flatMap((issue) => {
    if (issue.code !== "unrecognized_keys") {
      return [{ path: [where, ...issue.path].join("."), message: issue.message }];
    }
    return issue.keys.slice(0, 20).map((key) => ({
      path: [where, ...issue.path, key.slice(0, 64)].join("."),
      message: "is not known here",
    }));
  });
  return new ApiError(400, "request.invalid", `The ${where} of the request is not as it must be.`, {
    errors,
  });
}

const TITLES: Readonly<Record<number, string>> = {
  400: "Bad request",
  401: "Not signed in",
  403: "Not allowed",
  404: "Not found",
  408: "Too slow",
  409: "Conflict",
  413: "Too large",
  415: "Unsupported media type",
  422: "Not possible",
  429: "Too many requests",
  500: "Our mistake",
  503: "Not available now",
};

/** What Fastify itself refuses, in the words of this API. */
const OF_STATUS: Readonly<Record<number, readonly [code: string, detail: string]>> = {
  400: [
    "request.malformed",
    "The request cannot be read: its body is no JSON, or its address is malformed.",
  ],
  413: ["body.too_large", "The body is larger than this route takes."],
  415: ["body.unsupported_type", "This route does not take a body of this Content-Type."],
  503: ["server.closing", "This server is shutting down: ask again, another may answer."],
};

const AWAY = new ApiError(
  503,
  "database.away",
  "The database does not answer just now: ask again in a few seconds.",
  { headers: { "retry-after": "5" } },
);

/** From anything that was thrown to the error that is told. What is our own mistake tells nothing of itself. */
export function errorOf(cause: unknown): ApiError {
  if (cause instanceof ApiError) return cause;
  // 57014: the statement took longer than it may.
  if (isAway(cause) || codeOf(cause) === "57014") return AWAY;
  if (cause instanceof UserError) {
    return cause.code.startsWith("database.") ? AWAY : new ApiError(400, cause.code, cause.message);
  }
  // Class 22 of SQLSTATE is data that the database cannot take, as a forged place in a list.
  if (/^22[0-9A-Z]{3}$/.test(codeOf(cause))) {
    return new ApiError(
      400,
      "request.unfit_value",
      "A value in the request is none that can be looked for.",
    );
  }
  const status = statusOf(cause);
  const known = status === undefined ? undefined : OF_STATUS[status];
  if (status !== undefined && known !== undefined) return new ApiError(status, ...known);
  if (status !== undefined && status < 500) {
    return new ApiError(status, "request.refused", "The request was refused.");
  }
  return new ApiError(
    500,
    "internal",
    "This is a mistake in Singura. The log of the server has the details under the request's id.",
  );
}

export function problemOf(error: ApiError, requestId: string): Problem {
  return {
    type: `urn:singura:problem:${error.code}`,
    title: TITLES[error.status] ?? "Refused",
    status: error.status,
    code: error.code,
    detail: error.message,
    requestId,
    ...(error.errors && { errors: error.errors }),
  };
}

/** The status that Fastify gave an error of its own. */
function statusOf(cause: unknown): number | undefined {
  if (!(cause instanceof Error) || !("statusCode" in cause)) return undefined;
  const { statusCode } = cause;
  return typeof statusCode === "number" && codeOf(cause).startsWith("FST_")
    ? statusCode
    : undefined;
}
