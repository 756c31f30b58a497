const LIGHT = `--page:#f7f5f0;--card:#fff;--text:#22242a;--muted:#5a5e69;--edge:#dedad1;--field-edge:#85817a;--link:#0b57c2;--action:#17181c;--action-text:#fff;--line:#22242a;--band:#f5b30140;--note:#fff4d6;--problem:#b3261e;--problem-back:#fdecea;--focus:#0b57c2;--good:#1c7a44;--gold:#8a5b00;--blue:#2a63ad;--grey:#5a5e69;--red:#a8432c;color-scheme:light`;

const DARK = `--page:#121317;--card:#1b1d23;--text:#e9eaee;--muted:#a7abb7;--edge:#30333c;--field-edge:#7d828f;--link:#8ab8ff;--action:#f5b301;--action-text:#17181c;--line:#f3f4f7;--band:#f5b30138;--note:#332a12;--problem:#ff9a91;--problem-back:#3a1d1b;--focus:#ffd84d;--good:#5fd394;--gold:#ffc83d;--blue:#8ab8ff;--grey:#b4b8c3;--red:#ff9c85;color-scheme:dark`;

/** How the web pages look: from 320 pixels up, light and dark as the reader's system is. */
export const STYLE = `:root{${LIGHT};font:17px/1.55 system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue",Arial,sans-serif}
@media (prefers-color-scheme:dark){:root{${DARK}}}
*{box-sizing:border-box}
html{-webkit-text-size-adjust:100%}
body{margin:0;background:var(--page);color:var(--text);overflow-wrap:anywhere}
h1,h2,p,dl,dd,dt,ul,ol,figure,table{margin:0;padding:0}
ul,ol{list-style:none}
a{color:var(--link);text-underline-offset:.15em}
a:hover{text-decoration-thickness:2px}
:focus-visible{outline:3px solid var(--focus);outline-offset:2px;border-radius:4px}
.skip{position:absolute;left:12px;top:-80px;background:var(--action);color:var(--action-text);padding:10px 16px;border-radius:8px;z-index:2}
.skip:focus{top:12px}
.bar,main,footer{max-width:46rem;margin:0 auto;padding:0 16px}
.bar{padding-top:14px;padding-bottom:14px}
.brand{display:inline-flex;align-items:center;gap:10px;min-height:32px;font-weight:700;color:inherit;text-decoration:none}
.brand img{display:block;border-radius:8px}
main{padding-bottom:40px;display:grid;grid-template-columns:minmax(0,1fr);gap:24px}
.coin{color:var(--muted);font-weight:600}
h1{font-size:clamp(2rem,8.5vw,3.1rem);line-height:1.08;letter-spacing:-.025em;font-weight:800;text-wrap:balance}
h2{font-size:1.2rem;line-height:1.3;letter-spacing:-.01em;margin-bottom:10px}
.lead{display:grid;gap:12px}
.story{font-size:1.12rem}
.joke{color:var(--muted);font-style:italic}
.note{background:var(--note);border-radius:10px;padding:10px 14px}
.demo{font-weight:700}
.tier-moon-100 h1,.tier-moon-10 h1{color:var(--gold)}
.tier-yes h1{color:var(--good)}
.tier-nearly h1,.tier-part-way h1{color:var(--blue)}
.tier-loss h1{color:var(--red)}
.tier-dead h1,.tier-steady h1,.tier-spare-parts h1{color:var(--grey)}
.card,.chart,.picture,form{background:var(--card);border:1px solid var(--edge);border-radius:16px;padding:16px}
.tiles{display:grid;grid-template-columns:repeat(2,minmax(0,1fr));gap:10px}
.tiles div{background:var(--card);border:1px solid var(--edge);border-radius:14px;padding:12px 14px;display:flex;flex-direction:column}
.tiles div:first-child{grid-column:1/-1}
.tiles dt{font-size:.85rem;color:var(--muted);font-weight:600}
.tiles dd{font-size:clamp(1rem,4.6vw,1.25rem);font-weight:750;letter-spacing:-.01em;font-variant-numeric:tabular-nums}
.tiles div:first-child dd{font-size:1.9rem;line-height:1.25}
.chart svg{display:block;width:100%;height:auto;overflow:visible}
.chart text{font-size:23px;fill:var(--muted);paint-order:stroke;stroke:var(--card);stroke-width:5px;stroke-linejoin:round}
.chart .strong{font-weight:700;fill:var(--text)}
.chart .end{text-anchor:end}
.line{fill:none;stroke:var(--line);stroke-width:2.5;stroke-linejoin:round;stroke-linecap:round}
.grid{stroke:var(--edge);stroke-width:1}
.lambo{stroke:var(--gold);stroke-width:2;stroke-dasharray:7 6}
.band{fill:var(--band)}
.mark{outline:none}
.reach{fill:transparent}
.dot{fill:var(--card);stroke:var(--line);stroke-width:2.5}
.drop,.reading{opacity:0}
.reading.newest{opacity:1}
.chart svg:has(.mark:hover) .newest,.chart svg:has(.mark:focus) .newest{opacity:0}
.drop{stroke:var(--line);stroke-width:1;stroke-dasharray:2 4}
.mark:hover .reading,.mark:hover .drop,.mark:focus .reading,.mark:focus .drop{opacity:1}
.mark:hover .dot,.mark:focus .dot{fill:var(--gold)}
.mark:focus-visible .dot{stroke:var(--focus);stroke-width:6}
.chart:focus-within .mark:hover:not(:focus) .reading{opacity:0}
figcaption{color:var(--muted);font-size:.9rem;margin-top:6px}
details{margin-top:10px}
summary{cursor:pointer;font-weight:600;padding:6px 0;min-height:32px}
.scroll{overflow-x:auto}
table{border-collapse:collapse;width:100%;font-variant-numeric:tabular-nums}
th,td{text-align:start;padding:7px 10px 7px 0;border-top:1px solid var(--edge);font-weight:400}
thead th{border:0;color:var(--muted);font-size:.85rem;font-weight:600}
.picture{padding:0;overflow:hidden}
.picture img{display:block;width:100%;height:auto}
.facts{display:grid;gap:8px}
.facts div{display:grid}
.facts dt{color:var(--muted);font-size:.9rem}
.list{display:grid;gap:8px}
.bullets{list-style:disc;padding-left:1.2em}
.choices{display:flex;flex-wrap:wrap;gap:8px}
.choices a,.choices span{display:inline-flex;align-items:center;min-height:40px;padding:4px 14px;border:1px solid var(--edge);border-radius:20px;background:var(--card);text-decoration:none}
.choices a:hover{border-color:currentColor}
.choices span{border-color:var(--text);font-weight:650}
.more{display:grid;gap:18px}
.small{color:var(--muted);font-size:.9rem}
form{display:grid;gap:14px}
.fields{display:grid;gap:14px}
.field{display:grid;gap:4px;align-content:start}
label{font-weight:650}
.hint{color:var(--muted);font-size:.9rem}
input,select{font:inherit;color:var(--text);background:var(--page);border:1px solid var(--field-edge);border-radius:10px;padding:10px 12px;width:100%;min-height:46px}
.wrong input,.wrong select{border-color:var(--problem);border-width:2px}
.error{color:var(--problem);font-weight:600}
.problem{background:var(--problem-back);border-radius:12px;padding:12px 16px}
.button,button{font:inherit;font-weight:700;display:inline-flex;align-items:center;justify-content:center;min-height:46px;padding:8px 20px;border:0;border-radius:12px;background:var(--action);color:var(--action-text);text-decoration:none;cursor:pointer}
.share{display:grid;gap:8px}
.share button{visibility:hidden;min-width:8.2rem}
.share button.works{visibility:visible}
@media (scripting:none){.share button{display:none}}
.quiet{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%);white-space:nowrap}
footer{border-top:1px solid var(--edge);padding-top:18px;padding-bottom:40px;display:grid;gap:10px;color:var(--muted);font-size:.9rem}
footer ul{display:flex;flex-wrap:wrap;gap:4px 18px}
footer li a,footer li span{display:inline-block;padding:4px 0}
.sources li{line-height:1.8}
@media (min-width:640px){
.bar{padding-top:22px}
main{gap:32px}
.tiles{grid-template-columns:repeat(4,minmax(0,1fr))}
.share{grid-template-columns:minmax(0,1fr) auto;align-items:end}
.card,.chart,form{padding:22px}
.chart text{font-size:14px}
.facts div{grid-template-columns:minmax(8rem,1fr) 3fr;gap:14px}
.facts dt{font-size:1rem}
.fields{grid-template-columns:repeat(2,minmax(0,1fr));gap:14px 18px}
}
@media (prefers-reduced-motion:no-preference){.drop,.reading{transition:opacity .12s}}
@media (forced-colors:active){.line,.dot,.lambo,.grid{stroke:CanvasText}.button,button{border:1px solid}}
`;
