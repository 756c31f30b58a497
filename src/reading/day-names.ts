/** The days of a purchase that have a name instead of a date. */
export type NamedDay = "listing" | "peak" | "joined";

/**
 * What people call them in the languages of Discord's clients, as `plainWords` writes it: the
 * listing, the highest close, and the day on which somebody joined the server.
 */
const NAMES: Readonly<Record<NamedDay, string>> = {
  listing: `listing, listed, first listed, launch, launched, release, debut, ico, default, start, beginning,
    first day, day one, first price, listing day, launch day, start des handels, anfang, beginn, erstnotierung,
    lancement, inicio, lanzamiento, lancamento, inizio, lancio, lansering, lancering, poczatek, debiut,
    запуск, начало, старт, листинг, початок, baslangic, listelenme, 上場, 上市, 上線, 上线, 상장, चालू, เปิดตัว, ra mat, peluncuran`,
  peak: `peak, ath, all time high, alltime high, all-time high, all time peak, all-time peak, all time top, top,
    very top, record, record high, high, highest, highest close, highest price, highest point, max, maximum, worst, worst moment,
    worst moment to buy, worst time, worst time to buy, worst day, worst possible moment, worst possible time,
    hochststand, allzeithoch, hochstkurs, hochstwert, spitze, gipfel, hohepunkt, schlechtester moment,
    sommet, pic, plus haut, plus haut historique, record historique, maximo, maximo historico, pico, techo, cima,
    topo, topo historico, maxima, maxima historica, massimo, massimo storico, picco, vetta, piek, hoogtepunt,
    hoogste punt, hoogste koers, szczyt, szczyt wszech czasow, maksimum, пик, максимум, вершина, хай, исторический максимум,
    пік, вершина, зірка, връх, най-високо, zirve, tepe, tum zamanlarin en yuksegi, topp, toppen, top punkt,
    toppunkt, huippu, kaikkien aikojen huippu, vrchol, maximum vsech dob, varf, maxim, maxim istoric, csucs,
    csucspont, tortenelmi csucs, vrh, vrhunac, virsune, pikas, rekordas, κορυφη, υψηλο, ιστορικο υψηλο, đinh, dinh,
    puncak, शिखर, उच्चतम, สูงสุด, จุดสูงสุด, 最高点, 最高點, 最高价, 最高價, 历史最高, 歷史最高, 顶点, 頂點, 最高値, 史上最高値, 天井, ピーク,
    최고점, 최고가, 고점, 역대 최고가`,
  joined: `joined, join, joining, join day, join date, joined date, joined at, joined on, i joined, when i joined, day i joined,
    date i joined, since i joined, joined server, server join, server joined, when i joined this server,
    when i joined server, day i joined this server, day i joined server, i joined this server, i joined here, when i joined here,
    beitritt, beigetreten, serverbeitritt, mein beitritt, als ich beigetreten bin, rejoint, arrivee, mon arrivee,
    adhesion, quand j'ai rejoint, cuando me uni, me uni, ingreso, union, entrada, quando entrei, entrei, iscrizione,
    ingresso, quando sono entrato, toegetreden, lid geworden, dolaczenie, dołaczenie, dołaczylem, dołaczylam,
    вступил, вступила, вступление, присоединился, приєднався, катилdim, katildim, katilim, katildigim gun,
    gick med, blev medlem, medlem siden, ble med, liittyminen, liityin, pripojeni, pripojil, csatlakozas,
    csatlakoztam, pridruzio, prisijungimas, εγγραφη, μπηκα, tham gia, bergabung, शामिल, เข้าร่วม, 加入, 参加, 參加, 가입`,
};

const BY_NAME = new Map(
  Object.entries(NAMES).flatMap(([day, names]) =>
    // The keys of the table are the days.
    names.split(/,\s*/).map((name) => [name.trim(), day as NamedDay] as const),
  ),
);

/** Words that may stand before a name: "at the peak", "since its listing". */
const BEFORE_A_NAME =
  /^(?:(?:bought|buying|buy|right|exactly)? ?(?:at|on|in|from|since|by|of|am|beim|zum|au|a la|al|en|no|na|op)?\b ?(?:the|its|his|my|their|all|der|die|das|dem|le|la|el|o|il|het)? )/;

/** The named day that a text means; it must be as `plainWords` writes it. */
export function namedDay(text: string): NamedDay | undefined {
  // "Peak: the worst moment to buy" is how the suggestion is shown, in every language.
  const name = text.replace(/ ?:.*$/, "");
  return BY_NAME.get(name) ?? BY_NAME.get(name.replace(BEFORE_A_NAME, ""));
}

/** Days of every year, as month and day. */
const DAYS_OF_THE_YEAR: Readonly<Record<string, readonly [month: number, day: number]>> = {
  "new year": [1, 1],
  "new years": [1, 1],
  "new year's": [1, 1],
  "new year's day": [1, 1],
  "new years day": [1, 1],
  "valentine's day": [2, 14],
  "valentines day": [2, 14],
  "valentine's": [2, 14],
  valentines: [2, 14],
  "pizza day": [5, 22],
  "bitcoin pizza day": [5, 22],
  halloween: [10, 31],
  "christmas eve": [12, 24],
  "xmas eve": [12, 24],
  christmas: [12, 25],
  xmas: [12, 25],
  "christmas day": [12, 25],
  "new year's eve": [12, 31],
  "new years eve": [12, 31],
  nye: [12, 31],
};

/** Month and day of a name such as "Halloween"; the text must be as `plainWords` writes it. */
export function dayOfTheYear(name: string): readonly [month: number, day: number] | undefined {
  return Object.hasOwn(DAYS_OF_THE_YEAR, name) ? DAYS_OF_THE_YEAR[name] : undefined;
}
