import { closeSync, openSync, readSync } from "node:fs";

/** Reads `length` bytes of a font file from `offset` on. */
export type ReadBytes = (offset: number, length: number) => DataView;

/** A font file that is in memory as a whole. */
export function bytesOf(file: Uint8Array): ReadBytes {
  return (offset, length) => new DataView(file.buffer, file.byteOffset + offset, length);
}

/**
 * A font file that stays on disk: of one with thousands of outlines few are ever needed. Every read
 * throws when the file is gone.
 */
export function bytesIn(path: string): ReadBytes {
  return (offset, length) => {
    const bytes = new Uint8Array(length);
    const file = openSync(path, "r");
    try {
      readSync(file, bytes, 0, length, offset);
    } finally {
      closeSync(file);
    }
    return new DataView(bytes.buffer);
  };
}
