import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { HOSTILE, type SiteUnderTest, startSiteUnderTest } from "./site-under-test.ts";

let site: SiteUnderTest;
beforeAll(async () => {
  site = await startSiteUnderTest({ applicationId: "123456789012345678" });
});
afterAll(() => site.close());

const page = async (path: string) => {
  const response = await site.get(path);
  return { response, status: response.status, html: await response.text() };
};
const location = async (path: string) => (await site.get(path)).headers.get("location");

/** The picture's address on a page, without the origin. */
const pictureOf = (html: string) =>
  (/<img src="([^"]*picture\.png[^"]*)"/.exec(html)?.[1] ?? "").replaceAll("&amp;", "&");

describe("the page of an answer", () => {
  it("says verdict, story, the original's five tiles, sources, and where to share and add it", async () => {
    const { status, html } = await page("/c/dogecoin");
    expect(status).toBe(200);
    expect(html).toMatch(/<h1>To the moon · [\d.]+ Lambos<\/h1>/);
    expect(html).toContain("Had you put $1,000 into Dogecoin in its first four weeks");
    for (const tile of ["Lambos", "Stake", "Coins (DOGE)", "Profit", "Growth factor"])
      expect(html).toContain(`<dt>${tile}</dt>`);
    expect(html).toContain(">Data provided by CoinGecko</a>");
    expect(html).toContain("Copy link");
    expect(html).toContain("https://discord.com/oauth2/authorize?client_id=123456789012345678");
    expect(Buffer.byteLength(html)).toBeLessThan(60_000);
  });

  it("tells previews its title, story and signed picture, with whole addresses", async () => {
    const { html } = await page("/c/dogecoin?stake=5000");
    const meta = (name: string) =>
      new RegExp(`<meta (?:property|name)="${name}" content="([^"]*)"`).exec(html)?.[1];
    expect(meta("og:site_name")).toBe("Dude, Where&#39;s My Lambo");
    expect(meta("og:title")).toMatch(/^Dogecoin: /);
    expect(meta("og:description")).toMatch(/^Had you put \$5,000/);
    expect(meta("og:image")).toMatch(/^https:\/\/lambo\.example\/c\/dogecoin\/picture\.png\?/);
    expect(meta("og:url")).toBe("https://lambo.example/c/dogecoin?stake=5000");
    expect(meta("twitter:card")).toBe("summary_large_image");
    expect(meta("theme-color")).toMatch(/^#[0-9a-f]{6}$/);
    expect(html).toContain(
      '<link rel="canonical" href="https://lambo.example/c/dogecoin?stake=5000">',
    );
  });

  it("has one address: other spellings lead there, and what goes without saying may stay", async () => {
    expect(await location("/c/DOGE")).toBe("/c/dogecoin");
    expect(await location("/c?coin=doge&stake=1.5k&car=Urus+S&bought=")).toBe(
      "/c/dogecoin?stake=1500&car=urus-s",
    );
    expect(await location("/c/dogecoin?stake=%E2%82%AC500")).toBe(
      "/c/dogecoin?stake=500&currency=EUR",
    );
    const { status, html } = await page(
      "/c/dogecoin?stake=1000&car=average&currency=USD&utm_source=chat",
    );
    expect(status).toBe(200);
    expect(html).toContain('<link rel="canonical" href="https://lambo.example/c/dogecoin">');
  });

  it("is there for a coin whose id is a part of the address, with a slash at the end or not", async () => {
    for (const path of ["/c/c", "/c/c/"]) expect((await page(path)).status).toBe(200);
    for (const path of ["/c?coin=c", "/c/?coin=c"]) expect(await location(path)).toBe("/c/c");
  });

  it("has a form that asks the same question again, about this very coin", async () => {
    const fields = async (path: string) =>
      Object.fromEntries(
        [...(await page(path)).html.matchAll(/<input [^>]*name="(\w+)"[^>]* value="([^"]*)"/g)].map(
          ([, name, value]) => [name, value],
        ),
      );
    const asked = { coin: "Dogecoin", stake: "500 EUR", bought: "2021-05-01" };
    const path = "/c/dogecoin?stake=500&currency=EUR&bought=2021-05-01";
    expect(await fields(path)).toEqual(asked);
    expect(await location(`/c?${new URLSearchParams(asked)}`)).toBe(path);
    // Its hint says what is spent if nobody says how much; in another currency it has to be said.
    expect(await fields("/c/dogecoin")).toEqual({ coin: "Dogecoin", stake: "", bought: "" });
    expect((await fields("/c/dogecoin?currency=EUR"))["stake"]).toBe("1000 EUR");
    expect((await fields("/c/twin-one"))["coin"]).toBe("twin-one");
    expect(await fields("/c/dogecoin?stake=5&currency=euro")).toMatchObject({ stake: "5 euro" });
  });

  it("says what a guess was taken for, and an amount that could have been another", async () => {
    const guessed = await page("/c?coin=dogecion");
    expect(guessed.status).toBe(200);
    expect(guessed.html).toContain("Taken for Dogecoin.");
    expect(guessed.html).toContain('content="noindex"');
    const doubtful = await page("/c/dogecoin?stake=1.000");
    expect(doubtful.status).toBe(200);
    expect(doubtful.html).toMatch(/1\.000.*\$1,000/s);
  });

  it("values a purchase made on a chosen day", async () => {
    const { status, html } = await page("/c/dogecoin?bought=2021-05-01");
    expect(status).toBe(200);
    expect(html).toContain("from May 1, 2021");
    expect(html).toContain("/c/dogecoin?bought=2021-05-01");
    expect((await page("/c/sinking?bought=peak")).status).toBe(200);
  });

  it("says of a coin that is no longer priced that it is too late", async () => {
    const { status, html } = await page("/c/gone");
    expect(status).toBe(200);
    expect(html).toMatch(/<h1>Too late/);
    expect(html).toContain("No price has been recorded since");
  });

  it("names days and prices in the drawing, for the keyboard and for screen readers, and in a table", async () => {
    const { html } = await page("/c/dogecoin");
    const marks = [...html.matchAll(/tabindex="0" role="img" aria-label="([^"]+)"/g)];
    expect(marks.length).toBeGreaterThanOrEqual(6);
    expect(marks.length).toBeLessThanOrEqual(12);
    expect(marks[0]?.[1]).toMatch(/^Dec 31, 20\d\d: \$[\d.,]+, [\d.]+ Lambos?$/);
    expect(html).toContain('<th scope="row">Nov 23, 2026</th>');
  });

  it("has the prices of its scale beside the line, where nothing crosses them", async () => {
    for (const path of ["/c/dogecoin", "/c/dogecoin?stake=100000", "/c/dogecoin?currency=EUR"]) {
      const { html } = await page(path);
      const line = [...html.matchAll(/<polyline class="line" points="([^"]*)"/g)].flatMap(
        ([, points = ""]) => points.split(" ").map((point) => Number(point.split(",")[0])),
      );
      const labels = [...html.matchAll(/<text class="axis[^"]*" x="([\d.]+)"[^>]*dy=/g)];
      expect(labels.length).toBeGreaterThan(1);
      for (const [, x] of labels) expect(Number(x)).toBeGreaterThan(Math.max(...line));
    }
  });

  it("is kept until something in it changes, and is not sent twice to one who has it", async () => {
    const first = await site.get("/c/dogecoin");
    const etag = first.headers.get("etag") ?? "";
    expect(first.headers.get("cache-control")).toMatch(/^public, max-age=\d+$/);
    expect(first.headers.get("vary")).toBe("accept-encoding, accept-language");
    const again = await site.get("/c/dogecoin", { "if-none-match": etag });
    expect({ status: again.status, body: await again.text() }).toEqual({ status: 304, body: "" });
    const small = await site.get("/c/dogecoin", { "accept-encoding": "gzip" });
    expect(small.headers.get("content-encoding")).toBe("gzip");
    expect(
      (await site.get("/c/dogecoin", { "accept-encoding": "gzip;q=0" })).headers.get(
        "content-encoding",
      ),
    ).toBeNull();
    const head = await site.app.request("/c/dogecoin", { method: "HEAD" });
    expect({ status: head.status, body: await head.text() }).toEqual({ status: 200, body: "" });
  });

  it("shows the name of a hostile coin as text, wherever it stands", async () => {
    const { status, html } = await page("/c/hostile");
    expect(status).toBe(200);
    expect(html).not.toContain("<img src=x");
    expect(html).not.toContain("<script>");
    expect(html).not.toContain("\u202e");
    expect(html.match(/<\/title>/g)?.length).toBe(2);
    expect(HOSTILE).toContain("\u202e");
    expect(html).toContain("&quot;&gt;&lt;img src=x onerror=alert(1)&gt;");
  });
});

