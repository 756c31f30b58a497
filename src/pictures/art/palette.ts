import type { Paint } from "./paint.ts";

/**
 * Colours of one scene, CSS hex. Text appears only on the wall, between `wallTop` and `wallLow`,
 * and on the tape.
 */
export type Palette = {
  readonly wallTop: string;
  readonly wallLow: string;
  /** The light strip and its glow on the wall. */
  readonly glow: string;
  readonly floorFar: string;
  readonly floorNear: string;
  /** Primary text. */
  readonly ink: string;
  /** Secondary text. */
  readonly soft: string;
  /** The price line and the verdict. */
  readonly accent: string;
  /** Paints of the cars, the front one first. */
  readonly paints: readonly [Paint, ...Paint[]];
};

/** What a picture shows; decides its scenery and colours. */
export type Scene = "part" | "garage" | "fleet" | "moon" | "landing" | "loss" | "bus-stop" | "dead";

const AMBER: Paint = { light: "#ffdb57", base: "#f7ab0f", deep: "#8a4a05", accent: "#e8432e" };
const ORANGE: Paint = { light: "#ffa24d", base: "#f0600f", deep: "#832307", accent: "#ffd447" };
const LIME: Paint = { light: "#dcf76a", base: "#9fd11b", deep: "#3f6106", accent: "#ff7a3d" };
const ICE: Paint = { light: "#f4f8ff", base: "#b9c7de", deep: "#4c5a78", accent: "#ff7a3d" };
const TEAL: Paint = { light: "#6fe6d6", base: "#17a398", deep: "#0a4a4c", accent: "#ffd447" };
const VIOLET: Paint = { light: "#c59bff", base: "#7d46d9", deep: "#341470", accent: "#ffd447" };

/** The demo tape: dark letters on hazard yellow. */
export const TAPE = { ground: "#ffcf33", ink: "#17130a" } as const;

/** The colours of each scene: a dark wall, one light, one accent. */
export const PALETTES: Readonly<Record<Scene | "leaderboard", Palette>> = {
  part: {
    wallTop: "#0b1626",
    wallLow: "#16304f",
    glow: "#5fb2ff",
    floorFar: "#1b3a5e",
    floorNear: "#070e19",
    ink: "#f5f9ff",
    soft: "#b4cbe6",
    accent: "#7fc4ff",
    paints: [AMBER],
  },
  garage: {
    wallTop: "#0c1a18",
    wallLow: "#163d37",
    glow: "#2fe0b0",
    floorFar: "#1d5248",
    floorNear: "#06100e",
    ink: "#fdfaf0",
    soft: "#c3d6cd",
    accent: "#ffc94d",
    paints: [ORANGE, AMBER, LIME, ICE, TEAL],
  },
  fleet: {
    wallTop: "#180b28",
    wallLow: "#45195c",
    glow: "#ff6fae",
    floorFar: "#5b2266",
    floorNear: "#0e0618",
    ink: "#fff6fb",
    soft: "#e0c3e8",
    accent: "#ff9ac6",
    paints: [AMBER, ORANGE, ICE, VIOLET, TEAL],
  },
  moon: {
    wallTop: "#05081a",
    wallLow: "#142457",
    glow: "#8fd8ff",
    floorFar: "#1d3477",
    floorNear: "#050819",
    ink: "#f7fbff",
    soft: "#b9cbf2",
    accent: "#ffe08a",
    paints: [ORANGE, AMBER, LIME, ICE, TEAL],
  },
  landing: {
    wallTop: "#07060f",
    wallLow: "#1b1838",
    glow: "#8fc7ff",
    floorFar: "#8d8798",
    floorNear: "#4a4558",
    ink: "#faf9ff",
    soft: "#c6c2de",
    accent: "#9fd4ff",
    paints: [ORANGE, LIME, AMBER, TEAL, ICE],
  },
  loss: {
    wallTop: "#1b1a1d",
    wallLow: "#37343a",
    glow: "#ffd9a0",
    floorFar: "#4a443f",
    floorNear: "#121113",
    ink: "#fbf7f2",
    soft: "#d2c9c0",
    accent: "#ff9f86",
    paints: [ORANGE],
  },
  "bus-stop": {
    wallTop: "#101a22",
    wallLow: "#22333f",
    glow: "#ffd88a",
    floorFar: "#33434d",
    floorNear: "#0f161b",
    ink: "#f5f9fb",
    soft: "#bfd0da",
    accent: "#ffa894",
    paints: [ORANGE],
  },
  leaderboard: {
    wallTop: "#111420",
    wallLow: "#272c44",
    glow: "#ffc94d",
    floorFar: "#272c44",
    floorNear: "#111420",
    ink: "#f8f8fc",
    soft: "#c3c8dd",
    accent: "#ffc94d",
    // Gold, silver, bronze, and the field.
    paints: [AMBER, ICE, ORANGE, TEAL],
  },
  dead: {
    wallTop: "#171d26",
    wallLow: "#33404f",
    glow: "#ff9d5c",
    floorFar: "#4a4750",
    floorNear: "#101318",
    ink: "#f6f8fb",
    soft: "#c4cfdb",
    accent: "#ffb27d",
    paints: [ICE],
  },
};
