// The container's health check: exit code 0 while the bot in it responds. Not /healthz, which fails
// when Discord has been away for long: restarting the container would not help then.
const { ok } = await fetch(`http://127.0.0.1:${process.env.PORT || 3000}/livez`);
process.exit(ok ? 0 : 1);