describe("a coin whose name is written from right to left", () => {
  it("keeps the words around it in order, and stands in fields as it is typed", async () => {
    const { html } = await page("/c/shekel-coin");
    // First strong isolate, pop directional isolate (Unicode's UAX 9).
    expect(html).toContain("into \u2068שקל 12\u2069 in its first four weeks");
    expect(html).toContain("\u2068שקל 12\u2069 · ILSC");
    expect(html).toContain('name="coin"');
    expect(/<input id="coin"[^>]* value="([^"]*)"/.exec(html)?.[1]).toBe("שקל 12");
    expect((await page("/")).html).toContain('<option value="שקל 12">');
    expect(await location(`/c?coin=${encodeURIComponent("שקל 12")}`)).toBe("/c/shekel-coin");
  });
});

describe("what has no answer", () => {
  it.each([
    ["an unknown coin", "/c/zzzzqqqq", 404, "No such coin"],
    ["a symbol of several coins", "/c/TWIN", 409, "Which one do you mean?"],
    ["a coin of three days", "/c/newborn", 404, "Too new to tell"],
    ["no amount", "/c/dogecoin?stake=lots", 400, "That is not a stake"],
    ["no car", "/c/dogecoin?car=fiat", 400, "No such car"],
    ["no currency", "/c/dogecoin?currency=euro", 400, "No such currency"],
    ["31 February", "/c/dogecoin?bought=31+Feb+2020", 400, "no such day"],
    ["tomorrow", "/c/dogecoin?bought=2030-01-01", 400, "day"],
    ["no coin", "/c", 400, "No such coin"],
    ["dots", "/c/%2e%2e%2fx", 404, "No such coin"],
    ["NUL", "/c/%00", 400, "No such coin"],
    ["line ends", "/c/a%0d%0aset-cookie:x", 404, "No such coin"],
    ["broken codes", "/c/%E0%A4%A", 400, "This address cannot be read"],
    ["a very long text", `/c/${"x".repeat(3_000)}`, 404, "No such coin"],
    ["markup", "/c/%3Cscript%3Ealert(1)%3C%2Fscript%3E", 404, "No such coin"],
  ])("%s is a page that says so and asks again", async (_what, path, status, heading) => {
    const { response, html, ...got } = await page(path);
    expect(got.status).toBe(status);
    expect(html).toContain(heading);
    expect(html).toContain('<form action="/c"');
    expect(html).not.toContain("<script>");
    expect(response.headers.get("cache-control")).toBe("no-store");
    expect(response.headers.get("x-robots-tag")).toBe("noindex");
  });

  it("offers the coins that may be meant, with the rest of the question, and marks the field", async () => {
    const { html } = await page("/c/TWIN?stake=500");
    expect(html).toContain('href="/c/twin-one?stake=500"');
    expect(html).toContain('href="/c/twin-two?stake=500"');
    expect(html).toMatch(
      /<input id="coin"[^>]*aria-describedby="coin-hint coin-error" aria-invalid="true"/,
    );
  });

  it("is a page for a browser at any other address, and a problem for a program", async () => {
    const browser = await site.get("/nothing", { accept: "text/html" });
    expect(browser.status).toBe(404);
    expect(browser.headers.get("content-type")).toMatch(/^text\/html/);
    expect(browser.headers.get("content-security-policy")).toContain("default-src 'none'");
    const program = await site.get("/nothing");
    expect(program.headers.get("content-type")).toBe("application/problem+json");
  });
});

