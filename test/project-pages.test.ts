import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { projectPages, readPackageJson, repositoryUrlOf } from "../src/project-pages.ts";

const packageOf = (url: string) => JSON.stringify({ repository: { type: "git", url } });
const NONE = {
  publicUrl: undefined,
  privacyUrl: undefined,
  termsUrl: undefined,
  supportUrl: undefined,
};

describe("the repository's address", () => {
  it("is what package.json names, as a browser opens it", () => {
    expect(repositoryUrlOf(packageOf("git+https://github.com/jane/lambo.git"))).toBe(
      "https://github.com/jane/lambo",
    );
    expect(repositoryUrlOf(packageOf("https://git.example.org/jane/lambo"))).toBe(
      "https://git.example.org/jane/lambo",
    );
  });

  it.each([
    [
      "the placeholder, which could be a stranger's page",
      packageOf("git+https://github.com/OWNER/dude-wheres-my-lambo.git"),
    ],
    ["an address that no browser opens", packageOf("git@github.com:jane/lambo.git")],
    ["a package without one", "{}"],
    ["no JSON at all", "{"],
  ])("is unknown for %s", (_what, packageJson) => {
    expect(repositoryUrlOf(packageJson)).toBeUndefined();
  });

  it("is in this package.json, as the placeholder or as the owner's", () => {
    const here = readPackageJson() ?? "";
    expect(here).toBe(readFileSync(new URL("../package.json", import.meta.url), "utf8"));
    const { repository } = JSON.parse(here);
    expect(repository.url).toMatch(/^git\+https:\/\/[\w.]+\/[\w-]+\/[\w-]+\.git$/);
    expect(repositoryUrlOf(here) === undefined).toBe(repository.url.includes("/OWNER/"));
  });
});

describe("the pages that an installation links", () => {
  it("are the documents of the repository, which have no support page", () => {
    expect(projectPages(NONE, "https://github.com/jane/lambo")).toEqual({
      publicUrl: undefined,
      privacyUrl: "https://github.com/jane/lambo/blob/HEAD/docs/privacy.md",
      termsUrl: "https://github.com/jane/lambo/blob/HEAD/docs/terms.md",
      supportUrl: undefined,
    });
  });

  it("are those of the configuration, each on its own", () => {
    const termsUrl = "https://lambo.example.org/terms";
    const pages = projectPages({ ...NONE, termsUrl }, "https://github.com/jane/lambo");
    expect(pages).toMatchObject({
      termsUrl,
      publicUrl: undefined,
      privacyUrl: "https://github.com/jane/lambo/blob/HEAD/docs/privacy.md",
    });
  });

  it("do not exist where none is configured", () => {
    expect(projectPages(NONE, undefined)).toEqual(NONE);
  });
});
