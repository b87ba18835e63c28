/** The OpenAPI 3.1 description of the API, made of the routes themselves. */

import { z } from "zod";
import { Problem } from "#contract/api/common.ts";
import type { Route } from "./route.ts";

type Json = Record<string, unknown>;

/** Schemas that have an id in `.meta` stand once, among the components. */
export function openApi(routes: readonly Route[], version: string): Json {
  const schemas: Json = {};
  const paths: Record<string, Json> = {};
  const schemaOf = (schema: z.ZodType, io: "input" | "output") => {
    const { $schema: _, $defs = {}, ...json } = pointed(z.toJSONSchema(schema, { io }));
    Object.assign(schemas, $defs);
    const id = schema.meta()?.id;
    if (id === undefined) return json;
    schemas[id] = json;
    return { $ref: `#/components/schemas/${id}` };
  };
  const problem = {
    description: "What is wrong and how to mend it",
    content: { "application/problem+json": { schema: schemaOf(Problem, "output") } },
  };
  for (const route of routes) {
    const path = route.path.replace(/:(\w+)/g, "{$1}");
    paths[path] = {
      ...paths[path],
      [route.method.toLowerCase()]: operation(route, schemaOf, problem),
    };
  }
  return {
    openapi: "3.1.1",
    info: {
      title: "Singura",
      version,
      description: "Automations that can act in your SaaS, and what is wrong with them.",
    },
    paths,
    components: {
      schemas,
      securitySchemes: { apiKey: { type: "http", scheme: "bearer", description: "An API key" } },
    },
  };
}

function operation(
  route: Route,
  schemaOf: (schema: z.ZodType, io: "input" | "output") => Json,
  problem: Json,
): Json {
  const { method, auth, accepts, body } = route;
  const parameters = [
    ...parametersOf("path", route.params),
    ...parametersOf("query", route.query),
    ...parametersOf("header", route.headers),
  ];
  const binary = Object.fromEntries((accepts ?? []).map((type) => [type, {}]));
  const content = body ? { "application/json": { schema: schemaOf(body, "input") } } : binary;
  return {
    summary: route.summary,
    operationId: operationId(route),
    ...(auth !== "public" && { security: [{ apiKey: [] }], "x-scope": auth }),
    ...(parameters.length > 0 && { parameters }),
    ...(method !== "GET" && { requestBody: { required: true, content } }),
    responses: {
      [route.status ?? 200]: {
        description: "Success",
        content: { "application/json": { schema: schemaOf(route.response, "output") } },
      },
      default: problem,
    },
  };
}

/** "GET /api/v1/findings/:id" -> "getFindingsById". */
function operationId({ method, path }: Route): string {
  const words = path
    .replace("/api/v1", "")
    .split("/")
    .filter(Boolean)
    .map((word) => (word.startsWith(":") ? `by-${word.slice(1)}` : word));
  return [method.toLowerCase(), ...words]
    .join("-")
    .replace(/-(\w)/g, (_, letter: string) => letter.toUpperCase());
}

/** The fields of a schema of texts, each a parameter. */
function parametersOf(where: "path" | "query" | "header", schema: z.ZodType | undefined): Json[] {
  if (schema === undefined) return [];
  const { properties = {}, required = [], $defs } = z.toJSONSchema(schema, { io: "input" });
  return Object.entries(properties).map(([name, property]) => {
    const { description, ...own } = typeof property === "object" ? inlined(property, $defs) : {};
    return {
      name,
      in: where,
      required: required.includes(name),
      ...(description !== undefined && { description }),
      schema: own,
    };
  });
}

type Schema = z.core.JSONSchema.BaseSchema;

function inlined({ $ref, ...own }: Schema, defs: Record<string, Schema> | undefined): Schema {
  const { id: _, ...meant } = defs?.[$ref?.replace("#/$defs/", "") ?? ""] ?? {};
  return { ...meant, ...own };
}

/** With references to where the components stand. */
function pointed<T>(json: T): T {
  return JSON.parse(JSON.stringify(json).replaceAll('"#/$defs/', '"#/components/schemas/'));
}