describe("the picture's address", () => {
  it("is drawn once for a page that names it, and lasts until the next close", async () => {
    const { html } = await page("/c/sinking");
    const before = site.drawings();
    const picture = await site.get(pictureOf(html));
    expect(picture.status).toBe(200);
    expect(picture.headers.get("content-type")).toBe("image/png");
    expect(
      Buffer.from(await picture.arrayBuffer())
        .subarray(1, 4)
        .toString(),
    ).toBe("PNG");
    expect((await site.get(pictureOf(html))).status).toBe(200);
    const etag = picture.headers.get("etag") ?? "";
    expect((await site.get(pictureOf(html), { "if-none-match": etag })).status).toBe(304);
    expect(site.drawings() - before).toBe(1);
  });

  it("is refused without a drawing when a single sign of it was changed", async () => {
    const { html } = await page("/c/sinking?stake=777");
    const address = pictureOf(html);
    const before = site.drawings();
    for (const changed of [
      address.replace("stake=777", "stake=778"),
      address.replace("/sinking/", "/dogecoin/"),
      address.replace(/on=[\d-]+/, "on=2026-11-22"),
      address.replace("v=1", "v=2"),
      address.replace(/s=./, "s=_"),
      address.replace(/&s=.*/, ""),
      `${address.replace(/&s=.*/, "")}&s=${"é".repeat(43)}`,
      `${address}&bought=2021-01-01`,
      "/c/dogecoin/picture.png",
    ])
      expect((await site.get(changed)).status).toBe(403);
    expect(site.drawings()).toBe(before);
  });

  it("of an earlier close is gone, and says where the current picture is", async () => {
    const later = await startSiteUnderTest();
    const html = await (await later.get("/c/dogecoin?stake=900")).text();
    later.market.setNow("2026-11-25T12:00:00Z");
    const old = await later.get(pictureOf(html));
    expect(old.status).toBe(410);
    expect(await old.text()).toContain("https://lambo.example/c/dogecoin?stake=900");
    expect(later.drawings()).toBe(0);
    await later.close();
  });

  it("shows a picture that is there at once, while others are waiting to be drawn", async () => {
    let draw = (): void => undefined;
    const held = new Promise<void>((resolve) => {
      draw = resolve;
    });
    let hasBegun = false;
    const rasterize = async () => {
      if (hasBegun) await held;
      hasBegun = true;
      return new Uint8Array(1);
    };
    const own = await startSiteUnderTest({ drawing: { rasterize } });
    const [known = "", ...others] = await Promise.all(
      [1, 2, 3].map(async (stake) =>
        pictureOf(await (await own.get(`/c/dogecoin?stake=${stake}`)).text()),
      ),
    );
    await own.get(known);
    const waiting = others.map((address) => own.get(address));
    await vi.waitFor(() => expect(own.drawings()).toBe(2));
    expect((await own.get(known)).status).toBe(200);
    draw();
    expect((await Promise.all(waiting)).map(({ status }) => status)).toEqual([200, 200]);
    await own.close();
  });

  it("lets one visitor have twenty new pictures a minute, and known ones and other visitors any", async () => {
    const own = await startSiteUnderTest();
    const visitor = { "x-forwarded-for": "203.0.113.7" };
    const addresses: string[] = [];
    for (let stake = 1; stake <= 21; stake += 1)
      addresses.push(pictureOf(await (await own.get(`/c/dogecoin?stake=${stake}`)).text()));
    const statuses: number[] = [];
    for (const address of addresses) statuses.push((await own.get(address, visitor)).status);
    expect(statuses).toEqual([...Array.from({ length: 20 }, () => 200), 429]);
    const refused = await own.get(addresses[20] ?? "", visitor);
    expect(refused.headers.get("retry-after")).toMatch(/^\d+$/);
    expect((await own.get(addresses[0] ?? "", visitor)).status).toBe(200);
    expect((await own.get(addresses[20] ?? "", { "x-forwarded-for": "203.0.113.8" })).status).toBe(
      200,
    );
    expect(own.drawings()).toBe(21);
    await own.close();
  });
});

