const LIGHT = `--rail:#e3e5e8;--sidebar:#f2f3f5;--chat:#fff;--raised:#fff;--field:#ebedef;--embed:#f2f3f5;--code:#e9ebee;--line:#d9dbdf;--hover:#00000010;--chosen:#0000001c;
--text:#2e3035;--strong:#060607;--muted:#5a5d66;--link:#0060c7;--mention:#4450c7;--mention-back:#5865f226;--edge:#b9bcc4;
--secondary:#e0e2e7;--secondary-text:#2e3035;--private:#5865f214;--shadow:0 8px 24px #00000030;--problem:#c0222b;--demo:#8a5300;--demo-back:#ffe9c2;color-scheme:light`;

const DARK = `--rail:#1e1f22;--sidebar:#2b2d31;--chat:#313338;--raised:#2b2d31;--field:#383a40;--embed:#2b2d31;--code:#1e1f22;--line:#26272b;--hover:#ffffff0e;--chosen:#ffffff1c;
--text:#dbdee1;--strong:#f8f9fa;--muted:#aab0b9;--link:#3db5ff;--mention:#ccd0ff;--mention-back:#5865f24d;--edge:#4a4d55;
--secondary:#4e5058;--secondary-text:#fff;--private:#5865f21a;--shadow:0 8px 24px #00000070;--problem:#ff8a8f;--demo:#ffcb70;--demo-back:#4a3a1c;color-scheme:dark`;

/**
 * How the page looks: Discord's proportions, in its dark and its light theme, from 320 pixels up.
 */
