/**
 * Discord's own limits; a length is in characters (UTF-16 code units) unless its name says
 * otherwise. Checked in 2026-11 at discord.com/developers/docs: commands, options, choices and
 * suggestions at interactions/application-commands, embeds and attachments at resources/message,
 * buttons and menus at components/reference, files at reference#uploading-files.
 */
export const DISCORD_LIMITS = {
  commands: 100,
  /** In the menu of messages, for all servers together. */
  messageCommands: 15,
  /** Of one command or subcommand; also subcommands of one command. */
  options: 25,
  /** Of one option; also suggestions while typing. */
  choices: 25,
  /** Of the name and of the value of a choice or suggestion. */
  choiceLength: 100,
  commandNameLength: 32,
  commandDescriptionLength: 100,
  stringOptionLength: 6_000,
  /** Names, descriptions and choices of a command and of everything in it, added up. */
  commandLength: 8_000,
  embedDescriptionLength: 4_096,
  embedFieldLength: 1_024,
  altTextLength: 1_024,
  /** Of a link in an embed or on a button. */
  urlLength: 2_048,
  buttonsInRow: 5,
  buttonLabelLength: 80,
  menuOptions: 25,
  /** Of the label, the value and the description of a menu's option. */
  menuOptionLength: 100,
  customIdLength: 100,
  modalTitleLength: 45,
  /** Of the label above a field of a modal. */
  labelLength: 45,
  labelDescriptionLength: 100,
  /** The limit for an attachment where the interaction does not state one. */
  attachmentBytes: 10 * 1024 * 1024,
  /** Messages in one page of a channel's history (resources/message#get-channel-messages). */
  historyPageMessages: 100,
  /** Servers in one page of the bot's list (resources/user#get-current-user-guilds). */
  guildPageGuilds: 200,
} as const;