describe("the language of the pages", () => {
  const GERMAN = { "accept-language": "de-AT,de;q=0.9,en;q=0.8" };
  const langOf = (html: string) => /<html lang="([^"]*)" dir="ltr">/.exec(html)?.[1];
  const read = async (path: string, headers: Readonly<Record<string, string>> = {}) =>
    (await site.get(path, headers)).text();

  it("is the browser's where we speak it, in words, numbers and days, and in what is typed", async () => {
    const html = await read("/c/dogecoin", GERMAN);
    expect(langOf(html)).toBe("de");
    expect(html).toContain("<dt>Einsatz</dt><dd>1.000\u00a0$</dd>");
    expect(html).toContain('<th scope="row">23. Nov. 2026</th>');
    expect(html).toContain('<meta property="og:locale" content="de_DE">');
    const asked = "/c?coin=doge&stake=1.500,50&bought=1.+Mai+2021";
    const found = await site.get(asked, GERMAN);
    expect(found.headers.get("location")).toBe("/c/dogecoin?stake=1500.5&bought=2021-05-01");
    expect(await read("/c/doge?bought=01.02.2021", GERMAN)).toContain("ab dem 1. Feb. 2021");
  });

  it.each([
    ["fr;q=0.2, ja", "ja"],
    ["nl, pl;q=0.4, it;q=0.5", "it"],
    ["zh-CN, zh;q=0.9", "en"],
    ["pt-PT", "pt-BR"],
    ["es-MX", "es"],
    ["en-US-u-nu-thai", "en"],
    ["*", "en"],
    ["de;q=0, *;q=0.1", "en"],
    ["tr;q=1.0000, ;;, q=1, ko;q=.5, ru;q=0.1", "ru"],
    ["", "en"],
  ])("is chosen from Accept-Language %j", async (acceptLanguage, expected) => {
    expect(langOf(await read("/", { "accept-language": acceptLanguage }))).toBe(expected);
  });

  it.each([
    ["lang=de", "de"],
    ["lang=de-CH", "de"],
    ["lang=PT-br", "pt-BR"],
    ["lang=de&lang=fr", "de"],
    ["lang=xx", "ru"],
    ["lang=", "ru"],
    ["lang=en-US-u-nu-thai", "en"],
    ["lang=%00%22%3E", "ru"],
  ])(
    "is the address's before the browser's, unless that names none: %s",
    async (query, expected) => {
      const html = await read(`/?${query}`, { "accept-language": "ru" });
      expect(langOf(html)).toBe(expected);
    },
  );

  it("is found in an absurdly long header or address as far as that can be read", async () => {
    const long = { "accept-language": `${"x".repeat(9_000)}, de` };
    expect(langOf(await read("/", long))).toBe("de");
    const many = { "accept-language": `${"x,".repeat(4_000)}de` };
    expect(langOf(await read(`/?lang=${"de-".repeat(900)}`, many))).toBe("en");
  });

  it("stays with one who asked for it, in links, form, redirects and the link to share", async () => {
    const html = await read("/c/dogecoin?lang=fr");
    const links = [...html.matchAll(/ href="(\/(?:c\/[^"]*)?)"/g)].map(([, url = ""]) => url);
    expect(links.length).toBeGreaterThan(15);
    const others = [...html.matchAll(/<a href="([^"]*)" hreflang="(?!fr)/g)].map(([, url]) => url);
    expect(others).toHaveLength(10);
    for (const url of links.filter((link) => !others.includes(link)))
      expect(url).toMatch(/[?;]lang=fr$/);
    expect(html).toContain('<input type="hidden" name="lang" value="fr">');
    expect(html).toContain('readonly value="https://lambo.example/c/dogecoin?lang=fr"');
    expect(html).toContain('rel="canonical" href="https://lambo.example/c/dogecoin?lang=fr"');
    expect(await location("/c/DOGE?stake=5&lang=fr")).toBe("/c/dogecoin?stake=5&lang=fr");
    const unasked = await read("/c/dogecoin", { "accept-language": "fr" });
    expect(unasked).toContain('rel="canonical" href="https://lambo.example/c/dogecoin"');
    expect(unasked).not.toContain('name="lang"');
  });

  it("can be changed on every page, by the language's own name, and search engines know all", async () => {
    const html = await read("/c/dogecoin?stake=5000&lang=de");
    expect(html).toContain('<span aria-current="true">Deutsch</span>');
    expect(html).toContain(
      '<a href="/c/dogecoin?stake=5000&amp;lang=pt-BR" hreflang="pt-BR" lang="pt-BR">Português (Brasil)</a>',
    );
    expect(html.match(/<link rel="alternate" hreflang="[^"]+"/g)).toHaveLength(12);
    expect(html).toContain(
      'hreflang="x-default" href="https://lambo.example/c/dogecoin?stake=5000"',
    );
    const refusal = await read("/c/zzzzqqqq?stake=5&lang=de");
    expect(refusal).toContain('<a href="/c?coin=zzzzqqqq&amp;stake=5&amp;lang=ja"');
    expect(refusal).not.toContain('rel="alternate"');
  });

  it("is that of refusals and of the page for an address without one", async () => {
    for (const [path, status, words] of [
      ["/c/zzzzqqqq", 404, "So einen Coin gibt es nicht"],
      ["/c/%E0%A4%A", 400, "Diese Adresse ist nicht lesbar"],
      ["/nothing", 404, "Diese Adresse führt nirgendwohin"],
      ["/nothing?lang=ja", 404, "このアドレス"],
      ["/c/dogecoin/picture.png", 403, "Diese Adresse stammt nicht von dieser Seite"],
    ] as const) {
      const response = await site.get(path, { accept: "text/html", ...GERMAN });
      expect(response.status).toBe(status);
      expect(await response.text()).toContain(words);
    }
  });

  it("has a tag of its own, so that nobody keeps a page in another language", async () => {
    const tag = async (headers: Readonly<Record<string, string>>) =>
      (await site.get("/c/dogecoin", headers)).headers.get("etag") ?? "";
    const [english, german] = [await tag({}), await tag(GERMAN)];
    expect(german).not.toBe(english);
    const has = async (etag: string) =>
      (await site.get("/c/dogecoin", { ...GERMAN, "if-none-match": etag })).status;
    expect([await has(english), await has(german)]).toEqual([200, 304]);
  });

  it("is signed in the picture's address, and in English the address is as before", async () => {
    const german = pictureOf(await read("/c/sinking?stake=321", GERMAN));
    expect(german).toContain("&lang=de&");
    expect(pictureOf(await read("/c/sinking?stake=321"))).not.toContain("lang");
    const before = site.drawings();
    for (const forged of [german.replace("=de&", "=fr&"), german.replace("lang=de&", "")])
      expect((await site.get(forged)).status).toBe(403);
    expect(site.drawings()).toBe(before);
    expect((await site.get(german, { "accept-language": "ja" })).status).toBe(200);
  });

  it("changes nothing about the amount of an address, whichever language it was typed in", async () => {
    const typed = await site.get("/c?coin=doge&stake=1,1250", GERMAN);
    const address = typed.headers.get("location") ?? "";
    for (const lang of ["de", "en", "pt-BR", "ja"]) {
      const html = await read(`${address}&lang=${lang}`);
      expect(html).toMatch(/<dd>[^<]*1[.,]13[^<]*<\/dd>/);
    }
  });
});

