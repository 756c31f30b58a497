// The container's health check: exit code 0 while the bot in it is alive.
const { ok } = await fetch(`http://127.0.0.1:${process.env.PORT || 3000}/healthz`);
process.exit(ok ? 0 : 1);