export const STYLE = `:root{${LIGHT};--brand:#5865f2;--brand-strong:#4450c7;--focus:#4a90ff;
font:16px/1.375 "gg sans","Noto Sans","Helvetica Neue",Helvetica,"Segoe UI",Roboto,Arial,system-ui,sans-serif}
@media (prefers-color-scheme:dark){:root.theme-system{${DARK}}}
:root.theme-dark{${DARK}}
*{box-sizing:border-box}
[hidden]{display:none!important}
html,body{height:100%;margin:0}
body{background:var(--rail);color:var(--text);overflow:hidden}
p,h1,h2,ul,ol,dl,dd,dt,pre,blockquote,article{margin:0;padding:0}
ul,ol{list-style:none}
button,input,select{font:inherit;color:inherit}
button{background:none;border:0;padding:0;cursor:pointer;text-align:start}
button:disabled{cursor:default}
a{color:var(--link);text-decoration:none}
a:hover{text-decoration:underline}
:focus-visible{outline:2px solid var(--focus);outline-offset:2px;border-radius:4px}
svg{width:20px;height:20px;fill:none;stroke:currentColor;stroke-width:2;stroke-linecap:round;stroke-linejoin:round;flex:none}
.quiet{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%);white-space:nowrap}
.skip{position:absolute;left:8px;top:-60px;z-index:9;background:var(--brand-strong);color:#fff;padding:8px 16px;border-radius:4px}
.skip:focus{top:8px}

.app{display:grid;grid-template-columns:72px 240px minmax(0,1fr);height:100vh;height:100dvh}
.rail{background:var(--rail);padding:12px 0;display:flex;flex-direction:column;align-items:center}
.server{display:block;border-radius:16px}
.server img{display:block;border-radius:16px}
.sidebar{background:var(--sidebar);display:flex;flex-direction:column;min-height:0}
.guild{padding:10px 16px;border-bottom:1px solid var(--line);min-height:48px}
.guild-name{font-weight:700;color:var(--strong);line-height:1.25}
.guild-note{font-size:12px;color:var(--muted)}
.channels{flex:1;overflow:auto;padding:12px 8px}
.channels li{margin-bottom:2px}
.channel{display:flex;align-items:center;gap:6px;width:100%;padding:6px 8px;border-radius:4px;color:var(--muted);font-weight:500}
button.channel:hover{background:var(--hover);color:var(--text)}
.channel[aria-current]{background:var(--chosen);color:var(--strong)}
.channel .label{flex:1;overflow:hidden;text-overflow:ellipsis;white-space:nowrap}
.hash svg{width:18px;height:18px}
.hash{color:var(--muted);font-size:20px;font-weight:400;line-height:1;width:20px;text-align:center;flex:none;display:inline-flex;justify-content:center}
.unread{background:var(--brand-strong);color:#fff;font-size:11px;font-weight:700;border-radius:8px;padding:1px 7px}
.me{padding:10px;background:var(--hover);border-top:1px solid var(--line)}
.me label{display:block;font-size:12px;color:var(--muted);margin-bottom:4px}
.me select+label{margin-top:8px}
.me select{width:100%;background:var(--field);border:1px solid var(--line);border-radius:4px;padding:6px;font-size:14px}

.chat{background:var(--chat);display:flex;flex-direction:column;min-width:0;min-height:0}
.bar{display:flex;align-items:center;gap:12px;min-height:48px;padding:6px 16px;border-bottom:1px solid var(--line);box-shadow:0 1px 0 #00000008}
.channel-name{font-size:16px;font-weight:600;color:var(--strong);display:flex;align-items:center;gap:4px;white-space:nowrap}
.topic{font-size:14px;color:var(--muted);overflow:hidden;text-overflow:ellipsis;white-space:nowrap;flex:1;border-left:1px solid var(--edge);padding-left:12px}
.tools{display:flex;align-items:center;gap:8px;margin-left:auto}
.icon-button{width:36px;height:36px;display:inline-flex;align-items:center;justify-content:center;border-radius:4px;color:var(--muted)}
.icon-button:hover{background:var(--hover);color:var(--text)}
.market{border:1px solid var(--edge);border-radius:16px;padding:4px 12px;font-size:13px;font-weight:600;white-space:nowrap;display:inline-flex;align-items:center;gap:6px}
.market::before{content:"";width:8px;height:8px;border-radius:50%;background:#23a55a}
.market:not(:disabled):hover{background:var(--hover)}
.market.unknown{color:var(--muted)}.market.unknown::before{background:#8d939e}
.market.demo{color:var(--demo);border-color:currentColor}.market.demo::before{background:#f0b232}
.market.trouble{color:var(--problem);border-color:currentColor}.market.trouble::before{background:#f23f43}
.only-narrow{display:none}
.notice{background:var(--demo-back);color:var(--demo);padding:8px 16px;font-size:14px;display:flex;flex-wrap:wrap;align-items:center;gap:4px 8px}
.scroller{flex:1;overflow-y:auto;overflow-x:hidden;min-height:0;padding-bottom:16px;scrollbar-color:var(--edge) transparent;overflow-anchor:none;display:flex;flex-direction:column}
.scroller:focus-visible{outline-offset:-2px}
.scroller::before{content:"";flex:1}

.welcome{padding:16px 16px 0}
.welcome h2{font-size:clamp(20px,4vw,26px);line-height:1.25;color:var(--strong);margin:0 0 4px}
.welcome p{color:var(--muted);max-width:62ch}
kbd{background:var(--field);border:1px solid var(--edge);border-radius:4px;padding:0 6px;font:inherit;color:var(--text)}
.starters{display:grid;grid-template-columns:repeat(4,minmax(0,1fr));gap:8px;margin-top:12px;max-width:1040px}
.starter{border:1px solid var(--line);background:var(--embed);border-radius:8px;padding:8px 14px;display:flex;flex-direction:column;gap:2px}
.starter span{display:block}
.starter:hover{border-color:var(--brand)}
.starter-name{font-weight:600;color:var(--strong)}
.starter-note{font-size:13px;color:var(--muted)}

.message{padding:0}
.message article{position:relative;padding:4px 48px 4px 72px;margin-top:16px;min-height:48px;outline-offset:-2px}
.message article:hover{background:var(--hover)}
.message.private article{background:var(--private);box-shadow:inset 2px 0 0 var(--brand)}
.avatar{position:absolute;left:16px;top:6px}
.avatar img{border-radius:50%;display:block}
.initial{display:grid;place-items:center;width:40px;height:40px;border-radius:50%;background:var(--brand);color:#fff;font-weight:600}
.apps{position:absolute;top:4px;right:12px;opacity:0}
article:hover .apps,.apps:focus-within,.apps[open]{opacity:1}
@media(hover:none){.apps{opacity:1}}
.apps summary{list-style:none;cursor:pointer;display:grid;place-items:center;width:32px;height:28px;border-radius:6px;color:var(--muted)}
.apps summary::-webkit-details-marker{display:none}
.apps summary:hover{background:var(--chosen);color:var(--text)}
.apps summary svg{width:20px;height:20px;stroke-width:3;stroke-linecap:round}
.apps-list{position:absolute;right:36px;top:-4px;z-index:2;min-width:180px;padding:6px;border-radius:8px;background:var(--raised);box-shadow:var(--shadow),0 0 0 1px var(--line)}
.apps-list button{display:block;width:100%;padding:8px 10px;border-radius:4px;text-align:left;white-space:nowrap;font-size:14px}
.apps-list button:hover,.apps-list button:focus-visible{background:var(--brand);color:#fff}
.origin+.avatar{top:28px}
.origin{display:flex;align-items:center;gap:5px;font-size:14px;color:var(--muted);min-height:22px;position:relative;overflow:hidden;white-space:nowrap;margin-left:-36px;padding-left:36px}
.origin::before{content:"";position:absolute;left:0;top:10px;width:32px;height:12px;border:2px solid var(--edge);border-right:0;border-bottom:0;border-top-left-radius:6px}
.origin .who{color:var(--text);font-weight:500}
.origin .what{overflow:hidden;text-overflow:ellipsis;min-width:0}
.origin .what:hover{text-decoration:underline;color:var(--text)}
.used{color:var(--mention);font-weight:500}
.byline{display:flex;align-items:baseline;flex-wrap:wrap;gap:0 6px}
.author{font-weight:600;color:var(--strong)}
.tag{background:var(--brand-strong);color:#fff;font-size:10px;font-weight:700;border-radius:4px;padding:1px 5px;line-height:1.4;align-self:center}
.byline time,.edited{font-size:12px;color:var(--muted)}
.edited{margin-left:4px}
.body>.edited{display:block;margin:4px 0 0}
.markdown a{text-decoration:underline;text-decoration-thickness:1px;text-underline-offset:2px}
.markdown p,.markdown li{white-space:pre-wrap;overflow-wrap:anywhere}
.markdown ul,.markdown ol{padding-left:24px}
.markdown ul{list-style:disc}.markdown ol{list-style:decimal}
.markdown .subtext{font-size:13px;color:var(--muted)}
.heading-1{font-size:24px;font-weight:700;color:var(--strong);margin:16px 0 8px}
.heading-2{font-size:20px;font-weight:700;color:var(--strong);margin:16px 0 8px}
.heading-3{font-size:16px;font-weight:700;color:var(--strong);margin:16px 0 8px}
.markdown>:first-child{margin-top:0}
.content{display:flow-root}.content>p:last-of-type{display:inline}
blockquote{border-left:4px solid var(--edge);border-radius:4px;padding-left:12px;max-width:90%}
code{background:var(--code);border-radius:4px;padding:0 4px;font:14px/1.3 Consolas,"Liberation Mono",Menlo,monospace;white-space:pre-wrap}
pre{background:var(--code);border:1px solid var(--line);border-radius:4px;padding:8px;margin-top:6px;max-width:90%;overflow-x:auto}
pre code{padding:0;background:none}
.inline-link{color:var(--link);text-decoration:underline 1px;text-underline-offset:2px}
.inline-link.made-up{text-decoration-style:dotted}
.mention{background:var(--mention-back);color:var(--mention);border-radius:3px;padding:0 2px;font-weight:500}
button.mention:hover{text-decoration:underline}
.timestamp{background:var(--hover);border-radius:3px;padding:0 2px}
.spoiler{background:var(--text);color:transparent;border-radius:4px;padding:0 2px}
.spoiler>*{visibility:hidden}
.spoiler.shown{background:var(--chosen);color:inherit}.spoiler.shown>*{visibility:visible}

.embed{display:grid;grid-template-columns:minmax(0,1fr) auto;background:var(--embed);border-left:4px solid var(--edge);border-radius:4px;padding:8px 16px 16px 12px;margin-top:4px;max-width:520px;width:fit-content;min-width:min(100%,240px)}
.embed-text{min-width:0}
.embed-author{font-size:14px;font-weight:600;color:var(--strong);margin-top:8px}
.embed-title{font-weight:600;color:var(--strong);margin-top:8px}
.embed-description{font-size:14px;line-height:1.3;margin-top:8px}
.embed-fields{display:grid;grid-template-columns:repeat(3,minmax(0,1fr));gap:8px 12px;margin-top:8px;font-size:14px;line-height:1.3}
.embed-field{grid-column:1/-1;min-width:0}
.embed-field.inline{grid-column:auto}
.embed-field dt{font-weight:600;color:var(--strong);margin-bottom:2px}
.embed-initials,.embed-thumbnail{grid-column:2;grid-row:1;margin:8px 0 0 16px}
.embed-initials{width:48px;height:48px;border-radius:50%;background:var(--secondary);color:var(--secondary-text);font-size:20px;font-weight:700;line-height:48px;text-align:center}
.embed-thumbnail img{max-width:80px;max-height:80px;border-radius:4px}
.embed-image{grid-column:1/-1;margin-top:16px;display:block}
.embed-image img,.attachment-image img{display:block;max-width:100%;height:auto;border-radius:4px;background:var(--field)}
.attachment-image{display:block;max-width:550px;margin-top:4px}
.embed-footer{grid-column:1/-1;font-size:12px;color:var(--muted);margin-top:8px}
.components{margin-top:4px;display:grid;gap:8px;max-width:520px}
.action-row{display:flex;flex-wrap:wrap;gap:8px}
.button{background:var(--secondary);color:var(--secondary-text);border-radius:8px;min-height:32px;padding:4px 16px;font-size:14px;font-weight:500;display:inline-flex;align-items:center;gap:6px;text-align:center}
.button:hover{filter:brightness(1.12);text-decoration:none}
.button.primary{background:var(--brand-strong);color:#fff}
.button.success{background:#1d7f46;color:#fff}
.button.danger{background:#c8303a;color:#fff}
.button.small{min-height:28px;padding:2px 12px}
.button svg{width:14px;height:14px}
.button:disabled,.menu:disabled{opacity:.5}
[aria-busy=true].button,[aria-busy=true].menu{opacity:.6;cursor:progress}
[aria-busy=true].button::after,[aria-busy=true] .menu-label::after{content:" •••";animation:pulse 1.2s infinite}
.menu-box{flex:1 1 100%;max-width:400px}
.menu{width:100%;min-height:40px;background:var(--field);border:1px solid var(--line);border-radius:8px;padding:8px 12px;display:flex;align-items:center;justify-content:space-between;gap:8px}
.menu:hover{border-color:var(--edge)}
.menu-label{overflow:hidden;text-overflow:ellipsis;white-space:nowrap}
.menu-label.placeholder{color:var(--muted)}
.menu[aria-expanded=true] svg{transform:rotate(180deg)}
.private-note{display:flex;flex-wrap:wrap;align-items:center;gap:4px;font-size:12px;color:var(--muted);margin-top:6px}
.private-note svg{width:14px;height:14px}
.link-button{color:var(--link)}
.link-button:hover{text-decoration:underline}
.failure{color:var(--problem);font-size:14px;display:flex;align-items:center;gap:6px}
.body .failure+.button{margin-top:6px}
.thinking{color:var(--muted);display:flex;align-items:center;gap:8px}
.dots{display:inline-flex;gap:4px}
.dots i{width:7px;height:7px;border-radius:50%;background:currentColor;animation:pulse 1.2s infinite}
.dots i:nth-child(2){animation-delay:.2s}.dots i:nth-child(3){animation-delay:.4s}
@keyframes pulse{0%,60%,100%{opacity:.3}30%{opacity:1}}
@media (prefers-reduced-motion:reduce){.dots i,[aria-busy=true].button::after,[aria-busy=true] .menu-label::after{animation:none;opacity:.7}}

.composer-area{position:relative;padding:0 16px 8px}
.composer{max-height:40dvh;overflow-y:auto;display:flex;flex-wrap:wrap;align-items:center;gap:6px;background:var(--field);border-radius:8px;min-height:44px;padding:6px 48px 6px 16px;position:relative}
.composer:focus-within{box-shadow:0 0 0 1px var(--edge)}
.composer input{background:none;border:0;outline:0;padding:4px 0;min-width:0;flex:none}
.composer input:placeholder-shown{text-overflow:ellipsis}
.composer input::placeholder{color:var(--muted);opacity:1}
#composer-text,#composer-more{flex:1 1 96px}
.command-chip{font-weight:600;color:var(--mention);background:var(--mention-back);border-radius:4px;padding:3px 8px;white-space:nowrap}
.pill{display:inline-flex;align-items:stretch;background:var(--chat);border-radius:4px;overflow:hidden;max-width:100%;box-shadow:0 0 0 1px var(--line)}
.pill:focus-within{box-shadow:0 0 0 2px var(--focus)}
.pill label{flex:none;white-space:nowrap;padding:4px 8px;font-weight:600;font-size:14px;background:var(--rail);color:var(--text);display:flex;align-items:center}
.pill input{padding:4px 8px;max-width:100%}
.pill:has([aria-invalid]){box-shadow:0 0 0 2px var(--problem)}
.send{width:36px;height:32px;display:inline-flex;align-items:center;justify-content:center;border-radius:4px;color:var(--muted);position:absolute;right:6px;bottom:6px}
.drop{color:var(--muted);display:inline-flex;align-items:center;padding:0 6px;border-radius:4px}
.drop:hover{color:var(--text)}
.drop svg{width:16px;height:16px}
.command-chip+.drop{align-self:stretch;margin-left:-6px}
.send:hover{color:var(--text);background:var(--hover)}
.hint{min-height:20px;font-size:13px;padding:3px 4px 0;color:var(--muted)}
.hint.problem{color:var(--problem)}
.popup{position:absolute;left:16px;right:16px;bottom:calc(100% - 4px);z-index:4;background:var(--raised);border-radius:8px;box-shadow:var(--shadow),0 0 0 1px var(--line);padding:8px;max-height:min(48dvh,420px);display:flex;flex-direction:column}
.popup ul{overflow-y:auto;min-height:0}
.popup-title{font-size:13px;color:var(--muted);padding:4px 8px 6px}
.popup-title strong{color:var(--strong)}
.row{display:flex;flex-wrap:wrap;align-items:baseline;gap:0 10px;padding:8px;border-radius:4px;cursor:pointer}
.row.active{background:var(--chosen)}
.row.active .row-note{color:var(--text)}
.row-name{color:var(--strong);font-weight:500}
.row-note{color:var(--muted);font-size:13px}
.row[aria-selected=true] .row-name::after{content:" ✓"}
.menu-popup .popup-title{display:none}
.menu-popup{position:fixed;right:auto}
.jump{position:absolute;left:16px;right:16px;bottom:100%;z-index:3;background:var(--brand-strong);color:#fff;font-size:14px;font-weight:600;border-radius:8px 8px 0 0;padding:6px 16px;min-height:36px;text-align:center;box-shadow:var(--shadow)}
.jump:hover{filter:brightness(1.12)}
.jump:focus-visible{outline-offset:-4px;outline-color:#fff}

.modal{border:0;border-radius:8px;padding:0;width:min(440px,calc(100vw - 24px));max-height:calc(100dvh - 24px);background:var(--raised);color:var(--text);box-shadow:var(--shadow)}
.modal::backdrop{background:#000000b3}
.modal form{padding:20px;display:grid;gap:16px}
.modal h2{font-size:20px;line-height:1.25;color:var(--strong)}
.modal-field{display:grid;gap:6px}
.modal label{font-weight:600;color:var(--strong)}
.modal .required{color:var(--problem)}
.modal input,.modal textarea{font:inherit;color:inherit;background:var(--field);border:1px solid var(--edge);border-radius:4px;padding:9px 12px;width:100%;resize:vertical}
.modal [aria-invalid]{border-color:var(--problem)}
.modal-note{font-size:13px;color:var(--muted)}
.modal .failure:empty{display:none}
.modal-buttons{display:flex;justify-content:flex-end;gap:8px}
.modal-buttons .button{min-height:38px;justify-content:center;min-width:96px}

@media (max-width:860px){
.app{grid-template-columns:minmax(0,1fr)}
.rail{display:none}
.sidebar{display:none;position:fixed;inset:0 auto 0 0;width:min(280px,86vw);z-index:6;box-shadow:var(--shadow)}
.with-sidebar .sidebar{display:flex}
.with-sidebar .chat::after{content:"";position:fixed;inset:0;background:#0009;z-index:5}
.only-narrow{display:inline-flex}
.bar{padding:6px 8px 6px 4px;gap:6px}
.topic{display:none}
}
@media (max-width:560px){
.message article{padding:4px 12px 4px 60px}
.avatar{left:10px}
.composer-area{padding:0 8px 4px}
.popup{left:8px;right:8px}.menu-popup{right:auto}
.jump{left:8px;right:8px}
.welcome{padding:12px 12px 0}
.welcome p{font-size:14px}
.starters{grid-template-columns:repeat(2,minmax(0,1fr));gap:6px}
.starter{padding:6px 12px}.starter .starter-note{display:none}
.embed{padding-right:12px}
.embed-initials{width:36px;height:36px;line-height:36px;font-size:16px;margin-left:8px}
}
@media (max-width:420px){.embed-fields{grid-template-columns:repeat(2,minmax(0,1fr))}}
@media (forced-colors:active){.row.active{outline:2px solid}.embed{border:1px solid}}
`;
