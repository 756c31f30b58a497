import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { readDay } from "../../src/reading/day.ts";

const TODAY = "2026-11-27";

/** What a text is read as, in short: a day, a named day, "day (other day)", or why it is none. */
function reading(typed: string, locale = "en-US", todayOn = TODAY): string {
  const read = readDay(typed, { locale, todayOn });
  if (!read.ok) return read.problem;
  if (read.value.kind !== "day") return read.value.kind;
  const { on, alternativeOn } = read.value;
  return alternativeOn === undefined ? on : `${on} (${alternativeOn})`;
}

/** Texts by the reading that all of them have in a locale. */
type Table = Readonly<Record<string, readonly string[]>>;

function check(locale: string, table: Table): void {
  const misread = Object.entries(table).flatMap(([expected, texts]) =>
    texts
      .filter((typed) => reading(typed, locale) !== expected)
      .map((typed) => `${locale} ${typed}: ${reading(typed, locale)} instead of ${expected}`),
  );
  expect(misread).toEqual([]);
}

describe("a typed day", () => {
  it("is read in every usual English spelling", () => {
    check("en-US", {
      "2017-12-17": [
        ...["2017-12-17", "2017/12/17", "2017.12.17", "2017 12 17", "20171217", "2017/17/12"],
        ...["17 Dec 2017", "17 dec 2017", "17 DECEMBER 2017", "17th December 2017", "17-Dec-2017"],
        ...["December 17, 2017", "Dec 17 2017", "Dec. 17th, 2017", "December 17th 2017"],
        ...["the 17th of December 2017", "17th of Dec, 2017", "on 17 December 2017", "17dec2017"],
        ...["Sun, 17 Dec 2017", "Sunday 17 December 2017", "Sun Dec 17 2017", "17 Dec '17"],
        ...["17.12.17", "17/12/2017", "12/17/2017", "12/17/17", "12-17-2017", "17-12-17"],
        ...["17122017", "12172017", "171217", "decem 17 2017", "2017 Dec 17", "2017, December 17"],
        ...["<t:1513468800:D>", "<t:1513468800>", "1513468800", "1513468800000"],
        ...[
          "2017-12-17T10:00Z",
          "2017-12-17T10:00:00.000Z",
          "2017-12-17 10:00",
          "2017-12-17T23:59",
        ],
        ...["17 Dec 2017 at 14:30", "Dec 17, 2017, 2:30 pm", "Sun, 17 Dec 2017 10:00:00 GMT"],
        ...[
          "２０１７／１２／１７",
          "  2017-12-17  ",
          "“2017-12-17”",
          "17 Dec 2017.",
          "*17 Dec 2017*",
        ],
        ...["2017–12–17", "17 Dec 17", "Dec 17 '17", "📅 17 Dec 2017", "since 17 Dec 2017"],
      ],
      "2017-12-18": ["2017-12-17T23:30:00-05:00"],
      "2017-12-01": [
        ...["Dec 2017", "December 2017", "2017-12", "2017/12", "12/2017", "12.2017", "201712"],
        ...[
          "Dec, 2017",
          "dec '17",
          "Dec-2017",
          "start of December 2017",
          "early Dec 2017",
          "2017 Dec",
        ],
      ],
      "2017-01-01": [
        ...["2017", "'17", "start of 2017", "beginning of 2017", "early 2017", "Q1 2017"],
        ...["new year 2017", "New Year's Day 2017", "January 2017"],
      ],
      "2018-04-01": ["Q2 2018", "2018 Q2", "q2/18", "2018-Q2"],
      "2018-07-01": ["mid 2018", "mid-2018", "middle of 2018"],
      "2018-12-31": ["end of 2018", "late 2018", "new year's eve 2018"],
      "2021-11-30": ["end of November 2021"],
      "2021-11-15": ["mid November 2021", "mid-Nov 2021"],
      "2017-12-25": ["Christmas 2017", "xmas 2017", "christmas day 2017"],
      "2025-12-25": ["last christmas", "christmas"],
      "2026-10-31": ["last halloween", "Halloween"],
      "2021-10-31": ["halloween 2021", "Halloween of 2021"],
      "2010-05-22": ["bitcoin pizza day 2010", "22 May 2010"],
      "2025-12-17": ["17 December", "17 dec", "17th of December"],
      "2025-12-01": ["December", "last December"],
      "2026-03-01": ["March", "last march"],
      "2024-02-29": ["29 Feb", "Feb 29 2024", "29.02.2024"],
      "2025-12-17 (2017-12-01)": ["Dec 17", "12/17"],
      "2026-11-26": ["yesterday", "1 day ago", "a day ago", "1d", "Thursday"],
      "2026-11-20": ["a week ago", "1w", "last week", "one week ago", "7 days ago", "last Friday"],
      "2026-11-13": ["two weeks ago", "2 weeks", "2w ago", "a fortnight ago", "14d"],
      "2026-05-27": ["6 months ago", "6mo", "6 months", "half a year ago", "half a year", "0.5y"],
      "2025-11-27": [
        ...[
          "a year ago",
          "1 year ago",
          "one year ago",
          "1y",
          "1 yr ago",
          "last year",
          "12 months ago",
        ],
        ...["A YEAR AGO", "a year ago today", "1 year", "year ago", "1yr.", "about a year ago"],
        ...["a year ago · 27 November 2025", "a year ago · Nov 27, 2025"],
      ],
      "2025-05-27": [
        "18 months ago",
        "1.5 years ago",
        "a year and a half ago",
        "one and a half years",
      ],
      "2024-11-27": ["2 years ago", "two years ago", "a couple of years ago", "2y", "2yrs back"],
      "2023-11-27": ["3 years ago", "three years ago", "3y"],
      "2025-08-27": ["a year and 3 months ago", "1y3m", "1 year, 3 months ago", "15 months"],
      "2016-11-27": ["10 years ago", "a decade ago", "ten years ago", "10y"],
    });
  });

  it("with day and month as numbers is read in the order of the reader's locale, which is said", () => {
    check("en-US", {
      "2020-03-04 (2020-04-03)": ["03/04/20", "3/4/2020", "03-04-2020", "03.04.20", "3.4.20"],
      "2017-12-17": ["12/17/2017", "17/12/2017"],
      "2020-03-03": ["03/03/20"],
      "2026-03-12": ["03/12/2026"],
    });
    check("en-GB", {
      "2020-04-03 (2020-03-04)": ["03/04/20", "3/4/2020", "03.04.2020", "3 4 20"],
      // 3 December 2026 has not come yet.
      "2026-03-12 (2026-12-03)": ["03/12/2026"],
    });
    for (const locale of ["de", "fr", "es-ES", "pt-BR", "ru", "tr", "pl", "hi", "th", "vi"])
      check(locale, { "2020-04-03 (2020-03-04)": ["03/04/20"], "2017-12-17": ["17.12.17"] });
    for (const locale of ["ja", "ko", "zh-CN", "zh-TW", "hu", "lt", "sv-SE"])
      check(locale, {
        "2017-12-10 (2010-12-17)": ["17.12.10"],
        "2020-04-03 (2020-03-04)": ["03/04/20"],
      });
  });

  it("is read in the reader's language, however Intl writes it there", () => {
    const locales = [
      ...[
        "id",
        "da",
        "de",
        "en-GB",
        "en-US",
        "es-ES",
        "es-419",
        "fr",
        "hr",
        "it",
        "lt",
        "hu",
        "nl",
      ],
      ...["no", "pl", "pt-BR", "ro", "fi", "sv-SE", "vi", "tr", "cs", "el", "bg", "ru", "uk", "hi"],
      ...["th", "zh-CN", "ja", "zh-TW", "ko"],
    ];
    const unread: string[] = [];
    for (const locale of locales)
      for (let month = 0; month < 12; month += 1) {
        const at = Date.UTC(2017, month, 17);
        const on = new Date(at).toISOString().slice(0, 10);
        const styles =
          month % 4 === 0 ? (["full", "long", "medium"] as const) : (["long"] as const);
        for (const dateStyle of styles)
          for (const calendar of month === 8 ? ["", "-u-ca-gregory"] : [""]) {
            const code = `${locale}${calendar}`;
            const text = new Intl.DateTimeFormat(code, { dateStyle, timeZone: "UTC" }).format(at);
            const withoutPoints = /\p{L}/u.test(text) ? text.replaceAll(".", "") : text;
            for (const typed of [text, text.toUpperCase(), withoutPoints])
              if (reading(typed, locale) !== on)
                unread.push(`${locale} ${typed}: ${reading(typed, locale)}`);
          }
        const monthText = new Intl.DateTimeFormat(`${locale}-u-ca-gregory`, {
          month: "long",
          year: "numeric",
          timeZone: "UTC",
        }).format(at);
        if (reading(monthText, locale) !== `${on.slice(0, 8)}01`)
          unread.push(`${locale} ${monthText}: ${reading(monthText, locale)}`);
      }
    expect(unread).toEqual([]);
  });

  it("is read by its distance from today, however Intl writes it in the reader's language", () => {
    const years = [1, 2, 3, 5, 8];
    const expected = years.map((count) => `${2026 - count}-11-27`);
    const unread: string[] = [];
    for (const locale of [
      "id",
      "da",
      "de",
      "es-ES",
      "fr",
      "hr",
      "it",
      "lt",
      "hu",
      "nl",
      "no",
      "pl",
    ])
      for (const style of ["long", "short"] as const)
        years.forEach((count, at) => {
          const typed = new Intl.RelativeTimeFormat(locale, { style }).format(-count, "year");
          if (reading(typed, locale) !== expected[at]) unread.push(`${locale} ${typed}`);
        });
    for (const locale of [
      "pt-BR",
      "ro",
      "fi",
      "sv-SE",
      "vi",
      "tr",
      "cs",
      "el",
      "bg",
      "ru",
      "uk",
      "hi",
    ])
      years.forEach((count, at) => {
        const typed = new Intl.RelativeTimeFormat(locale).format(-count, "year");
        if (reading(typed, locale) !== expected[at]) unread.push(`${locale} ${typed}`);
      });
    expect(unread).toEqual([]);
  });

  it("is read as people say it in other languages, whatever the reader's own", () => {
    const table: Readonly<Record<string, Table>> = {
      de: {
        "2025-11-27": ["vor einem Jahr", "vor 1 Jahr", "letztes Jahr"],
        "2024-11-27": ["vor zwei Jahren"],
        "2017-12-17": ["17. Dezember 2017", "17. Dez. 2017", "Sonntag, 17.12.2017", "17 dez 17"],
        "2017-03-01": ["März 2017", "Maerz 2017", "MÄRZ 2017", "Marz 2017"],
        "2026-11-26": ["gestern"],
        "2021-11-27": ["heute vor 5 Jahren"],
        "2018-01-01": ["Anfang 2018"],
      },
      fr: {
        "2025-11-27": ["il y a un an", "il y a 1 an", "l'an dernier", "il y a 1 année"],
        "2023-11-27": ["il y a trois ans"],
        "2017-12-01": ["1er décembre 2017", "le 1er decembre 2017", "déc. 2017"],
        "2026-11-26": ["hier"],
        "2026-10-27": ["le mois dernier", "mois dernier"],
        "2018-01-01": ["début 2018"],
      },
      "es-ES": {
        "2025-11-27": ["hace un año", "hace 1 año", "el año pasado", "un año atrás"],
        "2024-11-27": ["hace dos años", "hace 2 anos"],
        "2017-12-17": ["17 de diciembre de 2017", "el 17 de diciembre del 2017", "17 dic. 2017"],
      },
      it: {
        "2025-11-27": ["un anno fa", "l'anno scorso"],
        "2026-11-20": ["la settimana scorsa"],
        "2024-11-27": ["due anni fa"],
        "2017-01-01": ["1º gennaio 2017", "1° gennaio 2017"],
      },
      "pt-BR": { "2025-11-27": ["há um ano", "ano passado"], "2017-12-17": ["17 de dez. de 2017"] },
      nl: {
        "2025-11-27": ["een jaar geleden", "één jaar geleden"],
        "2017-12-17": ["zo 17 dec. 2017"],
      },
      pl: {
        "2025-11-27": ["rok temu", "1 rok temu"],
        "2017-12-17": ["17 grudnia 2017 roku", "17 grudnia 2017 r."],
        "2020-05-01": ["w maju 2020"],
      },
      ru: {
        "2025-11-27": ["год назад", "1 год назад"],
        "2017-12-17": ["17 декабря 2017 года"],
        "2020-05-01": ["в мае 2020"],
      },
      uk: { "2025-11-27": ["рік тому"], "2017-12-17": ["17 грудня 2017 року"] },
      "sv-SE": {
        "2025-11-27": ["för ett år sedan", "ett år sedan"],
        "2017-12-17": ["den 17 december 2017"],
      },
      da: { "2025-11-27": ["for et år siden", "et år siden"] },
      tr: {
        "2025-11-27": ["bir yıl önce"],
        "2017-11-01": ["Kasım 2017", "kasim 2017", "KASIM 2017"],
      },
      fi: {
        "2025-11-27": ["vuosi sitten", "yksi vuosi sitten"],
        "2017-12-17": ["17. joulukuuta 2017"],
      },
      hu: {
        "2025-11-27": ["egy évvel ezelőtt", "egy éve"],
        "2017-12-17": ["2017. 12. 17.", "2017. dec. 17."],
      },
      cs: { "2025-11-27": ["před rokem", "před jedním rokem"] },
      id: { "2025-11-27": ["setahun yang lalu", "1 tahun lalu"], "2017-12-17": ["17 Des 2017"] },
      vi: {
        "2025-11-27": ["1 năm trước", "một năm trước"],
        "2017-12-17": ["17 tháng 12 năm 2017", "ngày 17 tháng 12 năm 2017"],
      },
      hi: {
        "2025-11-27": ["एक वर्ष पहले", "1 साल पहले"],
        "2017-12-17": ["१७/१२/२०१७", "१७ दिसंबर २०१७"],
      },
      th: {
        "2025-11-27": ["1 ปีที่แล้ว", "หนึ่งปีที่แล้ว"],
        "2017-12-17": ["17 ธันวาคม 2560", "๑๗ ธันวาคม ๒๕๖๐", "17 ธ.ค. 2017"],
      },
      ja: {
        "2025-11-27": ["1年前", "1 年前", "一年前"],
        "2026-05-27": ["6か月前", "6ヶ月前"],
        "2026-11-25": ["おととい"],
        "2018-01-01": ["2018年初"],
        "2017-12-17": [
          "2017年12月17日",
          "２０１７年１２月１７日",
          "2017年12月17日(日)",
          "2017/12/17",
        ],
        "2017-12-01": ["2017年12月"],
        "2017-01-01": ["2017年"],
        "2026-11-26": ["昨日"],
      },
      "zh-CN": {
        "2025-11-27": ["1年前", "一年前", "去年"],
        "2017-12-17": ["2017年12月17号", "2017年12月17日 星期日"],
      },
      "zh-TW": { "2017-12-17": ["民國106年12月17日".slice(2), "2017年12月17日"] },
      ko: {
        "2025-11-27": ["1년 전", "일년 전", "작년"],
        "2017-12-17": ["2017년 12월 17일", "2017. 12. 17."],
      },
    };
    for (const [locale, texts] of Object.entries(table)) {
      check(locale, texts);
      // A German who has the client in English types German all the same.
      check("en-US", texts);
    }
  });

  it("may be the listing, the peak or the day of joining, by any of their names", () => {
    check("en-US", {
      peak: [
        ...[
          "peak",
          "Peak",
          "ATH",
          "the top",
          "at the top",
          "all-time high",
          "all time high",
          "its peak",
        ],
        ...["the worst moment", "worst moment to buy", "Peak: the worst moment to buy", "the ATH!"],
        ...[
          "Höchststand",
          "Allzeithoch",
          "le sommet",
          "máximo histórico",
          "пик",
          "zirve",
          "最高値",
          "최고점",
        ],
      ],
      joined: [
        ...["joined", "Joined", "when I joined", "the day I joined", "when I joined this server"],
        ...["Joined: the day you joined this server", "beigetreten", "加入", "가입"],
      ],
      listing: ["listing", "launch", "start", "the start", "at launch", "default", "début", "上場"],
    });
  });

  it("may have what it is for before it, as the option is called or in other words", () => {
    check("en-US", {
      "2017-12-17": [
        ...["bought: 2017-12-17", "bought:17 Dec 2017", "Bought = 2017-12-17", "date: 2017-12-17"],
        ...["bought 2017-12-17", "bought on 17 Dec 2017", "I bought it on 2017-12-17"],
        ...["--bought 2017-12-17", "/bought: 2017-12-17", "Day: Dec 17 2017"],
      ],
      "2017-12-01": ["bought in Dec 2017", "bought: December 2017"],
      "2025-11-27": ["bought a year ago", "bought: a year ago"],
      peak: ["bought: peak", "bought at the peak", "bought the top"],
      joined: ["bought: joined", "bought when I joined"],
      listing: ["day one", "bought: launch"],
      "not-a-day": ["bought", "bought:", "bought: bought: x", "coin: doge"],
    });
    check("de", { "2017-12-17": ["gekauft am 17.12.2017", "gekauft: 17. Dez. 2017"] });
    check("fr", { "2017-12-17": ["acheté le 17 décembre 2017"] });
    check("pt-BR", { "2017-12-17": ["comprado em 17 de dezembro de 2017", "data: 17/12/2017"] });
    check("ja", { "2017-12-17": ["購入日：2017年12月17日"] });
  });

  it("has the months of every country that speaks the reader's language", () => {
    for (const locale of ["de", "en-US"])
      check(locale, {
        "2018-01-01": ["Jänner 2018", "1. Jänner 2018", "jaenner 2018", "Jän. 2018", "JÄNNER 2018"],
        "2018-02-01": ["Feber 2018"],
        "2017-09-01": ["setiembre de 2017", "set. 2017"],
        "2017-08-01": ["avgust 2017"],
      });
  });

  it("has a first day of February 29 a year before it, and none on February 31", () => {
    expect(reading("a year ago", "en-US", "2024-02-29")).toBe("2023-02-28");
    expect(reading("4 years ago", "en-US", "2024-02-29")).toBe("2020-02-29");
    expect(reading("1 month ago", "en-US", "2026-03-31")).toBe("2026-02-28");
    const noDays = [
      "31 Feb",
      "31 Feb 2018",
      "Feb 30, 2019",
      "2019-02-29",
      "31.04.2018",
      "2018年2月31日",
    ];
    check("en-US", { "no-such-day": [...noDays, "2018-13-45", "00/00/2018", "32 Dec 2017"] });
    // ISO 8601 has the month in the middle, and nothing else is meant by it.
    for (const locale of ["en-US", "de", "ja"])
      check(locale, {
        "no-such-day": ["2017-13-01", "2017-17-12", "2017–13–01", "20171301", "2017-00-10"],
        "2017-12-01": ["2017-12-01"],
      });
    expect(readDay("31 Feb 2018", { locale: "en-US", todayOn: TODAY })).toMatchObject({
      monthEndsOn: "2018-02-28",
    });
  });

  it("is refused in the future, today, before bitcoin, and where it is no day at all", () => {
    check("en-US", {
      future: [
        "2027-01-01",
        "tomorrow",
        "in 2 years",
        "next year",
        "1 Jan 2030",
        "12/01/2027",
        "morgen",
      ],
      today: ["today", "2026-11-27", "now", "heute", "27 November 2026"],
      "too-early": ["2009-01-02", "1999", "2008", "1 Jan 1970", "1000 years ago", "100y", "1000"],
      "2009-01-03": ["2009-01-03", "3 Jan 2009"],
      "not-a-day": [
        ...["", "   ", "soon", "dogecoin", "17", "$500", "a", "the", "0", "12345"],
        ...[
          "2017-12-17-05",
          "17 Dec Jan 2017",
          "1/2/3/4",
          "Dec 2017 lambo",
          "peak 2017",
          "99999999999999",
        ],
        ...[
          "a few years ago",
          "many moons ago",
          "<t:abc>",
          "x".repeat(101),
          "· ·",
          "a year ago · 2017",
        ],
      ],
    });
  });

  it("never throws, and is never outside the time of coins, whatever is typed", () => {
    const piece = fc.constantFrom(
      ...[
        "17",
        "12",
        "2017",
        "Dec",
        "dezember",
        "年",
        "月",
        "日",
        "-",
        "/",
        ".",
        " ",
        ",",
        "'",
        "ago",
      ],
      ...[
        "year",
        "vor",
        "einem",
        "peak",
        "Q1",
        "<t:",
        ":D>",
        "th",
        "·",
        "of",
        "31",
        "99999",
        "١٧",
        "\u0301",
      ],
    );
    const text = fc.oneof(
      fc.string({ unit: "binary", maxLength: 120 }),
      fc.array(piece, { maxLength: 12 }).map((pieces) => pieces.join("")),
      fc.array(piece, { maxLength: 12 }).map((pieces) => pieces.join(" ")),
    );
    const locale = fc.constantFrom("en-US", "de", "ja", "th", "vi", "no", "x", "not a locale", "");
    fc.assert(
      fc.property(text, locale, (typed, code) => {
        const read = readDay(typed, { locale: code, todayOn: TODAY });
        if (!read.ok || read.value.kind !== "day") return;
        const { on } = read.value;
        expect(new Date(on).toISOString().slice(0, 10)).toBe(on);
        expect(on >= "2009-01-03" && on < TODAY).toBe(true);
      }),
    );
  });
});
