import { squeezed } from "./coin.ts";
import { slipCost } from "./slips.ts";

/**
 * Names of the largest coins in other scripts, as exchanges, newspapers and encyclopedias write
 * them there, and tickers and page names that other sites use for the same coin: Kraken's XBT and
 * XDG, the pages of coinmarketcap.com. Collected 2026-11-27. A name stands for the first of its
 * ids that is listed.
 */
const SAME_COIN = `
bitcoin: ₿ xbt ビットコイン 비트코인 биткоин биткойн биток біткоїн 比特币 比特幣 بيتكوين بتكوين ביטקוין μπιτκόιν बिटकॉइन บิตคอยน์ บิทคอยน์
ethereum: ether イーサリアム 이더리움 эфириум эфир етереум 以太坊 以太币 以太幣 إيثريوم إيثيريوم אתריום איתריום αιθέριουμ इथेरियम एथेरियम อีเธอเรียม
tether: usdtether tetherusd テザー 테더 тезер тетер 泰达币 泰達幣 تيثر טתר टेथर เทเธอร์
ripple: リップル 리플 엑스알피 рипл риппл 瑞波币 瑞波幣 ريبل ריפל रिपल ริปเปิล
binancecoin: バイナンスコイン 바이낸스코인 бинанскоин 币安币 幣安幣 ביננסקוין
solana: ソラナ 솔라나 солана 索拉纳 索拉納 سولانا סולאנה सोलाना โซลานา
usd-coin: ユーエスディーコイン 유에스디코인
dogecoin: xdg ドージコイン 도지코인 도지 догикоин догикойн доги доджкоин 狗狗币 狗狗幣 دوجكوين דוגקוין डॉजकॉइन โดชคอยน์ โดจคอยน์
tron: トロン 트론 трон 波场 波場 ترون טרון ट्रॉन ทรอน
cardano: カルダノ 카르다노 에이다 кардано 卡尔达诺 卡爾達諾 艾达币 艾達幣 كاردانو קרדאנו कार्डानो คาร์ดาโน
bitcoin-cash: ビットコインキャッシュ 비트코인캐시 биткоинкэш 比特币现金 比特幣現金 بيتكوينكاش
chainlink: チェーンリンク 체인링크 чейнлинк تشينلينك चेनलिंक
stellar: ステラ 스텔라 스텔라루멘 стеллар 恒星币 恆星幣 ستيلار
avalanche-2: アバランチ 아발란체 аваланч 雪崩协议 أفالانش
the-open-network: トンコイン 톤코인 тонкоин تونكوين
shiba-inu: シバイヌ シバイヌコイン 시바이누 шибаину 柴犬币 柴犬幣 שיבהאינו शिबाइनु ชิบะอินุ
litecoin: ライトコイン 라이트코인 лайткоин лайткойн 莱特币 萊特幣 لايتكوين לייטקוין λάιτκοιν लाइटकॉइन ไลต์คอยน์
polkadot: ポルカドット 폴카닷 полкадот 波卡币 波卡 بولكادوت פולקדוט
monero: モネロ 모네로 монеро 门罗币 門羅幣 مونيرو מונרו
hedera-hashgraph: ヘデラ 헤데라 хедера
uniswap: ユニスワップ 유니스왑 юнисвап
sui: 수이
pepe: ペペ 페페
dai: multicollateraldai
terra-luna-2: terralunav2
leo-token: unussedleo
crypto-com-chain: cryptocomcoin
`;

/** Names that coins had before they were renamed, or that people give to them all the same. */
const OLD_NAMES = `
binancecoin: binance binancesmartchain binancechain bnbchain
stellar: lumens stellarlumens
ripple: xrpledger
the-open-network: telegram telegramopennetwork
crypto-com-chain: cryptocom cryptocomchain
polygon-ecosystem-token matic-network: matic polygon polygonmatic ポリゴン 폴리곤 полигон
terra-luna: lunaclassic terraclassic
elrond-erd-2: elrond erd
kaia: klaytn klay
sonic-3: fantom ftm
render-token: rndr
neo: antshares
dash: darkcoin
bitcoin-cash: bitcoinabc
bitcoin-cash-sv: bitcoinsatoshivision
gatechain-token: gatetoken gateio
worldcoin-wld: worldcoin
nano: raiblocks xrb
vechain: ven
internet-computer: dfinity
sky: maker mkr makerdao
vaulta: eos
horizen: zencash
iota: miota
safemoon-2: safemoon
`;

/** Shorter names in other scripts are too near to each other. */
const MIN_NEAR_LENGTH = 5;
const ASCII = /^[\0-\x7f]*$/;

/** The ids that another name may stand for, best first, and whether the coin has been renamed. */
export type OtherName = { readonly coinIds: readonly string[]; readonly isOld: boolean };

const OTHER_NAMES: ReadonlyMap<string, OtherName> = new Map([
  ...entriesOf(OLD_NAMES, true),
  ...entriesOf(SAME_COIN, false),
]);

/** What a squeezed text is another name of. */
export function otherName(text: string): OtherName | undefined {
  return OTHER_NAMES.get(text);
}

/** What the names that begin with a squeezed text stand for. */
export function otherNamesStartingWith(text: string): readonly OtherName[] {
  return [...OTHER_NAMES].flatMap(([name, other]) => (name.startsWith(text) ? [other] : []));
}

/** Names in other scripts that a text is one slip from, with what the slip costs. */
export function otherNamesNear(text: string): readonly (OtherName & { readonly slips: number })[] {
  if (text.length < MIN_NEAR_LENGTH || ASCII.test(text)) return [];
  return [...OTHER_NAMES].flatMap(([name, other]) => {
    if (Math.abs(name.length - text.length) > 1) return [];
    const slips = slipCost(text, name);
    return slips <= 1 ? [{ ...other, slips }] : [];
  });
}

function entriesOf(table: string, isOld: boolean): [string, OtherName][] {
  return table
    .trim()
    .split("\n")
    .flatMap((line) => {
      const [ids = "", names = ""] = line.split(": ");
      const coinIds = ids.split(" ");
      return names
        .split(" ")
        .map((name): [string, OtherName] => [
          squeezed(name.normalize("NFKC")) || name,
          { coinIds, isOld },
        ]);
    });
}
