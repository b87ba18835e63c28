/** Addresses and networks of IPv4 and IPv6, as bytes. */

/** 4 or 16 bytes, or null where the text is no address. Zones and ports are none of an address. */
export function parseAddress(text: string): number[] | null {
  if (text.length > 45) return null;
  return text.includes(":") ? parseV6(text) : parseV4(text);
}

function parseV4(text: string): number[] | null {
  const parts = text.split(".");
  if (parts.length !== 4) return null;
  const bytes: number[] = [];
  for (const part of parts) {
    // Leading zeros mean octal to some readers and decimal to others; nobody should guess.
    if (!/^(?:0|[1-9]\d{0,2})$/.test(part) || Number(part) > 255) return null;
    bytes.push(Number(part));
  }
  return bytes;
}

function parseV6(text: string): number[] | null {
  const [before = "", after, more] = text.split("::");
  if (more !== undefined) return null;
  const head = groupsOf(before, after === undefined);
  if (head === null) return null;
  if (after === undefined) return head.length === 16 ? head : null;
  const tail = groupsOf(after, true);
  if (tail === null || head.length + tail.length > 14) return null;
  return [...head, ...new Array<number>(16 - head.length - tail.length).fill(0), ...tail];
}

/** Groups of four hexadecimal digits; the very last one may be an IPv4 address. */
function groupsOf(text: string, isEnd: boolean): number[] | null {
  if (text === "") return [];
  const bytes: number[] = [];
  const groups = text.split(":");
  for (const [index, group] of groups.entries()) {
    if (isEnd && index === groups.length - 1 && group.includes(".")) {
      const v4 = parseV4(group);
      if (v4 === null) return null;
      bytes.push(...v4);
    } else {
      if (!/^[0-9a-f]{1,4}$/i.test(group)) return null;
      const value = Number.parseInt(group, 16);
      bytes.push(value >> 8, value & 0xff);
    }
  }
  return bytes;
}

export interface Network {
  readonly bytes: readonly number[];
  readonly prefixBits: number;
}

/** `10.0.0.0/8`, `2001:db8::/32`, or an address alone, which is a network of one. */
export function parseNetwork(text: string): Network | "host bits" | null {
  const [address = "", prefix, more] = text.split("/");
  const bytes = parseAddress(address);
  if (bytes === null || more !== undefined) return null;
  const bits = bytes.length * 8;
  if (prefix === undefined) return { bytes, prefixBits: bits };
  if (!/^\d{1,3}$/.test(prefix) || Number(prefix) > bits) return null;
  const prefixBits = Number(prefix);
  const network = { bytes: masked(bytes, prefixBits), prefixBits };
  return bytes.every((byte, index) => byte === network.bytes[index]) ? network : "host bits";
}

function masked(bytes: readonly number[], prefixBits: number): number[] {
  return bytes.map((byte, index) => byte & maskOf(prefixBits, index));
}

/** The bits of that byte that belong to the network. */
function maskOf(prefixBits: number, index: number): number {
  const bits = Math.min(Math.max(prefixBits - index * 8, 0), 8);
  return (0xff << (8 - bits)) & 0xff;
}

export function isInNetwork(text: string, { bytes, prefixBits }: Network): boolean {
  const address = parseAddress(text);
  if (address?.length !== bytes.length) return false;
  return masked(address, prefixBits).every((byte, index) => byte === bytes[index]);
}