describe("the pages together", () => {
  it("load nothing from elsewhere and no script in the page, and cannot be framed", async () => {
    for (const path of ["/", "/c/dogecoin", "/c/zzzzqqqq"]) {
      const { response, html } = await page(path);
      const policy = response.headers.get("content-security-policy");
      expect(policy).toContain("default-src 'none'");
      expect(policy).toContain("frame-ancestors 'none'");
      expect(policy).not.toContain("unsafe");
      expect(response.headers.get("strict-transport-security")).toMatch(/^max-age=/);
      const loaded = [
        ...html.matchAll(
          /<(?:link rel="(?:icon|stylesheet)" href|script[^>]* src|img src)="([^"]+)"/g,
        ),
      ];
      expect(loaded.length).toBeGreaterThanOrEqual(3);
      for (const [, url = ""] of loaded) expect(url).toMatch(/^\/(assets|c)\//);
      expect(html).not.toMatch(/ style="| on\w+="|<style/);
    }
  });

  it("work behind a path of a proxy, in every link", async () => {
    const below = await startSiteUnderTest({ publicUrl: "https://example.org/coins" });
    const html = await (await below.get("/c/dogecoin")).text();
    const links = [...html.matchAll(/ (?:href|src|action)="([^"]+)"/g)].map(([, url = ""]) => url);
    expect(links.filter((url) => url.startsWith("/") && !url.startsWith("/coins/"))).toEqual([]);
    expect((await below.get("/c/DOGE")).headers.get("location")).toBe("/coins/c/dogecoin");
    await below.close();
  });

  it("turn away one who asks for more than 120 a minute with a page, and nobody else", async () => {
    const own = await startSiteUnderTest();
    const visitor = { "x-forwarded-for": "203.0.113.9" };
    let last = new Response();
    for (let asked = 0; asked <= 120; asked += 1) last = await own.get("/c/zz%00", visitor);
    expect(last.status).toBe(429);
    expect(last.headers.get("retry-after")).toMatch(/^\d+$/);
    expect(await last.text()).toContain("Too many questions");
    expect((await own.get("/")).status).toBe(200);
    await own.close();
  });

  it("with invented prices are for no search engine, nor are their pictures", async () => {
    const demo = await startSiteUnderTest({ isDemo: true });
    for (const path of ["/", "/c/dogecoin"]) {
      const shown = await demo.get(path);
      expect(shown.headers.get("x-robots-tag")).toBe("noindex");
      expect(await shown.text()).toContain('<meta name="robots" content="noindex">');
    }
    const picture = await demo.get(pictureOf(await (await demo.get("/c/dogecoin")).text()));
    expect([picture.status, picture.headers.get("x-robots-tag")]).toEqual([200, "noindex"]);
    expect(await (await demo.get("/robots.txt")).text()).not.toContain("Sitemap");
    expect((await demo.get("/sitemap.xml")).status).toBe(404);
    await demo.close();
  });

  it("list the largest coins for search engines, and serve their files for good", async () => {
    expect((await page("/robots.txt")).html).toContain(
      "Sitemap: https://lambo.example/sitemap.xml",
    );
    expect((await page("/sitemap.xml")).html).toContain(
      "<loc>https://lambo.example/c/dogecoin</loc>",
    );
    const css = /href="(\/assets\/site\.\w+\.css)"/.exec((await page("/")).html)?.[1] ?? "";
    expect((await site.get(css)).headers.get("cache-control")).toContain("immutable");
    const old = await site.get("/assets/site.0000000000.css");
    expect({ status: old.status, cache: old.headers.get("cache-control") }).toEqual({
      status: 200,
      cache: "public, max-age=3600",
    });
  });
});
