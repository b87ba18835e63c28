/** Errors that answer whose fault it is: the user's (with the cure), or ours (anything else that is thrown). */

/** Exit codes of sysexits.h, as far as we use them. */
export const EXIT = {
  ok: 0,
  bug: 1,
  findings: 2,
  usage: 64,
  noInput: 66,
  unavailable: 69,
  cannotCreate: 73,
} as const;

/** Something the user can mend. `message` says what, where and how to mend it; `code` is for scripts and logs. */
export class UserError extends Error {
  readonly code: string;
  readonly exitCode: number;

  constructor(code: string, message: string, exitCode: number = EXIT.usage) {
    super(message);
    this.name = "UserError";
    this.code = code;
    this.exitCode = exitCode;
  }
}
