/**
 * Names of coins that are ordinary words too: in a sentence they mean the coin too seldom. Taken
 * from the names of large coins and their like, 2026-11-27; in small letters.
 */
export const ORDINARY_WORDS: ReadonlySet<string> = new Set(
  (
    "a about access across act active agent ai air alien all alpha alt always amp anchor and angle any anything ape " +
    "apex aqua arc arena ark art astar at aura aurora auto avalanche axis baby babylon balance balancer banana band " +
    "bank base based basic bat be beam bear beast bee bell best beta big bird bit black blast bless block blocks blue " +
    "blur bold bond bone book boom boost boss bounce box brain bread bridge bright bro build bull bullish bulls burn " +
    "but by bye cake camp can cap carbon card cash cat cats chain chance change chart cheese chess chill circle city " +
    "civic clash class clear cloud clover coffee coin coins collect comp compound cookie copper core cosmos cow crab " +
    "cream creator credit cross crypto crystal cube curve cyber dao dash data dawn day dear deep defi delta dent dog " +
    "dogs dollar dragon drama dream drift drip drop duck dusk dust dynamic dynamo earn earth echo edge ego element " +
    "elite ember empire energy engine epic era essential eternal ether euro ever everyone everything evil evolution " +
    "extra eye fair falcon fantasy fast fear fire first fish flame flare flash fleet flow fluid flux focus food for " +
    "force fork form fox free frog fuel fun function fusion future gala game gas gate gem general genesis get ghost " +
    "giant glitch global go goat gods gold golem gone good graph grass great grid group grow guild hacker happy hard " +
    "hash hat he heart hello hero hex high higher hive home honey honor hop hope horizon hot house hub huge human " +
    "humanity humans hunt hyper ice icon idea immutable impossible in index infinity injective ink insane instant " +
    "integral invest iron is it jelly joe jump jupiter just karma keep key king kite know lab large laser launch " +
    "layer legend level lever light lighter like limit link lion liquid liquidity little live loom loop love luck " +
    "lucky luna lunar machine magic magnet major maker man mana manifold mantle mantra map mask mass master matrix " +
    "maybe me media meme memes memory merge merit meta metal metis micro milk mind mine mini mint mirror mist mode " +
    "moon more morpho most mother move movement multi myth name nano near nebula neo nest net network neutron never " +
    "new next nice night no node note nothing nova now nuls oasis ocean of official olympus omni on one only open " +
    "optimism orbit orca orchid order origin osmosis out own pancake panda paper parallel particle pay peak peanut " +
    "penguin people perpetual phantom phoenix pi pig pirate pixel pixels plasma play please plume point polygon pool " +
    "popcat portal post power pray premium prime prism privacy project proof protocol prove puffer pulse pump pundi " +
    "quack quant quantum quest quick rabbit radiant radix rally random rare ray re ready real red reef render request " +
    "reserve resolve ribbon rift ring ripple river robot rocket rome roost root rose route royal run safe saga sand " +
    "sandbox satoshi saucer scout script scroll sea secret seed self send sentinel serum set shadow shake share shark " +
    "shell shield shift shiny ship shuffle side sigma sign signal silver simple skate sky slash sleep slice small " +
    "smart smile smooth snake snow so social solar solid solo solve something sonic soon sorry soul source space " +
    "spark spell spider spike spin spirit spot stable stack stacks staked star stars state status steam steem stellar " +
    "step stone storm story strike strip strong success sugar sun sunrise sunset super swap sweat swell sword synapse " +
    "sync table tag tap target tea team tellor temple tensor terra test tether thank thanks that the theta they thing " +
    "this threshold thunder tiger time tiny tip titan to toad today token tokens tomorrow ton torn torus total touch " +
    "towns toy trac trade trailblaze train treasure tree tribe trump trust turbo turtle twin ultra uma undead union " +
    "unit unity universe up us use user usual valor value vanar vault vaulta vector velo velvet venom venus verge " +
    "verse vertex vine viral vision void volt vote wagmi wall walrus water waves wax way we wen whale what who wild " +
    "win wing wink wire wise with wolf wonder wood word world worm wormhole wrapped xai yes yield you zero zeta zeus " +
    "zion zone"
  ).split(" "),
);
