/** A batch: some bytes of one source with the places of whole records in them, small enough to hand to a worker. */

/** How records stand in the bytes. */
export type Shape = "ndjson" | "json" | "csv" | "binary" | "empty";

export interface Batch {
  /** Index of the source. */
  readonly source: number;
  readonly shape: Shape;
  /** The list's key where the rows were cut out of a page, else null. */
  readonly key: string | null;
  /** CSV: column names. */
  readonly header: readonly string[] | null;
  /** CSV: the field separator. */
  readonly separator: string;
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** Start and end of each record in `bytes`, in turn. */
  readonly spans: Uint32Array<ArrayBuffer>;
  /** 1-based line (ndjson, csv) or record number (json) of each record. */
  readonly lines: Float64Array<ArrayBuffer>;
  /** What could not even be cut into a record. */
  readonly rejects: readonly Reject[];
}

/** A record that cannot be read, with the reason in a user's words. */
export interface Reject {
  readonly line: number;
  readonly reason: string;
}
