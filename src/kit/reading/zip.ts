/** The members of a zip archive as sources. */

import yauzl from "yauzl";
import { compareText } from "#base/order.ts";
import type { Source } from "./sources.ts";
import { unwrap } from "./unpack.ts";
import { messageOf, UnreadableSource } from "./unreadable.ts";

/** One source a member, in the order of names. */
export async function zipSources(path: string): Promise<Source[]> {
  const members = await membersOf(path);
  const archive = openArchive(path, members.length);
  return members.map((entry) => {
    const source: Source = {
      path: `${path}!${entry.fileName}`,
      size: entry.compressedSize,
      packing: ".zip",
      async *open(onRead) {
        try {
          const zip = await archive.open();
          onRead(entry.compressedSize);
          yield* unwrap(await zip.openReadStreamPromise(entry), source);
        } finally {
          archive.leave();
        }
      },
    };
    return source;
  });
}

async function membersOf(path: string): Promise<yauzl.Entry[]> {
  try {
    const zip = await yauzl.openPromise(path, { autoClose: false });
    try {
      const members: yauzl.Entry[] = [];
      for await (const entry of zip.eachEntry()) {
        const isFile = !entry.fileName.endsWith("/");
        if (isFile && !/(^|\/)(\.|__MACOSX\/)/.test(entry.fileName)) members.push(entry);
      }
      return members.sort((a, b) => compareText(a.fileName, b.fileName));
    } finally {
      zip.close();
    }
  } catch (cause) {
    throw new UnreadableSource(
      `begins like a zip archive but cannot be opened (${messageOf(cause)}): export it again, or unzip it yourself`,
    );
  }
}

/** The archive is open from its first member's turn to its last one's, so that a folder of archives needs one at a time. */
function openArchive(path: string, members: number) {
  let opened: Promise<yauzl.ZipFile> | null = null;
  let left = members;
  return {
    async open(): Promise<yauzl.ZipFile> {
      opened ??= yauzl.openPromise(path, { autoClose: false, lazyEntries: true });
      return await opened;
    },
    leave(): void {
      left--;
      if (left > 0) return;
      opened?.then(
        (zip) => zip.close(),
        () => {},
      );
    },
  };
}
