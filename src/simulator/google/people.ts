/** What people do by hand in Workspace: sign in, read, write, share, ask Gemini; and administrators at the console. */

import type { Prng } from "#base/prng.ts";
import { type Company, officeMoments, type Person } from "#simulator/company.ts";
import type { Day, Emission, Performer } from "#simulator/stage.ts";
import { desk, home } from "./apps.ts";
import { anyDoc, ownDoc } from "./documents.ts";
import { steady } from "./habits.ts";
import { recipient } from "./member.ts";
import {
  type Access,
  accessed,
  administered,
  chatted,
  groupChanged,
  mailForwarded,
  opened,
  planned,
  prompted,
  type Scene,
  sharedWith,
  signedIn,
} from "./records.ts";

export function peopleOf(company: Company): Performer[] {
  return company.people.map((person) => ({
    id: `google person ${person.index}`,
    act: (day, rng, emit) => act(company, person, day, rng, emit),
  }));
}

function act(
  company: Company,
  who: Person,
  day: Day,
  rng: Prng,
  emit: (emission: Emission) => void,
): void {
  // Some work at home on some days.
  const place = rng.chance(0.5 * steady(who.email, 7)) ? home(who) : desk(who);
  const scene = (at: number): Scene => ({ company, at, who, place, rng });
  for (const at of officeMoments(company, who, day.start, 0.9, rng)) {
    if (rng.chance(0.03)) emit(signedIn(scene(at - 20_000), false));
    emit(signedIn(scene(at)));
  }
  // A few people live in their documents, most look in now and then.
  const eagerness = 1.5 + 9 * steady(who.email, 5) ** 3 * (steady(who.email, 6) > 0.97 ? 8 : 1);
  for (const at of officeMoments(company, who, day.start, eagerness, rng)) {
    emit(accessed(scene(at), rng.pick(BY_HAND), anyDoc(rng, who)));
  }
  for (const at of officeMoments(company, who, day.start, 0.35, rng)) {
    emit(somethingElse(scene(at)));
  }
  if (!runsConsole(who)) return;
  for (const at of officeMoments(company, who, day.start, who.isAdmin ? 1.4 : 0.3, rng))
    emit(console(scene(at)));
}

const BY_HAND: readonly Access[] = [
  "view",
  "view",
  "view",
  "view",
  "edit",
  "edit",
  "edit",
  "create",
  "download",
  "rename",
  "create_comment",
  "trash",
  "copy",
];

/** What happens less often than once a day. */
function somethingElse(scene: Scene): Emission {
  const { company, who, rng } = scene;
  const draw = rng.next();
  if (draw < 0.3) return planned(scene, "create_event", "Meeting");
  if (draw < 0.55) {
    const right = rng.chance(0.5) ? "can_edit" : "can_view";
    return sharedWith(
      scene,
      ownDoc(who, rng.int(0, 40)),
      recipient(company, { outside: 0.15 }, rng),
      right,
    );
  }
  if (draw < 0.58) return opened(scene, ownDoc(who, rng.int(0, 40)));
  if (draw < 0.62) {
    const group = `${who.team}-talk@${company.domain}`;
    return groupChanged(scene, "add_member", group, rng.pick(company.people).email);
  }
  if (draw < 0.75) return chatted(scene, `AAAA${who.team}`);
  if (draw < 0.9)
    return prompted(
      scene,
      rng.pick(["docs", "gmail", "sheets"]),
      rng.pick(["summarize", "help_me_write", "ask"]),
    );
  // Some people send their mail to a second mailbox of their own.
  if (draw < 0.9003) return mailForwarded(scene, `${who.email.split("@", 1)[0]}@mailbox.example`);
  return accessed(scene, "print", anyDoc(rng, who));
}

/** Everybody in IT has rights at the Admin console; a few have all of them. */
export function runsConsole(person: Person): boolean {
  return person.team === "it" && person.leftAt === null;
}

/** An administrator's everyday work. */
function console(scene: Scene): Emission {
  const { company, rng } = scene;
  const person = rng.pick(company.people);
  const user = { USER_EMAIL: person.email };
  const draw = rng.next();
  if (draw < 0.3) return administered(scene, "USER_SETTINGS", "CHANGE_PASSWORD", user);
  if (draw < 0.55) {
    return administered(scene, "GROUP_SETTINGS", "ADD_GROUP_MEMBER", {
      ...user,
      GROUP_EMAIL: `${person.team}@${company.domain}`,
    });
  }
  if (draw < 0.7) {
    const name = rng.pick(["UNSUSPEND_USER", "CREATE_USER", "SUSPEND_USER", "CHANGE_LAST_NAME"]);
    return administered(scene, "USER_SETTINGS", name, user);
  }
  if (draw < 0.8) {
    return administered(scene, "USER_SETTINGS", "MOVE_USER_TO_ORG_UNIT", {
      ...user,
      NEW_VALUE: `/${person.team}`,
    });
  }
  if (draw < 0.9) {
    return administered(scene, "APPLICATION_SETTINGS", "CHANGE_APPLICATION_SETTING", {
      APPLICATION_NAME: rng.pick(["Google Meet", "Drive and Docs", "Calendar"]),
      SETTING_NAME: rng.pick(["Default meeting length", "Template gallery", "Working hours"]),
      OLD_VALUE: "30",
      NEW_VALUE: rng.pick(["45", "60", "25"]),
      ORG_UNIT_NAME: company.name,
    });
  }
  if (draw < 0.93) {
    return administered(scene, "DELEGATED_ADMIN_SETTINGS", "ASSIGN_ROLE", {
      ...user,
      ROLE_NAME: rng.pick(["_GROUPS_ADMIN_ROLE", "_HELP_DESK_ADMIN_ROLE"]),
    });
  }
  return administered(scene, "USER_SETTINGS", "CHANGE_RECOVERY_EMAIL", user);
}
