/** What kinds of AI products there are. */

import { oneOf } from "./text.ts";

/** The categories of ai-apps.json. */
export const AI_CATEGORIES = [
  "assistant",
  "meeting_notetaker",
  "agent",
  "agent_builder",
  "workflow_automation",
  "coding_agent",
  "enterprise_search",
  "model_api",
  "vector_store",
  "local_runtime",
  "media",
  "writing",
  "research_document",
  "scheduling_email",
  "other",
] as const;
export type AiCategory = (typeof AI_CATEGORIES)[number];

/** Narrows a category of a JSON file; throws on one that is not in the list. */
export function aiCategory(text: string): AiCategory {
  return oneOf(AI_CATEGORIES, text);
}
