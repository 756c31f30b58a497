import type { PageAttachment } from "../protocol.ts";
import { el } from "./dom.ts";

/** A file below a message: a picture, or a link to it. */
export function attachmentElement(attachment: PageAttachment): HTMLElement {
  if (attachment.content_type.startsWith("image/"))
    return imageElement(attachment, "attachment-image");
  return el(
    "p",
    { class: "attachment" },
    el("a", { href: attachment.url, download: attachment.filename }, attachment.filename),
  );
}

/** A picture that opens in a new tab. */
export function imageElement(attachment: PageAttachment, className: string): HTMLElement {
  const { url, description = "", width, height } = attachment;
  return el(
    "a",
    { class: className, href: url, target: "_blank", rel: "noopener" },
    el("img", { src: url, alt: description, title: description, width, height }),
  );
}
