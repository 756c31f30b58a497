import { promisify } from "node:util";
import { constants, crc32, createDeflate, deflate } from "node:zlib";
import type { PixelRows } from "./pixel-rows.ts";

/** The last rows of a picture, compressed, to end a PNG whose other rows are compressed anew. */
export type Foot = {
  readonly height: number;
  readonly deflated: Uint8Array;
  /** The Adler-32 checksum of the rows. */
  readonly checksum: number;
  /** How many bytes the rows have. */
  readonly length: number;
};

// Measured on eight kinds of pictures: 6 takes a third longer than 5 for 2 % fewer bytes, 3 spares
// a third for 10 % more. No filter makes flat colours smaller. A foot is compressed once.
const LEVEL = 5;
const FOOT_LEVEL = 8;
const MEMORY_LEVEL = 9;

const deflated = promisify(deflate);

/** Compresses the last rows of a picture, for {@link pngOf}. */
export async function footOf({ height, bytes }: PixelRows): Promise<Foot> {
  const stream = await deflated(bytes, { level: FOOT_LEVEL, memLevel: MEMORY_LEVEL });
  return {
    height,
    deflated: stream.subarray(HEADER_BYTES, -CHECKSUM_BYTES),
    checksum: stream.readUInt32BE(stream.length - CHECKSUM_BYTES),
    length: bytes.length,
  };
}

/** A PNG of these rows and the foot below them; compressed off the event loop. */
export async function pngOf(rows: PixelRows, foot: Foot | null): Promise<Uint8Array> {
  const height = rows.height + (foot?.height ?? 0);
  const header = Buffer.alloc(13);
  header.writeUInt32BE(rows.width, 0);
  header.writeUInt32BE(height, 4);
  // Eight bits for each of red, green and blue.
  header.set([8, 2], 8);
  const data = foot === null ? await deflated(rows.bytes, OPTIONS) : await joined(rows, foot);
  return Buffer.concat([
    SIGNATURE,
    ...chunk("IHDR", header),
    ...chunk("IDAT", data),
    ...chunk("IEND", Buffer.alloc(0)),
  ]);
}

const OPTIONS = { level: LEVEL, memLevel: MEMORY_LEVEL, chunkSize: 131_072 } as const;

// https://www.w3.org/TR/png-3/#5DataRep (checked 2026-11).
const SIGNATURE = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);

function chunk(type: string, data: Uint8Array): readonly Uint8Array[] {
  const [length, name, checksum] = [Buffer.alloc(4), Buffer.from(type), Buffer.alloc(4)];
  length.writeUInt32BE(data.length);
  checksum.writeUInt32BE(crc32(data, crc32(name)));
  return [length, name, data, checksum];
}

// https://www.rfc-editor.org/rfc/rfc1950 and 1951 (checked 2026-11): two bytes before the blocks,
// four after them, and two for an empty last block.
const HEADER_BYTES = 2;
const LAST_BLOCK_BYTES = 2;
const CHECKSUM_BYTES = 4;

/** One zlib stream: the rows up to a boundary of bytes, and the blocks of the foot. */
async function joined({ bytes }: PixelRows, foot: Foot): Promise<Buffer> {
  const stream = createDeflate(OPTIONS);
  stream.write(bytes);
  // Ended any sooner, the blocks before the boundary would be the last.
  stream.flush(constants.Z_FULL_FLUSH, () => stream.end());
  const parts: Buffer[] = [];
  for await (const part of stream) parts.push(part);
  const own = Buffer.concat(parts);
  const end = own.length - CHECKSUM_BYTES;
  const checksum = Buffer.alloc(CHECKSUM_BYTES);
  checksum.writeUInt32BE(joinedChecksum(own.readUInt32BE(end), foot.checksum, foot.length));
  return Buffer.concat([own.subarray(0, end - LAST_BLOCK_BYTES), foot.deflated, checksum]);
}

const ADLER_BASE = 65_521;

/** The Adler-32 checksum of two stretches of bytes, the second of which has this length. */
function joinedChecksum(first: number, second: number, secondLength: number): number {
  const [sum1, sums1] = [first & 0xffff, first >>> 16];
  const [sum2, sums2] = [second & 0xffff, second >>> 16];
  const sum = (sum1 + sum2 - 1 + ADLER_BASE) % ADLER_BASE;
  const sums = (sums1 + sums2 + (secondLength % ADLER_BASE) * (sum1 + ADLER_BASE - 1)) % ADLER_BASE;
  return sums * 0x10000 + sum;
}
