import { createConfig, lintFromString } from "@redocly/openapi-core";
import { describe, expect, it } from "vitest";
import { OPEN_API, openApi } from "../../src/web/open-api.ts";

/** What a strict linter (redocly's `recommended-strict`) finds wrong with a document. */
async function faultsOf(document: object): Promise<readonly string[]> {
  const problems = await lintFromString({
    source: JSON.stringify(document),
    config: await createConfig({ extends: ["recommended-strict"], rules: MORE_RULES }),
  });
  return problems.map(
    ({ ruleId, message, location }) => `${location[0]?.pointer} ${ruleId}: ${message}`,
  );
}

/** Rules that client generators and readers of the description profit from. */
const MORE_RULES = {
  "info-contact": "error",
  "operation-description": "error",
  "operation-singular-tag": "error",
  "operation-tag-defined": "error",
  "tag-description": "error",
  "parameter-description": "error",
  "no-unused-components": "error",
} as const;

describe("the OpenAPI document", () => {
  it("has no fault that a strict linter finds", async () => {
    expect(await faultsOf(OPEN_API)).toEqual([]);
  });

  it("names the address that the installation is known by", async () => {
    const document = openApi("https://lambo.example/bot/");
    expect(document).toMatchObject({ servers: [{ url: "https://lambo.example/bot" }] });
    expect(await faultsOf(document)).toEqual([]);
  });
});
