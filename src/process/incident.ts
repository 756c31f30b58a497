import { randomInt } from "node:crypto";

// Without vowels and look-alikes, so that it can be read out loud and never spells a word.
const INCIDENT_ALPHABET = "23456789BCDFGHJKMNPQRSTVWXZ";

/** The shape of {@link randomIncidentId}. */
export const INCIDENT_ID = new RegExp(`[${INCIDENT_ALPHABET}]{6}`);

/** A short id for something that went wrong, by which the operator finds it in the log. */
export function randomIncidentId(): string {
  return Array.from({ length: 6 }, () =>
    INCIDENT_ALPHABET.charAt(randomInt(INCIDENT_ALPHABET.length)),
  ).join("");
}
