import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import sharp, { type Sharp } from "sharp";
import { exampleSubject, galleryIn } from "./pictures/gallery-subjects.ts";
import { createPictureMaker, type PictureMaker } from "./pictures/picture-maker.ts";
import { entryArguments } from "./process/entry-arguments.ts";

const USAGE = `Usage: npm run -s gallery -- DIR [LOCALE]

Draws every kind of picture into the folder DIR, which is made when absent, and all of them into contact-sheet.png.

  LOCALE     language of all pictures, such as de (default: each has its own)
  --help     this text
  --version  the version

Exit codes: 0 drawn, 2 bad usage.`;

// Three columns of thumbnails at 400 pixels: the size at which a phone shows a card.
const THUMBNAIL = { width: 400, height: 210, gap: 10, columns: 3 };

/**
 * The picture for Discord's App Directory, in its 16:9 format. It names no real coin, because the
 * prices are invented.
 */
const DIRECTORY = { width: 1920, height: 1080, cardWidth: 1720, background: "#0d1f1c" };
const NOBODYS_COIN = { multiple: 501, coinName: "Your coin" };

const [folder = "", language] = entryArguments(process.argv.slice(2), {
  usage: USAGE,
  names: ["DIR", "LOCALE"],
  optional: 1,
});
await writeGallery(folder, language);

/**
 * Writes every picture of the gallery as NAME.png, all of them as contact-sheet.png, and
 * directory.png.
 */
async function writeGallery(into: string, locale: string | undefined): Promise<void> {
  await mkdir(into, { recursive: true });
  const pictures = createPictureMaker();
  const thumbnails: Buffer[] = [];
  for (const { name, draw } of galleryIn(locale)) {
    const { png, altText } = await draw(pictures);
    await writeFile(join(into, `${name}.png`), png);
    thumbnails.push(await sharp(png).resize(THUMBNAIL.width, THUMBNAIL.height).toBuffer());
    process.stdout.write(`${name}.png  ${Math.ceil(png.byteLength / 1024)} KB  ${altText}\n`);
  }
  await contactSheet(thumbnails).toFile(join(into, "contact-sheet.png"));
  await writeFile(join(into, "directory.png"), await directoryPicture(pictures));
}

async function directoryPicture(pictures: PictureMaker): Promise<Buffer> {
  const { width, height, cardWidth, background } = DIRECTORY;
  const { png } = await pictures.answer(exampleSubject(NOBODYS_COIN));
  const card = await sharp(png).resize({ width: cardWidth }).toBuffer();
  return sharp({ create: { width, height, channels: 3, background } })
    .composite([{ input: card }])
    .png({ palette: true, quality: 90, dither: 0.5, effort: 9 })
    .toBuffer();
}

function contactSheet(thumbnails: readonly Buffer[]): Sharp {
  const { width, height, gap, columns } = THUMBNAIL;
  const rows = Math.ceil(thumbnails.length / columns);
  const sheet = sharp({
    create: {
      width: columns * (width + gap) + gap,
      height: rows * (height + gap) + gap,
      channels: 3,
      background: "#313338",
    },
  });
  const placed = thumbnails.map((input, index) => ({
    input,
    left: gap + (index % columns) * (width + gap),
    top: gap + Math.floor(index / columns) * (height + gap),
  }));
  return sheet.composite(placed).png({ palette: true, quality: 75, dither: 0, effort: 9 });
}
