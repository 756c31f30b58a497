import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { z } from "zod";
import type { Config } from "./config.ts";

/** Web pages about the bot; undefined if there is none. */
export type ProjectPages = {
  /** Where the web pages of answers are, without a slash at its end. */
  readonly publicUrl: string | undefined;
  readonly privacyUrl: string | undefined;
  readonly termsUrl: string | undefined;
  readonly supportUrl: string | undefined;
};

/** In `repository` of package.json until its owner has filled in the real address. */
const PLACEHOLDER_OWNER = "OWNER";

const PackageJson = z.object({ repository: z.object({ url: z.string() }) });

/**
 * The pages that an installation links to: the configured addresses, else the documents in the
 * repository that package.json names.
 */
export function projectPages(
  config: Pick<Config, "publicUrl" | "privacyUrl" | "termsUrl" | "supportUrl">,
  repositoryUrl: string | undefined,
): ProjectPages {
  const page = (path: string) => repositoryUrl && `${repositoryUrl}/blob/HEAD/${path}`;
  return {
    publicUrl: config.publicUrl,
    privacyUrl: config.privacyUrl ?? page("docs/privacy.md"),
    termsUrl: config.termsUrl ?? page("docs/terms.md"),
    supportUrl: config.supportUrl,
  };
}

/**
 * The web address of the repository that a package.json names; undefined while it is the
 * placeholder, or not an https address. Never throws, whatever the text contains.
 */
export function repositoryUrlOf(packageJson: string): string | undefined {
  const url = PackageJson.safeParse(parsed(packageJson)).data?.repository.url ?? "";
  const address = url.replace(/^git\+/, "").replace(/\.git$/, "");
  if (!URL.canParse(address)) return undefined;
  const { protocol, pathname } = new URL(address);
  const isOwned = pathname.split("/").every((part) => part !== PLACEHOLDER_OWNER);
  return protocol === "https:" && isOwned ? address : undefined;
}

/** The package.json of this program, compiled or not; undefined if there is none. */
export function readPackageJson(): string | undefined {
  for (let folder = dirname(fileURLToPath(import.meta.url)); ; folder = dirname(folder)) {
    try {
      return readFileSync(join(folder, "package.json"), "utf8");
    } catch {
      if (folder === dirname(folder)) return undefined;
    }
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
