import { execFile, execFileSync } from "node:child_process";
import { once } from "node:events";
import { chmod, cp, mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseEnv, promisify } from "node:util";
import { afterEach, describe, expect, it } from "vitest";
import { parse } from "yaml";
import { z } from "zod";
import { VARIABLES } from "../../src/config.ts";
import { OPEN_API } from "../../src/web/open-api.ts";
import { ASSETS } from "../../src/web/pages/frame.ts";
import { startProgram } from "../support/program.ts";
import { SHIPPED_ENVIRONMENT, SHIPPED_FLAGS } from "../support/shipped-start.ts";

const api = Object.keys(OPEN_API.paths);
/** What the outside may ask for. */
const PUBLIC_PATHS = [
  ...["/interactions", "/readyz", ...api, ...api.map((path) => `${path}/`)],
  ...["/", "/c", "/c/dogecoin", "/c/id:dogecoin/picture.png", "/robots.txt", "/sitemap.xml"],
  ...ASSETS.map(({ name }) => `/assets/${name}`),
];

const root = fileURLToPath(new URL("../../", import.meta.url));
const read = (path: string) => readFile(join(root, path), "utf8");
const run = promisify(execFile);

function isInstalled(program: string): boolean {
  try {
    execFileSync("sh", ["-c", `command -v ${program}`]);
    return true;
  } catch {
    return false;
  }
}

// Its own types would bring the browser's into every test.
const hcl2json: { convertFiles(folder: string): Promise<unknown> } = createRequire(import.meta.url)(
  "@cdktf/hcl2json",
);

const open: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of open.splice(0).reverse()) await close();
});

async function folder(): Promise<string> {
  const path = await mkdtemp(join(tmpdir(), "lambo-deploy-"));
  open.push(() => rm(path, { recursive: true, force: true }));
  return path;
}

it("npm start, the image and the service start Node.js with the same flags and variables", async () => {
  const [variable] = Object.entries(SHIPPED_ENVIRONMENT).map((pair) => pair.join("="));
  const flags = SHIPPED_FLAGS.join(" ");
  const { scripts } = z
    .object({ scripts: z.record(z.string(), z.string()) })
    .parse(JSON.parse(await read("package.json")));
  expect(scripts["start"]).toBe(`exec env ${variable} node ${flags} dist/src/main.js`);
  const image = await read("Dockerfile");
  expect(image).toContain(`\nENV ${variable}\n`);
  const command = JSON.stringify(["node", ...SHIPPED_FLAGS, "dist/src/main.js"]);
  expect(image).toContain(`\nCMD ${command.replaceAll(",", ", ")}`);
  const service = await read("deploy/lambo.service");
  expect(service).toContain(`\nEnvironment=${variable}\n`);
  expect(service).toContain(`\nExecStart=/usr/bin/node ${flags} dist/src/main.js\n`);
});

describe("the Dockerfile", () => {
  it("passes dockerfilelint", async () => {
    const { stdout } = await run(process.execPath, [
      join(root, "node_modules/.bin/dockerfilelint"),
      "--json",
      join(root, "Dockerfile"),
    ]);
    expect(JSON.parse(stdout)).toMatchObject({ totalIssues: 0 });
  });

  it("runs as a numbered non-root user and has a health check", async () => {
    const final = (await read("Dockerfile")).split(/^FROM /m).at(-1) ?? "";
    expect(final).toMatch(/^USER [1-9]\d*:[1-9]\d*$/m);
    expect(final).toMatch(/^HEALTHCHECK .*health-check\.mjs/m);
    expect(final).not.toMatch(/apt-get|npm/);
  });

  it("is healthy while the bot responds, whatever is wrong with Discord, and unhealthy without a bot", async () => {
    const asked: (string | undefined)[] = [];
    const server = createServer((request, response) => {
      asked.push(request.url);
      // As a bot says it that lost the gateway a quarter of an hour ago.
      response.writeHead(request.url === "/livez" ? 200 : 503).end();
    });
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    const address = server.address();
    const port = address !== null && typeof address === "object" ? String(address.port) : "";
    const check = () =>
      run(process.execPath, [join(root, "deploy/health-check.mjs")], { env: { PORT: port } });
    await check();
    server.close();
    await once(server, "close");
    await expect(check()).rejects.toMatchObject({ code: 1 });
    expect(asked).toEqual(["/livez"]);
  });

  it("copies from the context only what .dockerignore lets in", async () => {
    const allowed = (await read(".dockerignore"))
      .split("\n")
      .filter((line) => line.startsWith("!"));
    const copied = [...(await read("Dockerfile")).matchAll(/^COPY (?!--from)(.+) \S+$/gm)].flatMap(
      ([, paths = ""]) => paths.split(" "),
    );
    expect(copied.length).toBeGreaterThan(5);
    expect(copied.filter((path) => !allowed.includes(`!${path}`))).toEqual([]);
  });
});

