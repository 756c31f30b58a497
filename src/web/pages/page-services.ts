import type { Services } from "../../services.ts";

/** The services that the web pages use. */
export type PageServices = Pick<
  Services,
  "coins" | "prices" | "rates" | "pictures" | "pages" | "log" | "now"
>;
