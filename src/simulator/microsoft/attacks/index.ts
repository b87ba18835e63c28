/** All attacks of the Microsoft side. */

import type { Scenario } from "#simulator/stage.ts";
import { aiAttacks } from "./ai.ts";
import { consentAttacks } from "./consent.ts";
import { credentialAttacks } from "./credentials.ts";
import { limitAttacks } from "./limits.ts";
import { tokenAttacks } from "./tokens.ts";

export const attacks: readonly Scenario[] = [
  ...consentAttacks,
  ...credentialAttacks,
  ...tokenAttacks,
  ...limitAttacks,
  ...aiAttacks,
];
