/** What an abbreviation of a time may mean: zones, best known first. */
type ZoneAbbreviation = {
  readonly zones: readonly string[];
  /** East of UTC, in minutes; absent where the abbreviation means several offsets. */
  readonly offsetMinutes?: number;
};

/**
 * Abbreviations that stand for a fixed offset, and the zones whose clocks show it all year or part
 * of it (IANA tz database 2026f, abbreviations of the last years, checked 2026-11-27). Most
 * people who write EST in a July mean the clocks of New York, which then show EDT.
 */
const ABBREVIATIONS: Readonly<Record<string, ZoneAbbreviation>> = {
  NST: { zones: ["America/St_Johns"], offsetMinutes: -210 },
  NDT: { zones: ["America/St_Johns"], offsetMinutes: -150 },
  AST: { zones: ["America/Halifax", "America/Puerto_Rico", "Asia/Riyadh"] },
  ADT: { zones: ["America/Halifax", "Atlantic/Bermuda"], offsetMinutes: -180 },
  EST: {
    zones: ["America/New_York", "America/Toronto", "America/Panama", "America/Jamaica"],
    offsetMinutes: -300,
  },
  EDT: { zones: ["America/New_York", "America/Toronto"], offsetMinutes: -240 },
  CST: { zones: ["America/Chicago", "America/Mexico_City", "Asia/Shanghai", "America/Havana"] },
  CDT: { zones: ["America/Chicago", "America/Winnipeg", "America/Havana"] },
  MST: { zones: ["America/Denver", "America/Phoenix", "America/Edmonton"], offsetMinutes: -420 },
  MDT: { zones: ["America/Denver", "America/Boise"], offsetMinutes: -360 },
  PST: { zones: ["America/Los_Angeles", "America/Tijuana", "Asia/Manila"] },
  PDT: { zones: ["America/Los_Angeles", "America/Tijuana"], offsetMinutes: -420 },
  AKST: { zones: ["America/Anchorage"], offsetMinutes: -540 },
  AKDT: { zones: ["America/Anchorage"], offsetMinutes: -480 },
  HST: { zones: ["Pacific/Honolulu"], offsetMinutes: -600 },
  HDT: { zones: ["America/Adak"], offsetMinutes: -540 },
  BRT: { zones: ["America/Sao_Paulo"], offsetMinutes: -180 },
  ART: { zones: ["America/Argentina/Buenos_Aires"], offsetMinutes: -180 },
  CLT: { zones: ["America/Santiago"], offsetMinutes: -240 },
  COT: { zones: ["America/Bogota"], offsetMinutes: -300 },
  PET: { zones: ["America/Lima"], offsetMinutes: -300 },
  VET: { zones: ["America/Caracas"], offsetMinutes: -240 },
  WET: { zones: ["Europe/Lisbon", "Atlantic/Canary"], offsetMinutes: 0 },
  WEST: { zones: ["Europe/Lisbon", "Atlantic/Canary"], offsetMinutes: 60 },
  BST: { zones: ["Europe/London", "Asia/Dhaka"] },
  IST: { zones: ["Asia/Kolkata", "Europe/Dublin", "Asia/Jerusalem"] },
  IDT: { zones: ["Asia/Jerusalem"], offsetMinutes: 180 },
  CET: {
    zones: ["Europe/Berlin", "Europe/Paris", "Europe/Madrid", "Europe/Rome"],
    offsetMinutes: 60,
  },
  CEST: {
    zones: ["Europe/Berlin", "Europe/Paris", "Europe/Madrid", "Europe/Rome"],
    offsetMinutes: 120,
  },
  MET: { zones: ["Europe/Berlin", "Europe/Paris"], offsetMinutes: 60 },
  MEZ: { zones: ["Europe/Berlin", "Europe/Vienna", "Europe/Zurich"], offsetMinutes: 60 },
  MESZ: { zones: ["Europe/Berlin", "Europe/Vienna", "Europe/Zurich"], offsetMinutes: 120 },
  EET: {
    zones: ["Europe/Athens", "Europe/Kyiv", "Europe/Helsinki", "Africa/Cairo"],
    offsetMinutes: 120,
  },
  EEST: {
    zones: ["Europe/Athens", "Europe/Kyiv", "Europe/Helsinki", "Africa/Cairo"],
    offsetMinutes: 180,
  },
  MSK: { zones: ["Europe/Moscow"], offsetMinutes: 180 },
  TRT: { zones: ["Europe/Istanbul"], offsetMinutes: 180 },
  WAT: { zones: ["Africa/Lagos"], offsetMinutes: 60 },
  CAT: { zones: ["Africa/Maputo", "Africa/Harare", "Africa/Lusaka"], offsetMinutes: 120 },
  SAST: { zones: ["Africa/Johannesburg"], offsetMinutes: 120 },
  EAT: { zones: ["Africa/Nairobi"], offsetMinutes: 180 },
  GST: { zones: ["Asia/Dubai"], offsetMinutes: 240 },
  PKT: { zones: ["Asia/Karachi"], offsetMinutes: 300 },
  NPT: { zones: ["Asia/Kathmandu"] },
  WIB: { zones: ["Asia/Jakarta"], offsetMinutes: 420 },
  WITA: { zones: ["Asia/Makassar"], offsetMinutes: 480 },
  WIT: { zones: ["Asia/Jayapura"], offsetMinutes: 540 },
  ICT: { zones: ["Asia/Bangkok", "Asia/Ho_Chi_Minh"], offsetMinutes: 420 },
  HKT: { zones: ["Asia/Hong_Kong"], offsetMinutes: 480 },
  SGT: { zones: ["Asia/Singapore"], offsetMinutes: 480 },
  MYT: { zones: ["Asia/Kuala_Lumpur"], offsetMinutes: 480 },
  PHT: { zones: ["Asia/Manila"], offsetMinutes: 480 },
  JST: { zones: ["Asia/Tokyo"], offsetMinutes: 540 },
  KST: { zones: ["Asia/Seoul"], offsetMinutes: 540 },
  AWST: { zones: ["Australia/Perth"], offsetMinutes: 480 },
  ACST: { zones: ["Australia/Adelaide", "Australia/Darwin"] },
  ACDT: { zones: ["Australia/Adelaide"] },
  AEST: {
    zones: ["Australia/Sydney", "Australia/Melbourne", "Australia/Brisbane"],
    offsetMinutes: 600,
  },
  AEDT: { zones: ["Australia/Sydney", "Australia/Melbourne"], offsetMinutes: 660 },
  NZST: { zones: ["Pacific/Auckland"], offsetMinutes: 720 },
  NZDT: { zones: ["Pacific/Auckland"], offsetMinutes: 780 },
  SST: { zones: ["Pacific/Pago_Pago", "Asia/Singapore"] },
};

/**
 * What a typed abbreviation may mean, written out as well (`Central European Time`); undefined for
 * any other text.
 */
export function findAbbreviation(text: string): ZoneAbbreviation | undefined {
  const words = text.trim().toUpperCase().split(/\s+/);
  // Windows' "W. Europe Standard Time" is not WEST.
  const isWritten = words.length > 2 && words.at(-1) === "TIME" && !text.includes(".");
  const initials = isWritten ? words.map(([first]) => first) : [];
  const abbreviation = words.length === 1 ? words.join("") : initials.join("");
  return Object.hasOwn(ABBREVIATIONS, abbreviation) ? ABBREVIATIONS[abbreviation] : undefined;
}
