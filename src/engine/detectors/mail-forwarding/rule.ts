/** What a mail rule does, out of the words in which the platforms' readers write it down. */

/** Folders that nobody looks into: where rules of intruders put the mail that would give them away. */
const HIDING_FOLDER =
  /moves to [^;]*\b(rss (feeds|subscriptions)|conversation history|deleted items|trash|junk|spam|archive|sync issues|notes)\b/i;

/** What such rules look for: answers about money, and warnings about the break-in. */
const SENSITIVE_CONDITION =
  /when [^;]*\b(invoice|payment|wire|bank|iban|payroll|remittance|password|security|phish\w*|hack\w*|spam|virus|suspicious|help ?desk|it support|unusual|sign-?in|mfa|verification)/i;

export interface Hiding {
  /** Points for how well the rule hides mail. */
  readonly points: number;
  /** In words; empty for a rule that hides nothing. */
  readonly does: readonly string[];
}

/** `rule "."; deletes messages; marks as read; when subjectcontainswords invoice` hides in four ways. */
export function hidingOf(detail: string | null): Hiding {
  const does: string[] = [];
  let points = 0;
  const note = (isSo: boolean, weight: number, words: string): void => {
    if (!isSo) return;
    points += weight;
    does.push(words);
  };
  const text = detail ?? "";
  note(/\bdeletes messages\b/.test(text), 1, "deletes what it matches");
  note(HIDING_FOLDER.test(text), 1, "moves it where nobody looks");
  note(points > 0 && /\bmarks as read\b/.test(text), 1, "marks it as read");
  note(SENSITIVE_CONDITION.test(text), points > 0 ? 2 : 1, "looks for money or security matters");
  note(isNameless(text), 2, "has a name of punctuation or one letter only");
  return { points, does };
}

/** Intruders' tools name rules ".", ".." or "a" so that lists hide them. */
function isNameless(text: string): boolean {
  const name = /^rule "([^"]*)"/.exec(text)?.[1];
  return name !== undefined && (/^[^\p{L}\p{N}]*$/u.test(name) || /^\p{L}$/u.test(name));
}
