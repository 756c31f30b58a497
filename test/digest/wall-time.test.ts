import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseWallTime, suggestWallTimes } from "../../src/digest/wall-time.ts";

/** What admins type for one time of day, by the time that they mean. */
const UNDERSTOOD: Readonly<Record<string, readonly string[]>> = {
  "09:00": [
    ...["09:00", "9:00", " 9:00 ", "9", "09", "9am", "9 AM", "9a", "9 a.m.", "9 a. m.", "9:00am"],
    ...["0900", "900", "0900h", "0900 hrs", "9.00", "9,00", "9h", "9h00", "9 h", "9 Uhr", "9uhr"],
    ...["9 heures", "9 horas", "à 9 heures", "9 ore"],
    ...[
      "9 heures du matin",
      "9 de la mañana",
      "las nueve",
      "9 da manhã",
      "alle ore 9",
      "9 di mattina",
    ],
    ...[
      "o 9",
      "godz. 9",
      "9 rano",
      "saat 9",
      "sabah 9",
      "9'da",
      "в 9 утра",
      "9 часов",
      "朝9時",
      "아침 9시",
    ],
    ...["kl. 9", "kl 9", "at 9", "um 9 Uhr", "9 o'clock", "9 o’clock"],
    ...[
      "nine",
      "nine am",
      "nine o'clock",
      "9 in the morning",
      "9 sharp",
      "９",
      "９：００",
      "09:00:00",
    ],
    ...[
      "९",
      "٩:٠٠",
      "9時",
      "9点",
      "上午9点",
      "午前9時",
      "오전 9시",
      "9:00 AM",
      "9 morgens",
      "9 ч",
      "9 00",
    ],
  ],
  "09:30": [
    ...["halb zehn", "9 y media", "9 heures et demie", "9 ч 30 мин", "9시 반", "9時半に"],
    ...["9:30", "9.30", "9,30", "9h30", "9 h 30", "9 30", "930", "0930", "930am", "9:30 a.m."],
    ...[
      "9 Uhr 30",
      "9.30 Uhr",
      "kl. 9.30",
      "half past 9",
      "half past nine",
      "nine thirty",
      "9時30分",
    ],
    ...["9點半", "9h30m", "9:30h"],
  ],
  "21:30": [
    ...[
      "21:30",
      "9:30pm",
      "9:30 PM",
      "9.30 p.m.",
      "930pm",
      "2130",
      "21h30",
      "21 uhr 30",
      "21.30 Uhr",
    ],
    ...[
      "half past 9 pm",
      "9 30 pm",
      "下午9点30分",
      "午後9時30分",
      "오후 9시 30분",
      "9:30 in the evening",
    ],
  ],
  "21:00": ["21", "21h", "21 Uhr", "9pm", "9 p", "9 p.m", "9 abends", "9 o'clock pm", "nine pm"],
  "07:00": ["7 o'clock", "7 oclock", "7am", "seven", "700", "0700"],
  "09:15": ["9:15", "quarter past 9", "a quarter past nine", "9 fifteen"],
  "08:45": ["8:45", "quarter to 9", "845"],
  "12:00": [
    "noon",
    "Noon",
    "midday",
    "12pm",
    "12:00 pm",
    "12 noon",
    "12 midday",
    "at noon",
    "noon.",
    "12",
    "mittag",
    "midi",
    "mediodía",
  ],
  "12:30": ["12:30 PM", "12.30", "1230"],
  "00:00": [
    ...["midnight", "12am", "12:00 am", "00:00", "0", "0:00", "0000", "24:00", "24", "2400", "24h"],
    ...["Mitternacht", "minuit", "12 midnight", "0 Uhr"],
  ],
  "00:30": ["0:30", "0:30 am", "12:30 am", "0030"],
  "23:59": ["23:59", "11:59pm", "2359"],
};

const REFUSED = [
  ...["", " ", "25", "24:30", "2430", "9:75", "12:60", "13pm", "13:00 pm", "21pm", "0 pm", "soon"],
  ...[
    "-1:00",
    "1e1:00",
    "9:5",
    "9.3",
    "09:00:30",
    "now",
    "am",
    "pm",
    "h",
    "Uhr",
    "half nine",
    "9-10",
  ],
  ...[
    "12345",
    "99",
    "9 am pm",
    "9am tomorrow",
    "noon pm",
    "half past",
    "half past 25",
    "1.5",
    "Berlin",
  ],
  ...["9:00\u0000", "x".repeat(5_000), "__proto__"],
];

describe("a time of day", () => {
  const table = Object.entries(UNDERSTOOD).flatMap(([time, texts]) =>
    texts.map((text) => [text, time] as const),
  );

  it.each(table)("typed as %j is %s", (text, time) => expect(parseWallTime(text)).toBe(time));

  it.each(REFUSED)("is not what %j means", (text) => expect(parseWallTime(text)).toBeUndefined());

  it("is what was typed for every minute of the day, and nothing that is not a minute of a day comes out", () => {
    const two = (number: number) => String(number).padStart(2, "0");
    fc.assert(
      fc.property(fc.nat(23), fc.nat(59), (hour, minute) => {
        const time = `${two(hour)}:${two(minute)}`;
        const half = `${hour % 12 === 0 ? 12 : hour % 12}:${two(minute)}${hour < 12 ? "am" : "pm"}`;
        return [time, `${two(hour)}${two(minute)}`, half].every(
          (text) => parseWallTime(text) === time,
        );
      }),
    );
    fc.assert(
      fc.property(fc.string(), (text) =>
        /^([01]\d|2[0-3]):[0-5]\d$/.test(parseWallTime(text) ?? "00:00"),
      ),
    );
  });

  it("is suggested as it is understood, in the evening too where an hour leaves that open", () => {
    expect(suggestWallTimes("9")).toEqual(["09:00", "21:00"]);
    expect(suggestWallTimes("9:30")).toEqual(["09:30", "21:30"]);
    expect(suggestWallTimes("9pm")).toEqual(["21:00"]);
    expect(suggestWallTimes("09:00")).toEqual(["09:00"]);
    expect(suggestWallTimes("21h")).toEqual(["21:00"]);
    expect(suggestWallTimes("21")).toEqual(["21:00"]);
    expect(suggestWallTimes("12")).toEqual(["12:00"]);
    expect(suggestWallTimes("1")).toEqual(["01:00", "13:00"]);
    expect(suggestWallTimes("soon")).toEqual([]);
    expect(suggestWallTimes("")).toContain("09:00");
  });
});
