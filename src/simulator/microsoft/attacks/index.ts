/** All attacks of the Microsoft side. */

import type { Scenario } from "#simulator/stage.ts";
import { aiAttacks } from "./ai.ts";
import { consentAttacks } from "./consent.ts";
import { credentialAttacks } from "./credentials.ts";
import { exfiltrationAttacks } from "./exfiltration.ts";
import { limitAttacks } from "./limits.ts";
import { privilegeAttacks } from "./privileges.ts";
import { tokenAttacks } from "./tokens.ts";

export const attacks: readonly Scenario[] = [
  ...consentAttacks,
  ...credentialAttacks,
  ...privilegeAttacks,
  ...tokenAttacks,
  ...exfiltrationAttacks,
  ...limitAttacks,
  ...aiAttacks,
];
