/**
 * Names of coins that are ordinary words too: in a sentence they mean the coin too seldom. Taken
 * from the names of large coins and their like, 2026-11-27; in small letters.
 */
export const ORDINARY_WORDS: ReadonlySet<string> = new Set(
  (
    "a about access across act active agent ai air all alpha alt amp and anchor angle any ape apex aqua arc ark art " +
    "astar at aura aurora auto avalanche axis baby balance balancer banana band bank base based basic bat be beam " +
    "beast bell best beta big bird bit black blast block blocks blue blur bold bond bone book boom boost boss bounce " +
    "box brain bread bridge bright bro build bull bullish burn but by cake can cap carbon card cash cat cats chain " +
    "chance change chart cheese chess chill circle city civic class clear clover cloud coin coins comp compound core " +
    "cosmos cow creator credit cream cross crypto crystal cube curve cyber dao dash data day dear defi delta dent dog " +
    "dogs dollar dragon dream drift drop dust dusk dynamic dynamo earn earth echo edge ego element elite ember empire " +
    "energy engine epic era essential eternal ether euro ever everything evil evolution extra eye fair fantasy fast " +
    "fear fire first fish flame flare flash fleet flow fluid flux focus food for force fork form fox free frog fuel " +
    "fun function fusion future gala game gas gate gem general genesis get ghost giant glitch global go goat gods gold " +
    "golem gone good grass graph grid group grow guild hacker happy hard hash hat he heart hero hex high hive home " +
    "honey honor hope horizon hot house hub human hunt hyper ice icon idea impossible in index infinity ink insane " +
    "instant integral invest iron is it jelly joe jump jupiter just karma key king kite know lab laser launch layer " +
    "legend level lever light like limit link lion liquid liquidity live loom loop love luck lucky luna lunar machine " +
    "magic magnet major maker man mana manifold mantle mantra map mask mass master matrix me media meme memes memory " +
    "merge merit metal meta metis micro mind mine mint mirror mist mode moon more morpho most mother move movement " +
    "multi myth name nano near nebula neo nest net network neutron new next nice night no node note nova now nuls oasis " +
    "ocean of official on one only open optimism orbit orca orchid order origin out own pancake paper particle pay " +
    "peak people perpetual phantom phoenix pi pixel pixels plasma play plume point polygon pool popcat portal post " +
    "power premium prime prism privacy project proof protocol prove pulse pump pundi puffer quack quant quantum quest " +
    "quick rabbit radiant radix rally random rare ray re ready real red reef render request reserve resolve rift ring " +
    "ripple river robot rocket rome roost root rose route royal run safe saga sand sandbox satoshi saucer scout script " +
    "sea secret seed self send sentinel serum set shadow shake share shell shield shift ship shiny side signal silver " +
    "simple skate sky slash slice smart smile smooth snow so social solar solid solve sonic soon soul source space " +
    "spark spell spike spin spirit spot stable stack stacks staked star stars state status steam steem stellar step " +
    "stone storm story strike strip strong success sugar sun super swap sweat sword sync synapse table tag tap target " +
    "team tellor temple tensor terra test tether thank that the theta they thing this threshold thunder tiger time tip " +
    "titan to token tokens ton torn torus total touch toy trac trade trailblaze train treasure tree tribe trump trust " +
    "turbo twin ultra uma undead union unit unity universe up us use user valor value vanar vault vaulta vector velo " +
    "velvet venom venus verge verse vine viral vision void volt vote wagmi wall waves wax way we wen what whale who " +
    "wild win wing wink wire wise with wolf wonder wood word world worm wormhole wrapped xai yes yield you zero zeta " +
    "zion zone"
  ).split(" "),
);
