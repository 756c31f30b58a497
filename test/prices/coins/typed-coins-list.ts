import type { Coin } from "../../../src/prices/coins/coin.ts";

/** Coins as CoinGecko lists them, by rank: id, symbol, name. */
const RANKED = `
bitcoin|BTC|Bitcoin
ethereum|ETH|Ethereum
tether|USDT|Tether
ripple|XRP|XRP
binancecoin|BNB|BNB
solana|SOL|Solana
usd-coin|USDC|USDC
dogecoin|DOGE|Dogecoin
tron|TRX|TRON
cardano|ADA|Cardano
staked-ether|STETH|Lido Staked Ether
wrapped-bitcoin|WBTC|Wrapped Bitcoin
hyperliquid|HYPE|Hyperliquid
wrapped-steth|WSTETH|Wrapped stETH
bitcoin-cash|BCH|Bitcoin Cash
chainlink|LINK|Chainlink
stellar|XLM|Stellar
sui|SUI|Sui
avalanche-2|AVAX|Avalanche
wrapped-eeth|WEETH|Wrapped eETH
leo-token|LEO|LEO Token
the-open-network|TON|Toncoin
shiba-inu|SHIB|Shiba Inu
hedera-hashgraph|HBAR|Hedera
litecoin|LTC|Litecoin
weth|WETH|WETH
monero|XMR|Monero
polkadot|DOT|Polkadot
usds|USDS|USDS
ethena-usde|USDE|Ethena USDe
crypto-com-chain|CRO|Cronos
bitget-token|BGB|Bitget Token
coinbase-wrapped-btc|CBBTC|Coinbase Wrapped BTC
pepe|PEPE|Pepe
uniswap|UNI|Uniswap
mantle|MNT|Mantle
aave|AAVE|Aave
dai|DAI|Dai
bittensor|TAO|Bittensor
near|NEAR|NEAR Protocol
ethereum-classic|ETC|Ethereum Classic
aptos|APT|Aptos
internet-computer|ICP|Internet Computer
okb|OKB|OKB
ondo-finance|ONDO|Ondo
kaspa|KAS|Kaspa
polygon-ecosystem-token|POL|POL (ex-MATIC)
pi-network|PI|Pi Network
ethena|ENA|Ethena
arbitrum|ARB|Arbitrum
vechain|VET|VeChain
render-token|RENDER|Render
worldcoin-wld|WLD|World
algorand|ALGO|Algorand
cosmos|ATOM|Cosmos Hub
gatechain-token|GT|Gate
bonk|BONK|Bonk
filecoin|FIL|Filecoin
fetch-ai|FET|Artificial Superintelligence Alliance
official-trump|TRUMP|Official Trump
sky|SKY|Sky
jupiter-exchange-solana|JUP|Jupiter
quant-network|QNT|Quant
sei-network|SEI|Sei
flare-networks|FLR|Flare
injective-protocol|INJ|Injective
optimism|OP|Optimism
celestia|TIA|Celestia
blockstack|STX|Stacks
immutable-x|IMX|Immutable
pudgy-penguins|PENGU|Pudgy Penguins
curve-dao-token|CRV|Curve DAO
the-graph|GRT|The Graph
zcash|ZEC|Zcash
floki|FLOKI|FLOKI
paypal-usd|PYUSD|PayPal USD
kaia|KAIA|Kaia
lido-dao|LDO|Lido DAO
ethereum-name-service|ENS|Ethereum Name Service
pancakeswap-token|CAKE|PancakeSwap
tether-gold|XAUT|Tether Gold
dogwifcoin|WIF|dogwifhat
iota|IOTA|IOTA
theta-token|THETA|Theta Network
sonic-3|S|Sonic
gala|GALA|GALA
the-sandbox|SAND|The Sandbox
pax-gold|PAXG|PAX Gold
raydium|RAY|Raydium
decentraland|MANA|Decentraland
pyth-network|PYTH|Pyth Network
dash|DASH|Dash
neo|NEO|NEO
helium|HNT|Helium
bittorrent|BTT|BitTorrent
tezos|XTZ|Tezos
zksync|ZK|ZKsync
apecoin|APE|ApeCoin
arweave|AR|Arweave
flow|FLOW|Flow
eos|EOS|EOS
elrond-erd-2|EGLD|MultiversX
axie-infinity|AXS|Axie Infinity
chiliz|CHZ|Chiliz
compound-governance-token|COMP|Compound
starknet|STRK|Starknet
synthetix-network-token|SNX|Synthetix
conflux-token|CFX|Conflux
akash-network|AKT|Akash Network
dydx-chain|DYDX|dYdX
mina-protocol|MINA|Mina Protocol
terra-luna-2|LUNA|Terra
terra-luna|LUNC|Terra Luna Classic
ecash|XEC|eCash
1inch|1INCH|1inch
trust-wallet-token|TWT|Trust Wallet
zilliqa|ZIL|Zilliqa
basic-attention-token|BAT|Basic Attention
kusama|KSM|Kusama
ravencoin|RVN|Ravencoin
bitcoin-cash-sv|BSV|Bitcoin SV
bitcoin-gold|BTG|Bitcoin Gold
qtum|QTUM|Qtum
gas|GAS|Gas
loopring|LRC|Loopring
enjincoin|ENJ|Enjin Coin
0x|ZRX|0x Protocol
celo|CELO|Celo
harmony|ONE|Harmony
decred|DCR|Decred
siacoin|SC|Siacoin
digibyte|DGB|DigiByte
nem|XEM|NEM
icon|ICX|ICON
ontology|ONT|Ontology
waves|WAVES|Waves
ankr|ANKR|Ankr Network
sushi|SUSHI|Sushi
yearn-finance|YFI|yearn.finance
nano|XNO|Nano
moonbeam|GLMR|Moonbeam
sun-token|SUN|Sun Token
baby-doge-coin|BABYDOGE|Baby Doge Coin
dogelon-mars|ELON|Dogelon Mars
safemoon-2|SFM|SafeMoon
gmx|GMX|GMX
mog-coin|MOG|Mog Coin
turbo|TURBO|Turbo
notcoin|NOT|Notcoin
book-of-meme|BOME|BOOK OF MEME
popcat|POPCAT|Popcat
stepn|GMT|GMT
magic|MAGIC|Magic
link|FNSA|FINSCHIA
horizen|ZEN|Horizen
fantom|FTM|Fantom
tbtc|TBTC|tBTC
`;

