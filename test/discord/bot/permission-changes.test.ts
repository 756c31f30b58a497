import { afterEach, describe, expect, it } from "vitest";
import type { PermissionChange } from "../../../src/discord/bot/permission-changes.ts";
import { startGateway } from "../../../src/discord/gateway.ts";
import { silentLog } from "../../../src/process/log.ts";
import { startFakeDiscord } from "../../support/fake-discord/fake-discord.ts";

const open: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of open.splice(0).reverse()) await close();
});

describe("the gateway", () => {
  it("reports every event after which the bot's permissions may have changed, and no other", async () => {
    const fake = await startFakeDiscord();
    open.push(() => fake.close());
    const { guild } = fake;
    const changes: PermissionChange[] = [];
    const gateway = await startGateway({
      token: fake.token,
      apiUrl: fake.apiUrl,
      commands: [],
      dispatch: { async handle() {} },
      permissionsChanged: (change) => void changes.push(change),
      log: silentLog,
    });
    open.push(() => gateway.stop());
    // Every server at the start: what was changed while the bot was away.
    await expect.poll(() => changes).toEqual([{ guildId: guild.id }]);
    changes.length = 0;
    const [channel] = guild.channels.values();
    const send = (type: string, data: object) => fake.gateway.dispatch(type, data, guild.id);
    send("CHANNEL_UPDATE", { id: channel?.id, guild_id: guild.id, type: 0 });
    send("MESSAGE_CREATE", { id: "1", guild_id: guild.id, channel_id: channel?.id });
    send("GUILD_ROLE_UPDATE", { guild_id: guild.id, role: { id: guild.id, permissions: "0" } });
    send("GUILD_MEMBER_UPDATE", { guild_id: guild.id, user: { id: fake.botUser.id }, roles: [] });
    send("GUILD_UPDATE", { id: guild.id, owner_id: "9" });
    const { id: guildId } = guild;
    await expect
      .poll(() => changes)
      .toEqual([{ guildId, channelId: channel?.id }, { guildId }, { guildId }, { guildId }]);
  });
});