describe("compose.yaml", () => {
  const services = async () =>
    z
      .object({ services: z.record(z.string(), z.record(z.string(), z.unknown())) })
      .parse(parse(await read("compose.yaml"), { merge: true })).services;

  it.skipIf(!isInstalled("docker-compose"))(
    "is valid to docker-compose (skipped where that is not installed)",
    async () => {
      const copy = await folder();
      await mkdir(join(copy, "deploy"), { recursive: true });
      await cp(join(root, "compose.yaml"), join(copy, "compose.yaml"));
      await cp(join(root, "deploy/compose"), join(copy, "deploy/compose"), { recursive: true });
      await cp(join(root, ".env.example"), join(copy, ".env"));
      const { stdout } = await run(
        "docker-compose",
        ["--profile", "scale", "config", "--services"],
        { cwd: copy },
      );
      expect(stdout.trim().split("\n").sort()).toEqual([
        "balancer",
        "bot",
        "postgres",
        "redis",
        "web",
        "worker",
      ]);
    },
  );

  it.skipIf(!isInstalled("docker-compose"))(
    "is valid without .env (skipped where docker-compose is not installed)",
    async () => {
      const copy = await folder();
      await cp(join(root, "compose.yaml"), join(copy, "compose.yaml"));
      const { stdout } = await run("docker-compose", ["config", "--services"], { cwd: copy });
      expect(stdout.trim()).toBe("bot");
    },
  );

  it("starts the playground in a fresh clone, which has no .env", async () => {
    const { bot, web, worker } = await services();
    for (const service of [bot, web, worker])
      expect(service?.["env_file"]).toEqual([{ path: ".env", required: false }]);
    const environment = z.record(z.string(), z.string()).parse(bot?.["environment"]);
    const path = await folder();
    const program = startProgram(
      "main",
      [],
      { ...environment, DEMO: "1", DATA_DIR: path, PORT: "0" },
      path,
    );
    open.push(async () => {
      program.process.kill("SIGKILL");
      await program.finished;
    });
    await program.says("Ctrl+C");
    const [, port = ""] = /http:\/\/[\w.]+:(\d+)/.exec(program.output()) ?? [];
    // Docker's port mapping leads from the loopback to the address that the container listens on.
    const page = await fetch(`http://127.0.0.1:${port}/`);
    expect(page.status).toBe(200);
    expect(page.headers.get("content-type")).toContain("text/html");
    expect((await fetch(`http://127.0.0.1:${port}/healthz`)).status).toBe(200);
  });

  it("starts one bot, and the rest only with the scale profile", async () => {
    const alone = Object.entries(await services()).filter(
      ([, service]) => service["profiles"] === undefined,
    );
    expect(alone.map(([name]) => name)).toEqual(["bot"]);
  });

  it("keeps the image's data folder, address and port, whatever .env says for a run without a container", async () => {
    const image = Object.fromEntries(
      [...(await read("Dockerfile")).matchAll(/\b(DATA_DIR|HOST|PORT|EXIT_WHEN_LOST)=(\S+)/g)].map(
        ([, name, value]) => [name, value],
      ),
    );
    expect(Object.keys(image).sort()).toEqual(["DATA_DIR", "EXIT_WHEN_LOST", "HOST", "PORT"]);
    const { bot, web, worker } = await services();
    for (const service of [bot, web, worker]) expect(service?.["environment"]).toMatchObject(image);
    // What docker run --env-file .env would put in their place.
    const given = parseEnv(await read(".env.example"));
    expect(Object.keys(image).filter((name) => name in given)).toEqual([]);
  });

  it("gives the bot a read-only tree, no rights, and time to drain", async () => {
    const { bot, web, worker } = await services();
    for (const service of [bot, web, worker]) {
      expect(service).toMatchObject({
        read_only: true,
        cap_drop: ["ALL"],
        stop_grace_period: "15s",
      });
    }
    expect(web).toMatchObject({ deploy: { replicas: 2 }, environment: { ROLE: "web" } });
    expect(worker).toMatchObject({ deploy: { replicas: 2 }, environment: { ROLE: "worker" } });
  });

  it("sets the caller's address itself, whatever the caller claimed", async () => {
    expect(await read("deploy/compose/nginx.conf")).toContain(
      "proxy_set_header X-Forwarded-For $remote_addr;",
    );
  });

  it("lets every public path through its load balancer, and no other", async () => {
    const conf = await read("deploy/compose/nginx.conf");
    const locations = [...conf.matchAll(/location (=|~)? ?(\S+) \{ proxy_pass/g)];
    expect(locations.length).toBeGreaterThan(3);
    const isPassed = (path: string) =>
      locations.some(([, kind, text = ""]) => {
        if (kind === "~") return new RegExp(text).test(path);
        return kind === "=" ? path === text : path.startsWith(text);
      });
    for (const path of PUBLIC_PATHS) expect(isPassed(path), path).toBe(true);
    for (const path of ["/metrics", "/livez", "/healthz", "/cat", "/assets", "/process_requests"])
      expect(isPassed(path), path).toBe(false);
  });

  it.skipIf(!isInstalled("nginx"))(
    "has a load balancer that nginx accepts (skipped where nginx is not installed)",
    async () => {
      const path = join(await folder(), "nginx.conf");
      // The name of the service is known inside the compose network only, and Debian's nginx cannot
      // yet ask for it again.
      await writeFile(
        path,
        (await read("deploy/compose/nginx.conf"))
          .replace("web:3000 resolve", "127.0.0.1:3000")
          .replace("/run/nginx.pid", `${path}.pid`),
      );
      const { stderr } = await run("nginx", ["-t", "-q", "-c", path]);
      expect(stderr).not.toContain("[emerg]");
    },
  );
});

describe("the systemd unit", () => {
  const unit = () => read("deploy/lambo.service");
  /** Each setting with its values, in order. */
  async function settings(): Promise<Map<string, string[]>> {
    const found = new Map<string, string[]>();
    for (const [, key = "", value = ""] of (await unit()).matchAll(/^(\w+)=(.*)$/gm)) {
      found.set(key, [...(found.get(key) ?? []), value]);
    }
    return found;
  }

  it.skipIf(!isInstalled("systemd-analyze"))(
    "is one that systemd accepts (skipped where it is not installed)",
    async () => {
      const path = join(await folder(), "lambo.service");
      // The program need not be there to be checked.
      await writeFile(path, (await unit()).replace("/usr/bin/node", process.execPath));
      const { stderr } = await run("systemd-analyze", ["verify", "--man=no", path]);
      expect(stderr).not.toContain("lambo.service");
      const { stdout } = await run("systemd-analyze", [
        "security",
        "--offline=yes",
        "--no-pager",
        path,
      ]);
      expect(Number(/Overall exposure level[^:]*: ([\d.]+)/.exec(stdout)?.[1])).toBeLessThan(2);
    },
  );

  it("sets variables that the program or Node.js's memory reads, and a folder to write", async () => {
    const found = await settings();
    const names = (found.get("Environment") ?? []).flatMap((line) =>
      [...line.matchAll(/(\w+)=/g)].map(([, name]) => name),
    );
    const ofProgram = ["NODE_ENV", "DATA_DIR", "EXIT_WHEN_LOST"];
    expect(names).toEqual([...ofProgram, ...Object.keys(SHIPPED_ENVIRONMENT)]);
    // The only folder that it may write.
    expect((await unit()).includes(`DATA_DIR=/var/lib/${found.get("StateDirectory")?.[0]} `)).toBe(
      true,
    );
  });

  it("restarts forever and has time to drain", async () => {
    const found = await settings();
    expect(found.get("Restart")).toEqual(["always"]);
    expect(found.get("StartLimitIntervalSec")).toEqual(["0"]);
    expect(Number(found.get("TimeoutStopSec")?.[0])).toBeGreaterThan(10);
  });
});

const block = z.record(z.string(), z.array(z.record(z.string(), z.unknown())));

describe("the terraform files", () => {
  const terraform = join(root, "deploy/terraform");
  const parsed = hcl2json.convertFiles(terraform).then((json) =>
    z
      .object({
        variable: block,
        output: block,
        resource: z.record(z.string(), block),
        provider: z.unknown(),
      })
      .parse(json),
  );

  it.skipIf(!isInstalled("terraform"))(
    "are as terraform fmt writes them (skipped where terraform is not installed)",
    async () => {
      await run("terraform", ["fmt", "-check", "-recursive", terraform]);
    },
  );

  it("parse and contain what the design names", async () => {
    const { resource } = await parsed;
    for (const type of [
      "google_cloud_run_v2_service",
      "google_compute_global_forwarding_rule",
      "google_compute_security_policy",
      "google_iam_workload_identity_pool_provider",
      "google_redis_instance",
      "google_secret_manager_secret",
      "google_sql_database_instance",
    ]) {
      expect(Object.keys(resource), type).toContain(type);
    }
  });

  it("describe every variable and output, and the README lists every variable and marks the required ones", async () => {
    const { variable, output } = await parsed;
    for (const [name, [declared]] of Object.entries({ ...variable, ...output }))
      expect(declared?.["description"], name).toBeTruthy();
    const rows = [
      ...(await read("deploy/terraform/README.md")).matchAll(/^\| `(\w+)` \|[^|]+\|([^|]*)\|$/gm),
    ];
    expect(rows.map(([, name]) => name).sort()).toEqual(Object.keys(variable).sort());
    for (const [, name = "", fallback = ""] of rows) {
      expect(fallback.trim() === "", name).toBe(variable[name]?.[0]?.["default"] === undefined);
    }
  });

  it("set only variables that the program reads, and no secret in plain text", async () => {
    const text =
      (await read("deploy/terraform/services.tf")) + (await read("deploy/terraform/secrets.tf"));
    const set = [...text.matchAll(/^ {4}([A-Z][A-Z_]+) +=/gm)].map(([, name = ""]) => name);
    expect(set).toEqual(
      expect.arrayContaining([
        ...["DISCORD_TOKEN", "DISCORD_PUBLIC_KEY", "DATABASE_URL", "REDIS_URL"],
        ...["PRIVACY_URL", "TERMS_URL", "SUPPORT_URL"],
      ]),
    );
    expect(set.filter((name) => !VARIABLES.includes(name))).toEqual([]);
  });

  it("start and keep processes by checks that no outage elsewhere can fail", async () => {
    const { resource } = await parsed;
    const text = JSON.stringify(resource["google_cloud_run_v2_service"]);
    const probed = [
      ...text.matchAll(/"(startup_probe|liveness_probe)":\[\{.*?"path":"([^"]+)"/g),
    ].map(([, probe, path]) => [probe, path]);
    expect(Object.fromEntries(probed)).toEqual({
      startup_probe: "/livez",
      liveness_probe: "/livez",
    });
  });

  it("let in only the public paths, however others are spelled", async () => {
    const balancer = await read("deploy/terraform/balancer.tf");
    const [, pattern = ""] =
      /expression = "!request\.path\.matches\('([^']+)'\)"/.exec(balancer) ?? [];
    // RE2 reads this pattern as JavaScript does.
    const allowed = new RegExp(pattern);
    for (const path of PUBLIC_PATHS) expect(allowed.test(path), path).toBe(true);
    const closed = [
      "/metrics",
      "/c/../metrics",
      "/c/dogecoin/../../metrics",
      "/c/..",
      "/api/../metrics",
      "/api/v1/../../metrics",
      "/api/%2e%2e/metrics",
      "//metrics",
      "/Metrics",
      "/api/metrics",
      "/livez",
    ];
    for (const path of closed) expect(allowed.test(path), path).toBe(false);
    expect(await read("deploy/terraform/services.tf")).toMatch(/^ {4}METRICS_PORT +=/m);
  });

  it("give the workflow the secrets that it uses", async () => {
    const asked = new Set(
      [...(await read(".github/workflows/push.yml")).matchAll(/secrets\.(\w+)/g)].map(
        ([, name]) => name,
      ),
    );
    const given = [...(await read("deploy/terraform/outputs.tf")).matchAll(/^ {4}(\w+) +=/gm)].map(
      ([, name]) => name,
    );
    expect([...asked].sort()).toEqual(given.sort());
  });
});

/**
 * What /readyz says: `degraded` answers with 200 and reasons, `old` with 200 in the words of a
 * revision that knows no `degraded`.
 */
type Readyz = "ready" | "degraded" | "old" | "not";

const BODIES: Readonly<Record<Readyz, string>> = {
  ready: '{"ready":true,"degraded":[],"prices":"ok"}',
  degraded:
    '{"ready":true,"degraded":["prices: no price source answers"],"prices":"no price source answers"}',
  old: '{"ready":true,"prices":"ok"}',
  not: '{"ready":false,"degraded":[],"transport":"stopping"}',
};

/**
 * Programs by the names of gcloud and curl, which note what they are asked. `answers` is what
 * /readyz says, in order of asking.
 */
async function rollOut(
  answers: readonly Readyz[],
): Promise<{ exitCode: number; asked: string[]; stderr: string }> {
  const bin = await folder();
  const log = join(bin, "asked");
  const program = async (name: string, body: string) => {
    await writeFile(join(bin, name), `#!/bin/bash\n${body}\n`);
    await chmod(join(bin, name), 0o755);
  };
  await program(
    "gcloud",
    `echo "gcloud $*" >> "${log}"
case "$*" in *percent=100*revisionName*) echo lambo-web-old;; *latestCreated*) echo lambo-web-new;; esac`,
  );
  await writeFile(
    join(bin, "answers"),
    answers.map((answer) => `${answer === "not" ? 503 : 200} ${BODIES[answer]}\n`).join(""),
  );
  // As with --fail: nothing on standard output and an exit code for a 503.
  await program(
    "curl",
    `echo "curl $*" >> "${log}"
read -r status body < "${bin}/answers"; sed -i 1d "${bin}/answers"
[ "$status" = 200 ] && echo "$body"`,
  );
  const env = {
    PATH: `${bin}:${process.env["PATH"]}`,
    PROJECT: "p",
    REGION: "r",
    IMAGE: "image@sha256:1",
    URL: "https://lambo.example.org",
    PROBES: "3",
    PROBE_PAUSE_SECONDS: "0",
  };
  const ended = await run("bash", [join(root, "deploy/roll-out.sh")], { env }).then(
    ({ stderr }) => ({ exitCode: 0, stderr }),
    (error: { code: number; stderr: string }) => ({ exitCode: error.code, stderr: error.stderr }),
  );
  return { ...ended, asked: (await readFile(log, "utf8")).trim().split("\n") };
}

const trafficMoves = (asked: readonly string[]) =>
  asked.flatMap((line) =>
    line.includes("update-traffic") ? [/--to-revisions (\S+)=100/.exec(line)?.[1]] : [],
  );

describe("a roll-out", () => {
  const probes = (asked: readonly string[]) =>
    asked
      .filter((line) => line.startsWith("curl"))
      .map((line) => line.includes("x-lambo-revision: candidate"));

  it("moves the traffic only when the candidate itself reports ready, then deploys the workers", async () => {
    const { exitCode, asked } = await rollOut(["ready", "not", "ready", "ready"]);
    expect(exitCode).toBe(0);
    expect(probes(asked)).toEqual([false, true, true, false]);
    expect(trafficMoves(asked)).toEqual(["lambo-web-new"]);
    const firstProbe = asked.findIndex((line) => line.includes("x-lambo-revision"));
    expect(asked.findIndex((line) => line.includes("--no-traffic"))).toBeLessThan(firstProbe);
    expect(asked.at(-1)).toContain("deploy lambo-worker --image image@sha256:1");
  });

  it("leaves the traffic where it is when the candidate is not ready", async () => {
    const { exitCode, asked, stderr } = await rollOut(["ready", "not", "not", "not"]);
    expect(exitCode).toBe(1);
    expect(trafficMoves(asked)).toEqual([]);
    expect(stderr).toContain("lambo-web-old keeps the traffic");
    expect(asked.some((line) => line.includes("lambo-worker"))).toBe(false);
  });

  it("moves the traffic back when the candidate does not stay ready", async () => {
    const { exitCode, asked } = await rollOut([
      "ready",
      "ready",
      "not",
      "not",
      "not",
      "not",
      "not",
    ]);
    expect(exitCode).toBe(1);
    expect(trafficMoves(asked)).toEqual(["lambo-web-new", "lambo-web-old"]);
  });

  it.each(["ready", "old"] as const)(
    "refuses a degraded candidate where the old revision is not (it says %s)",
    async (before) => {
      const { exitCode, asked, stderr } = await rollOut([
        before,
        "degraded",
        "degraded",
        "degraded",
      ]);
      expect(exitCode).toBe(1);
      expect(trafficMoves(asked)).toEqual([]);
      expect(stderr).toContain("no price source answers");
    },
  );

  it.each(["degraded", "not"] as const)(
    "takes a degraded candidate where the old revision is %s: the outage is not its fault",
    async (before) => {
      const { exitCode, asked } = await rollOut([before, "degraded", "degraded"]);
      expect(exitCode).toBe(0);
      expect(trafficMoves(asked)).toEqual(["lambo-web-new"]);
    },
  );
});