/** Coins without a rank: namesakes, bridged coins, odd symbols, near misses of large ones. */
const UNRANKED = `
matic-network|MATIC|Polygon
bridged-dogecoin-bnb|DOGE|Bridged Dogecoin (BNB)
binance-peg-dogecoin|DOGE|Binance-Peg Dogecoin
department-of-government-efficiency|DOGE|Department Of Government Efficiency
batcat|BTC|batcat
bitcoin-on-base|BTC|Bitcoin on Base
uni|UNI|Uni
unicorn-token|UNI|UNICORN
link-on-sol|LINK|Link on Sol
one|ONE|One
gas-dao|GAS|Gas DAO
xbit|XBT|Xbit
shiba|SHIBA|Shiba
bitshiba|SHIBA|BitShiba
etherium-2|ETHR|Etherium
solona|SOLONA|Solona
pepecoin-network|PEP|Pepecoin
pepecoin-2|PEPECOIN|PepeCoin
pepe-2-0|PEPE2.0|Pepe 2.0
doge-2-0|DOGE2.0|Doge 2.0
bankcoin|B@|Bankcoin
piedao-defi|DEFI++|PieDAO DEFI++
moon-stop|MOON STOP|Moon Stop
lenny-face||( ͡° ͜ʖ ͡°)
fire-2|🔥|🔥🚀
a/b|$A/B|A/B % & ? #
rtl-coin|שקל|דיגיטלי coin
bianrensheng|币安人生|币安人生
tau-bitcoin|ΤBTC|τBitcoin
twin-a|TWA|Twin
twin-b|TWB|Twin
hundred|100|100
cafe-noir|CAFÉ|Café Noir
bitconnect|BCC|BitConnect
squid-game|SQUID|Squid Game
mooncat-vault|MOONCAT|Mooncat Vault
long-name|LONG|A Coin Whose Name Is So Very Long That No Label Of Sixty Letters Can Hold It
`;

const HEADS =
  "safe baby elon moon rocket wagmi degen turbo mega hyper alpha omega nova zen luna cyber meta pixel quantum fox".split(
    " ",
  );
const TAILS = "swap inu verse cash gold fi protocol network dao labs".split(" ");
const WORLDS = "Mars Venus Base Arc Linea Scroll Blast Avail Zora Mode".split(" ");

/** The coins above, and invented ones up to 20,000. */
export function typedCoinsList(): readonly Coin[] {
  const read = (lines: string, rankOf: (at: number) => number | null) =>
    lines
      .trim()
      .split("\n")
      .map((line, at): Coin => {
        const [coinId = "", symbol = "", name = ""] = line.split("|");
        return { coinId, symbol, name, rank: rankOf(at) };
      });
  const known = [...read(RANKED, (at) => at + 1), ...read(UNRANKED, () => null)];
  const invented = Array.from({ length: 20_000 - known.length }, (_, at): Coin => {
    const pick = (list: readonly string[], step: number) =>
      list[Math.floor(at / step) % list.length] ?? "";
    const word = pick(HEADS, 1) + pick(TAILS, HEADS.length);
    const world = pick(WORLDS, HEADS.length * TAILS.length);
    const number = Math.floor(at / (HEADS.length * TAILS.length * WORLDS.length));
    return {
      coinId: `${word}-${world.toLowerCase()}-${number}`,
      symbol: `${word.slice(0, 4)}${world.slice(0, 1)}${number}`.toUpperCase(),
      name: `${word} ${world} ${number}`,
      rank: null,
    };
  });
  return [...known, ...invented];
}
