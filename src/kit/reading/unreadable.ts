/** Why something cannot be read, in a user's words and with the cure. */

/** A source that cannot be read at all: it costs one row of the quarantine, and the rest is read. */
export class UnreadableSource extends Error {
  override readonly name = "UnreadableSource";
}

const WHY: Readonly<Record<string, string>> = {
  ENOENT: "there is no such file or folder: check the spelling",
  EACCES: "you may not read it: check its permissions",
  EPERM: "you may not read it: check its permissions",
  ELOOP: "it is a link that leads back to itself",
  EISDIR: "it became a folder while the scan ran",
  EMFILE: "too many files are open: raise the limit with `ulimit -n`",
  EIO: "the disk gave an error: copy the file again",
};

export function whyUnreadable(cause: unknown): string {
  const code = cause instanceof Error && "code" in cause ? String(cause.code) : "";
  return WHY[code] ?? messageOf(cause);
}

export function messageOf(cause: unknown): string {
  return cause instanceof Error ? cause.message : String(cause);
}
