/**
 * Every sentence that people read, in English: ICU MessageFormat with named placeholders
 * (https://unicode-org.github.io/icu/userguide/format_parse/messages/). Values arrive formatted for
 * the reader's locale; numbers serve only to choose a plural. An apostrophe in front of a brace
 * quotes it. Keys begin with the part of the product that speaks.
 */
export const EN = {
  "demo.notice": "Demo market, invented prices",
  attribution: "Data provided by {sources}",
  lambos: "{count, plural, one {{text} Lambo} other {{text} Lambos}}",
  "money.below": "less than {amount}",
  "money.loss-below": "a loss of less than {amount}",
  "lambos.below": "under {text} Lambos",
  multiple: "{text}×",
  "coin.unranked": "unranked",
  "coin.unnamed": "this coin",
  "taken-for": "Taken for {coin}.",
  "car.own-price": "Own price",
  "car.average": "Average Lamborghini",
  "car.source.web-version": "the original web version's average price",
  "car.source.press-catalogue": "US press catalogue, model year {year}",
  "change.lambos":
    "{size, select, part {{text} Lambo} other {{count, plural, one {{text} Lambo} other {{text} Lambos}}}}",
  "list.comma": "{first}, {second}",
  "list.semicolon": "{first}; {second}",
  "list.sentences": "{first} {second}",
  "change.none": "unchanged",
  "change.up": "up {percent}",
  "change.down": "down {percent}",

  "call.unknown-command": "This command is no longer here. Reload Discord to see today's commands.",
  "call.older-form":
    "Discord sent `/{command}` in an older form. Reload Discord and type it again.",
  "call.older-control":
    "This button or menu is from an older version of the bot. Ask again to get a fresh one.",
  "call.restarting": "The bot is restarting. Ask again in a minute.",
  "call.user-limit":
    "Easy on the throttle: that is a lot of questions at once. Ask again {seconds, plural, =1 {in a second} other {in {text} seconds}}.",
  "call.guild-limit":
    "Rush hour: this server is asking faster than I can answer. Ask again {seconds, plural, =1 {in a second} other {in {text} seconds}}.",
  "call.surprise":
    "Something went wrong here, and it is not your fault. Try again; if it persists, report `{incident}`.",

  "verdict.dead": "Too late · {lambos} then",
  "verdict.dead.none": "Too late, and no Lambo then",
  "verdict.moon-100": "Past the moon · {lambos}",
  "verdict.moon-10": "To the moon · {lambos}",
  "verdict.yes": "You did it · {lambos}",
  "verdict.nearly": "Nearly there · {lambos}",
  "verdict.part-way": "Part of the way · {lambos}",
  "verdict.spare-parts": "Spare parts · {lambos}",
  "verdict.steady": "Steady as she goes · {lambos}",
  "verdict.loss": "No Lambo: good thing you never did that",
  "verdict.bought": "{verdict} · bought {day}",
  "verdict.bought-at-peak": "{verdict} · bought at the peak",
  "verdict.loss.briefly": "No Lambo",
  "verdict-line.dead.1": "The tow truck came and went. Somewhere a forum still believes.",
  "verdict-line.dead.2": "It is survived by a website and several mugs.",
  "verdict-line.dead.3": "Lost property has it, between an umbrella and a single glove.",
  "verdict-line.dead.4": "For sale: one coin, well travelled, does not start.",
  "verdict-line.dead.5": "The garage keeps a light on for it, out of politeness.",
  "verdict-line.dead.6": "It left the road a while ago. Wave as you pass.",
  "verdict-line.dead.7": "They still keep its parking space, with a small plaque.",
  "verdict-line.dead.8": "The road is still there. There is grass on it now.",
  "verdict-line.dead.9": "It can be admired from behind the rope, on weekdays.",
  "verdict-line.dead.10": "The satnav still suggests it, out of habit.",
  "verdict-line.dead.11": "It rests in a field now, and the sheep do not ask questions.",
  "verdict-line.dead.12": "No forwarding address was left.",
  "verdict-line.dead.13": "The last one out remembered to switch off the lights.",
  "verdict-line.moon-100.1": "You would need a street. Then a town. Then a mayor.",
  "verdict-line.moon-100.2": "The garage has its own postcode and a small railway.",
  "verdict-line.moon-100.3": "Valet parking has asked for a word.",
  "verdict-line.moon-100.4": "At this size it is no longer a fleet, it is weather.",
  "verdict-line.moon-100.5": "The dealership would have named a wing after you.",
  "verdict-line.moon-100.6": "It would be quicker to count the empty parking spaces.",
  "verdict-line.moon-100.7": "The factory would have asked you to slow down.",
  "verdict-line.moon-100.8": "Seen from orbit, it is a rather neat car park.",
  "verdict-line.moon-100.9": "The far end of the row is in a different time zone.",
  "verdict-line.moon-100.10": "The nearest petrol station would have opened a nearer one.",
  "verdict-line.moon-100.11": "The insurers would have sent a delegation.",
  "verdict-line.moon-100.12": "The tour of the garage includes lunch.",
  "verdict-line.moon-100.13": "The keys are kept in a warehouse, next to the other warehouse.",
  "verdict-line.moon-10.1": "One for every mood, and a spare for the unexpected one.",
  "verdict-line.moon-10.2": "The neighbours would have questions, and nowhere to park.",
  "verdict-line.moon-10.3": "A convoy is just a traffic jam with a good story.",
  "verdict-line.moon-10.4": "The difficult part would be remembering where you left them.",
  "verdict-line.moon-10.5": "The postman would need directions to the front door.",
  "verdict-line.moon-10.6": "Moving one would mean moving nine others first.",
  "verdict-line.moon-10.7": "You would need a spreadsheet for the oil changes.",
  "verdict-line.moon-10.8": "The dealership would send flowers on your birthday.",
  "verdict-line.moon-10.9": "You could be your own rush hour.",
  "verdict-line.moon-10.10": "One of them is always at the car wash. You forget which.",
  "verdict-line.moon-10.11": "The key hooks alone would take up a wall.",
  "verdict-line.moon-10.12": "Your garage would have a one-way system.",
  "verdict-line.moon-10.13": "There is one just for taking out the recycling.",
  "verdict-line.yes.1": "Somewhere, another you is looking for the indicator.",
  "verdict-line.yes.2": "Keys on the table. The weekly shop would never be the same.",
  "verdict-line.yes.3": "The neighbours would hear you leave for the milk, and return.",
  "verdict-line.yes.4": "In that timeline you know every speed bump by name.",
  "verdict-line.yes.5": "There would be a warranty, and questions at family dinners.",
  "verdict-line.yes.6": "The bicycle has been moved to the hallway. It understands.",
  "verdict-line.yes.7": "You would have opinions about tyres.",
  "verdict-line.yes.8": "Parking would take longer: somebody always wants a photo.",
  "verdict-line.yes.9": "You would drive to the letterbox, and take the long way back.",
  "verdict-line.yes.10": "Parked outside. You have checked four times.",
  "verdict-line.yes.11": "The car park at work has been informed.",
  "verdict-line.yes.12": "You would park at the far end, well away from the trolleys.",
  "verdict-line.yes.13": "You would own a special cloth, and nobody else may touch it.",
  "verdict-line.nearly.1": "So close that the salesperson remembers your birthday.",
  "verdict-line.nearly.2": "Everything but the last payment, and the doors.",
  "verdict-line.nearly.3": "You could hear the engine from here.",
  "verdict-line.nearly.4": "The keys were already on the counter.",
  "verdict-line.nearly.5": "One good coupon away.",
  "verdict-line.nearly.6": "It would have been yours, apart from one corner.",
  "verdict-line.nearly.7": "The salesperson had taken the cap off the pen.",
  "verdict-line.nearly.8": "You were at the front of the queue when the shop closed.",
  "verdict-line.nearly.9": "A rounding error, if you stand far enough away.",
  "verdict-line.nearly.10": "The garage door was open. The kettle was on.",
  "verdict-line.nearly.11": "Close enough to wave at.",
  "verdict-line.nearly.12": "It had been washed for the occasion.",
  "verdict-line.nearly.13": "Somebody had already moved the bicycles to make room.",
  "verdict-line.part-way.1": "A respectable share of a car that somebody else drives.",
  "verdict-line.part-way.2": "Yours on certain days of the week. There would be a rota.",
  "verdict-line.part-way.3": "The photographs would have to be taken from the good side.",
  "verdict-line.part-way.4": "The deposit is paid. The salesperson has learned your name.",
  "verdict-line.part-way.5": "Some of the car is yours. The argument is about which part.",
  "verdict-line.part-way.6": "You could sit in it. You could not yet close the door.",
  "verdict-line.part-way.7": "Enough to be taken seriously at the desk, if not at the till.",
  "verdict-line.part-way.8": "All the early instalments, and none of the later ones.",
  "verdict-line.part-way.9": "It stands in the hallway in boxes. There are no instructions.",
  "verdict-line.part-way.10": "You would have the wheels, and a reason to learn welding.",
  "verdict-line.part-way.11": "The paint is chosen. The rest is a matter of detail.",
  "verdict-line.part-way.12": "Plenty for a car. Just not for that car.",
  "verdict-line.part-way.13": "Enough of a car to polish, though not enough to start.",
  "verdict-line.spare-parts.1": "Enough for the key ring, and a long look through the window.",
  "verdict-line.spare-parts.2": "A scale model, with doors that open. It fits every garage.",
  "verdict-line.spare-parts.3": "You could have framed the brochure.",
  "verdict-line.spare-parts.4": "A car wash, and something to dream about while you wait.",
  "verdict-line.spare-parts.5": "The floor mats, perhaps. Nobody can take floor mats from you.",
  "verdict-line.spare-parts.6": "It would cover the parking. The car is another matter.",
  "verdict-line.spare-parts.7": "One air freshener, smelling faintly of ambition.",
  "verdict-line.spare-parts.8": "A poster for the wall, and a nice one, with a border.",
  "verdict-line.spare-parts.9": "One windscreen wiper, and it is the good one.",
  "verdict-line.spare-parts.10": "A modest beginning: the cap of one tyre valve, in chrome.",
  "verdict-line.spare-parts.11": "Enough for a long ride on the toy one outside the supermarket.",
  "verdict-line.spare-parts.12": "The smell of the leather comes in a small bottle.",
  "verdict-line.spare-parts.13": "The owner's manual, second-hand, with notes in the margin.",
  "verdict-line.steady.1": "Flat as a well-kept car park.",
  "verdict-line.steady.2": "Nothing fell off. There is a beauty in that.",
  "verdict-line.steady.3": "The needle did not move. Somebody tapped the glass to be sure.",
  "verdict-line.steady.4": "It went nowhere in particular, and kept perfect time.",
  "verdict-line.steady.5": "Less a sports car, more a bench with a view.",
  "verdict-line.steady.6": "A smooth ride, on account of the engine being off.",
  "verdict-line.steady.7": "If it were a colour, it would be the beige of a hallway.",
  "verdict-line.steady.8": "No speeding tickets were issued.",
  "verdict-line.steady.9": "You could balance a cup of tea on it.",
  "verdict-line.steady.10": "Somewhere an accountant is quietly pleased.",
  "verdict-line.steady.11": "Once round the block, and home in time for tea.",
  "verdict-line.steady.12": "The map is still folded, and the sandwiches are gone.",
  "verdict-line.steady.13": "The passengers are asleep, and so is the road.",
  "verdict-line.loss.1": "The garage is empty, but it is very tidy.",
  "verdict-line.loss.2": "The speed camera has no photographs of you.",
  "verdict-line.loss.3": "Nothing to insure, nothing to polish, nothing to explain.",
  "verdict-line.loss.4": "A bicycle is quieter, and easier to park.",
  "verdict-line.loss.5": "The time machine can stay in the shed for this one.",
  "verdict-line.loss.6": "Somewhere, another you is being very brave about it.",
  "verdict-line.loss.7": "The salesperson looked up, nodded, and went back to lunch.",
  "verdict-line.loss.8": "The cat has the garage, and no complaints.",
  "verdict-line.loss.9": "An expensive anecdote, and you got it for free.",
  "verdict-line.loss.10": "The car park attendant has nothing to report.",
  "verdict-line.loss.11": "The neighbours slept well, and will never know why.",
  "verdict-line.loss.12": "The bus still runs, and somebody else does the driving.",
  "verdict-line.loss.13": "You walk past the showroom, and neither of you says anything.",

  story:
    "Had you put {stake} into {coin} in its first four weeks ({bought}), you would have {proceeds} today: {worth}.",
  "story.exchange":
    "Had you put {stake} into {coin} in its first four weeks on an exchange ({bought}), you would have {proceeds} today: {worth}.",
  "story.dead":
    "Had you put {stake} into {coin} in its first four weeks ({bought}), you would have left with {proceeds}: {worth}.",
  "story.dead.exchange":
    "Had you put {stake} into {coin} in its first four weeks on an exchange ({bought}), you would have left with {proceeds}: {worth}.",
  "story.bought":
    "Had you put {stake} into {coin} over the four weeks from {day}, you would have {proceeds} today: {worth}.",
  "story.bought.dead":
    "Had you put {stake} into {coin} over the four weeks from {day}, you would have left with {proceeds}: {worth}.",
  "story.peak":
    "Had you put {stake} into {coin} at its very top, over the four weeks from {day}, you would have {proceeds} today: {worth}.",
  "story.peak.dead":
    "Had you put {stake} into {coin} at its very top, over the four weeks from {day}, you would have left with {proceeds}: {worth}.",
  "story.server-joined":
    "Had you put {stake} into {coin} when you joined this server, over the four weeks from {day}, you would have {proceeds} today: {worth}.",
  "story.server-joined.dead":
    "Had you put {stake} into {coin} when you joined this server, over the four weeks from {day}, you would have left with {proceeds}: {worth}.",
  "story.account-made":
    "Had you put {stake} into {coin} when you made your Discord account, over the four weeks from {day}, you would have {proceeds} today: {worth}.",
  "story.account-made.dead":
    "Had you put {stake} into {coin} when you made your Discord account, over the four weeks from {day}, you would have left with {proceeds}: {worth}.",
  "story.bought.at-once":
    "Had you put {stake} into {coin} over the {count, plural, one {{days} day} other {{days} days}} from {day}, you would have sold it over the same days: your money back, and nothing else.",
  "story.at-once":
    "Had you put {stake} into {coin} over its only {count, plural, one {{days} day} other {{days} days}} on record ({bought}), you would have sold it over the same days: your money back, and nothing else.",
  "worth.steady": "just about what you put in",
  "worth.left":
    "{left, select, nothing {next to nothing left} crumbs {small change left} tenth {about a tenth of it left} under_quarter {less than a quarter of it left} quarter {about a quarter of it left} under_third {less than a third of it left} third {about a third of it left} under_half {less than half of it left} half {about half of it left} over_half {just over half of it left} two_thirds {about two thirds of it left} three_quarters {about three quarters of it left} most {most of it left} other {nearly all of it left}}",
  "worth.part":
    "{part, select, nothing {a gain, but not one that a showroom would notice} crumbs {a sliver of a Lambo} wheel {a wheel's worth of Lambo} tenth {about a tenth of a Lambo} under_quarter {less than a quarter of a Lambo} quarter {a quarter of a Lambo} under_third {less than a third of a Lambo} third {a third of a Lambo} under_half {less than half a Lambo} half {half a Lambo} over_half {just over half a Lambo} two_thirds {two thirds of a Lambo} three_quarters {three quarters of a Lambo} most {most of a Lambo} other {very nearly a whole Lambo}}",
  "worth.whole":
    "{count, plural, =1 {one Lambo} =2 {two Lambos} =3 {three Lambos} =4 {four Lambos} =5 {five Lambos} =6 {six Lambos} =7 {seven Lambos} =8 {eight Lambos} other {nine Lambos}}",
  "worth.and-change":
    "{count, plural, =1 {a Lambo and change} =2 {two Lambos and change} =3 {three Lambos and change} =4 {four Lambos and change} =5 {five Lambos and change} =6 {six Lambos and change} =7 {seven Lambos and change} =8 {eight Lambos and change} other {nine Lambos and change}}",
  "worth.and-a-half":
    "{count, plural, =1 {a Lambo and a half} =2 {two and a half Lambos} =3 {three and a half Lambos} =4 {four and a half Lambos} =5 {five and a half Lambos} =6 {six and a half Lambos} =7 {seven and a half Lambos} =8 {eight and a half Lambos} other {nine and a half Lambos}}",
  "worth.and-most":
    "{count, plural, =1 {a Lambo and most of another} =2 {two Lambos and most of another} =3 {three Lambos and most of another} =4 {four Lambos and most of another} =5 {five Lambos and most of another} =6 {six Lambos and most of another} =7 {seven Lambos and most of another} =8 {eight Lambos and most of another} other {nine Lambos and most of another}}",
  "worth.nearly":
    "{count, plural, =2 {very nearly two Lambos} =3 {very nearly three Lambos} =4 {very nearly four Lambos} =5 {very nearly five Lambos} =6 {very nearly six Lambos} =7 {very nearly seven Lambos} =8 {very nearly eight Lambos} =9 {very nearly nine Lambos} other {very nearly ten Lambos}}",
  "worth.many":
    "{many, select, ten {ten Lambos and change} dozen {about a dozen Lambos} over_dozen {more than a dozen Lambos} twenty {about twenty Lambos} two_dozen {about two dozen Lambos} dozens {dozens of Lambos} nearly_hundred {very nearly a hundred Lambos} hundred {a hundred Lambos and change} over_hundred {well over a hundred Lambos} hundreds {hundreds of Lambos} nearly_thousand {very nearly a thousand Lambos} thousand {a thousand Lambos and more} thousands {thousands of Lambos} other {a moonful of Lambos}}",
  "months.two": "{first} and {second}",
  details: "Bought {bought} at {openingPrice}, sold {sold} at {closingPrice}, on average",
  "details.at-once": "Bought and sold {bought} at {openingPrice} on average",
  "details.first-lambo": "first Lambo {day}",
  "stake-for-one": "One Lambo would have taken {stake}",
  "opening.weeks": "over its first four weeks",
  "opening.days": "over its first {count, plural, one {{days} day} other {{days} days}}",
  "opening.bought": "over four weeks",
  "opening.bought-days": "over the last {count, plural, one {{days} day} other {{days} days}}",
  "opening.peak": "over the four weeks from its highest close",
  "opening.exchange":
    "at an exchange's first {count, plural, =4 {four} other {{closes}}} weekly closes",
  "first-lambo.unknown": "Not known",
  "first-lambo.only-while-buying": "Only in its first four weeks",
  "first-lambo.only-while-buying.bought": "Only in the four weeks of buying",
  "first-lambo.never": "Never",
  "first-lambo.not-yet": "Not yet",
  "traded.fraction":
    "All trading in its first four weeks came to about {traded}: {stake} would have been about {parts, plural, =1 {all} =2 {half} =3 {a third} =4 {a quarter} =5 {a fifth} =6 {a sixth} =7 {a seventh} =8 {an eighth} =9 {a ninth} =10 {a tenth} other {a part}} of it.",
  "traded.percent":
    "All trading in its first four weeks came to about {traded}: {stake} would have been about {percent} of it.",
  "traded.times":
    "All trading in its first four weeks came to about {traded}: {stake} would have been {times}× as much.",
  "traded-briefly.fraction":
    "The stake would have been about {parts, plural, =1 {all} =2 {half} =3 {a third} =4 {a quarter} =5 {a fifth} =6 {a sixth} =7 {a seventh} =8 {an eighth} =9 {a ninth} =10 {a tenth} other {a part}} of all trading then",
  "traded-briefly.percent": "The stake would have been about {percent} of all trading then",
  "traded-briefly.times": "The stake would have been {times}× as much as all trading then",
  "no-rate.usual-stake":
    "No exchange rate for {currencies} is available right now: the usual {stake} {currency} stands in for this server's own stake.",
  "no-rate.usual-car":
    "No exchange rate for {currencies} is available right now: the usual car stands in for this server's own car price.",
  "no-rate.usual-stake-and-car":
    "No exchange rate for {currencies} is available right now: the usual {stake} {currency} and the usual car stand in for this server's own stake and car price.",

  "wen.title.there": "Wen Lambo? Already, at {price}",
  "wen.title.was-there": "Wen Lambo? Once, at {price}",
  "wen.title.dead": "Wen Lambo? Too late, at {price}",
  "wen.title": "Wen Lambo? At {price} per {symbol}",
  "wen.more-than": "more than {amount}",
  "wen.less-than": "less than {amount}",
  "wen.needs":
    "For {stake} in its first four weeks to buy a Lambo, one {symbol} would have to be worth {price}.",
  "wen.needs.exchange":
    "For {stake} in its first four weeks on an exchange to buy a Lambo, one {symbol} would have to be worth {price}.",
  "wen.needs.days":
    "For {stake} in its only {count, plural, one {{days} day} other {{days} days}} on record to buy a Lambo, one {symbol} would have to be worth {price}.",
  "wen.needed":
    "For {stake} in its first four weeks to buy a Lambo, one {symbol} would have had to be worth {price}.",
  "wen.needed.exchange":
    "For {stake} in its first four weeks on an exchange to buy a Lambo, one {symbol} would have had to be worth {price}.",
  "wen.needed.days":
    "For {stake} in its only {count, plural, one {{days} day} other {{days} days}} on record to buy a Lambo, one {symbol} would have had to be worth {price}.",
  "wen.distance.times":
    "That is {size, select, beyond {more than {times}} other {{times}}} {count, plural, one {time} other {times}} its latest close, {close} on {day}.",
  "wen.distance.percent": "That is {percent} above its latest close, {close} on {day}.",
  "wen.distance.there.times":
    "It is there: it closed at {close} on {day}, {size, select, beyond {more than {times}} other {{times}}} {count, plural, one {time} other {times}} that.",
  "wen.distance.there.percent": "It is there: it closed at {close} on {day}, {percent} above that.",
  "wen.distance.buying": "It closed at {close} on {day}, which is enough.",
  "wen.distance.dead.times":
    "That is {size, select, beyond {more than {times}} other {{times}}} {count, plural, one {time} other {times}} its last close, {close} on {day}.",
  "wen.distance.dead.percent": "That is {percent} above its last close, {close} on {day}.",
  "wen.distance.dead.there":
    "Its last close, {close} on {day}, was enough, but nobody has priced it since.",
  "wen.past.last-there":
    "It last closed that high on {day}. Its highest close, on {highestDay}, was {highest}.",
  "wen.past.highest": "Its highest close, on {highestDay}, was {highest}.",
  "wen.past.never":
    "It has never closed that high: it came closest on {highestDay}, at {highest}, {share} of that price.",
  "wen.past.never.since":
    "It has not closed that high in its daily record, since {from}: it came closest on {highestDay}, at {highest}, {share} of that price.",
  "wen.past.never.gaps":
    "It has not closed that high on any day on record: it came closest on {highestDay}, at {highest}, {share} of that price.",
  "wen.past.none":
    "So far every day on record falls within its first four weeks, when it was still being bought, so none counts yet.",
  "wen.show-lambos": "Lambos today",
  "wen.details": "Bought {bought} at {openingPrice} on average",
  "wen-line.there.1": "The doors are open. Mind the paint.",
  "wen-line.there.2": "It is parked out front, with two wheels on the kerb.",
  "wen-line.there.3": "The salesperson has run out of small talk.",
  "wen-line.there.4": "The salesperson has handed over the second key as well.",
  "wen-line.there.5": "It stands on the drive, engine ticking as it cools.",
  "wen-line.there.6": "Somebody should move it: it is blocking the bins.",
  "wen-line.there.7": "The only thing missing is somewhere to turn round.",
  "wen-line.dead.1": "The road ends here. There is a bench, and a view.",
  "wen-line.dead.2": "The car is still in the window. The coin has gone home.",
  "wen-line.dead.3": "The milestone is there, though the road has been closed.",
  "wen-line.dead.4": "The signpost points at a field.",
  "wen-line.dead.5": "The showroom sent a card.",
  "wen-line.dead.6": "The question arrived, and found nobody in.",
  "wen-line.dead.7": "It is on the timetable of a line that no longer runs.",
  "wen-line.was-there.1": "It drove past while you were looking for the camera.",
  "wen-line.was-there.2": "It was here. The tyre marks are genuine.",
  "wen-line.was-there.3": "The parking space is still warm, in a historical sense.",
  "wen-line.was-there.4": "There are photographs, some of them in focus.",
  "wen-line.was-there.5": "It came, it turned round, it left. Very tidy parking.",
  "wen-line.was-there.6": "The guest book has its signature and a coffee ring.",
  "wen-line.was-there.7": "It had the keys for a while, and gave them back.",
  "wen-line.near.1": "You can read the number plate from here.",
  "wen-line.near.2": "One more bend, according to a man with a map.",
  "wen-line.near.3": "The brochure is open at the right page.",
  "wen-line.near.4": "Near enough to smell the polish.",
  "wen-line.near.5": "The kettle is on at the showroom.",
  "wen-line.near.6": "Close, as the crow drives.",
  "wen-line.near.7": "The paint chart is out, and somebody has circled a green.",
  "wen-line.far.1": "The satnav suggests bringing sandwiches.",
  "wen-line.far.2": "The showroom is a dot. A shiny dot, but a dot.",
  "wen-line.far.3": "There is a sign, and the number on it is a large one.",
  "wen-line.far.4": "The bus goes most of the way, if not the right way.",
  "wen-line.far.5": "A long road, with good views of other people's cars.",
  "wen-line.far.6": "The map has been unfolded, and then unfolded again.",
  "wen-line.far.7": "Somewhere past the next county, behind a hill.",
  "wen-line.orbit.1": "The satnav laughed, and then apologised.",
  "wen-line.orbit.2": "The distance is measured in ice ages.",
  "wen-line.orbit.3": "The map needs a second map.",
  "wen-line.orbit.4": "Astronomers would call it “quite far”.",
  "wen-line.orbit.5": "The showroom is in another postal system.",
  "wen-line.orbit.6": "A postcard from there takes several generations.",
  "wen-line.orbit.7": "There is a telescope for this. It is fully booked.",

  "flag.launch-spike":
    "Its very first close was far above most of its first four weeks, so the average opening price is on the high side.",
  "flag.launch-run":
    "It rose steeply in its first four weeks: the average opening price is {times}× its very first close of {price}.",
  "flag.launch-run.unknown":
    "It rose steeply in its first four weeks: the average opening price is far above its very first close.",
  "flag.young": "Under eight weeks on record: the weeks of buying and of selling overlap.",
  "flag.young.bought":
    "Under eight weeks from the day of buying to the last price: the weeks of buying and of selling overlap.",
  "flag.no-longer-priced": "No price has been recorded since {day}: these figures are history.",
  "flag.partial-history": "The record has gaps: for some stretches nobody noted a price.",
  "flag.exchange-listing-only":
    "The opening price comes from an exchange's first weekly closes; peak and first Lambo day cover only the daily record.",
  "flag.exchange-listing-only.since":
    "The opening price comes from an exchange's first weekly closes; peak and first Lambo day cover only the daily record since {day}.",
  "flag.odd-price.unknown": "Closes too far from the days around them to be believed are left out.",
  "flag.odd-price.newest":
    "{count, plural, one {The newest day, {day}, is left out for now: its close is {times}× the level before it, and such a leap counts only from its fourth day.} other {The newest {days} days are left out for now, {day} the furthest off, at {times}× the level before: such a leap counts only from its fourth day.}}",
  "flag.odd-price":
    "{count, plural, one {One day is left out: the close of {day}, at {times}× the level around it, is too far off to be believed.} other {{days} days are left out: their closes are too far off to be believed, most of all that of {day}, at {times}× the level around it.}}",
  "flag.odd-price.newest-of-them":
    "{count, plural, one {The newest of them counts from its fourth day, if the price stays there.} other {The newest {days} of them count from the fourth day, if the price stays there.}}",
  "flag.erratic":
    "A thin market: between {from} and {to} it closed {count, plural, one {{times} time} other {{times} times}} at ten times the level around it or more, or at a tenth or less. Nothing is left out, and every figure is rough.",
  "flag.erratic.unknown":
    "A thin market: its price jumps to ten times its level, or to a tenth of it, again and again. Nothing is left out, and every figure is rough.",
  "flag.sources-disagree":
    "In a single day the price changed about five-fold or more, up or down, and stayed there: part of the record may be in another unit, or belong to another coin.",
  "flag.unchecked":
    "These prices come from one source alone and have not been checked against CoinGecko's yet.",
  "flag.stale": "These prices were fetched {age}; there are no newer ones right now.",
  "flag.demo": "Demo market, invented prices.",

  "caveat.odd-price": "odd closes left out",
  "caveat.erratic": "thin market, rough figures",
  "caveat.sources-disagree": "may be two coins in one record",
  "caveat.unchecked": "not yet checked with CoinGecko",
  "caveat.exchange-listing-only": "opening price from an exchange",
  "caveat.launch-spike": "unusually high first close",
  "caveat.launch-run": "steep rise in the first weeks",
  "caveat.young": "under eight weeks on record",
  "caveat.young.bought": "under eight weeks from buying to selling",
  "caveat.partial-history": "gaps in the record",
  "caveat.no-longer-priced": "no price since {day}",
  "caveat.stale": "prices fetched {age}",

  "card.caveats": "⚠️ {caveats}",
  "card.footer": "{car}, {price} · prices to {day} · for fun, not advice",
  "card.footer.demo": "Demo market · {car}, {price} · prices to {day} · for fun, not advice",
  "card.show-maths": "Show the maths",
  "card.another-coin": "Another coin",
  "card.by-chance": "Picked at random.",
  "card.share": "Share",
  "card.shared-by": "Shared by {user}",
  "card.stake": "Stake: {stake}",
  "card.other-stake": "Other amount…",
  "stake-modal.title": "Other amount",
  "stake-modal.label": "What you would have spent",
  "stake-modal.description":
    "In {currency} unless you name another currency, such as 1500, 2.5k, {example} or €500",
  "card.car": "Car",
  "card.not-this-coin": "Not this {symbol}? Choose another",
  "card.not-meant": "Not what you meant? Choose another",

  "compare.title.beat.factor":
    "{first} beat {second} {factor} to 1{when, select, then {, back then} other {}}",
  "compare.title.beat.percent":
    "{first} beat {second} by {percent}{when, select, then {, back then} other {}}",
  "compare.title.won.factor":
    "{first} won, {factor} to 1 over {second}{when, select, then {, back then} other {}}",
  "compare.title.won.percent":
    "{first} won, {percent} ahead of {second}{when, select, then {, back then} other {}}",
  "compare.title.lost-least.factor": "{first} lost least: {times}× as much left as with {second}",
  "compare.title.lost-least.percent": "{first} lost least: {percent} more left than with {second}",
  "compare.title.tied": "{first} and {second} tied",
  "compare.title.tied.all": "All {count, plural, =3 {three} other {four}} tied",
  "compare.title.tied.two": "{first} and {second} tied for first",
  "compare.title.tied.three": "Three of four tied for first",
  "compare.story":
    "Had you put {stake} into each coin in its first four weeks, it would have become:",
  "compare.story.youngest":
    "Had you put {stake} into each coin over the four weeks from {day}, when {coin} was listed, it would have become:",
  "compare.coin": "{coin} · {lambos} · {proceeds}",
  "compare.coin.dead": "{coin} · {lambos} then · {proceeds}, last priced {day}",
  "compare.details":
    "Bought in {bought} at {openingPrice}, sold in {sold} at {closingPrice}, on average",
  "compare.taken-for": "“{typed}” was taken for {coin}.",
  "compare.repeated": "{coin} was named more than once, and counts once.",
  "compare.left-out": "Left out: {why}",
  "compare.left-out.then": "{coin} has too few prices from {day} on.",
  "compare.left-out.unlisted": "One coin is no longer listed.",
  "compare.caveats": "{coin}: {caveats}",
  "compare.note": "{coin}: {note}",
  "compare.from.each": "Each from its own listing",
  "compare.from.youngest": "All from {coin}'s listing",
  "compare.which": "Which ones did you mean?",

  "maths.title": "The maths: {coin} ({symbol})",
  "maths.record":
    "First recorded market price: {day}. {count, plural, one {{days} day} other {{days} days}} on record.",
  "maths.bought": "Bought from {day} on.",
  "maths.bought.peak": "Bought from {day} on, the day of its highest close on record.",
  "maths.opening-price": "**Opening price** {sign, select, equal {=} other {≈}} {price}",
  "maths.closing-price": "**Closing price** {sign, select, equal {=} other {≈}} {price}",
  "maths.window":
    "{from} to {to}, mean of the {priceCount, plural, one {{prices} daily price} other {{prices} daily prices}} in {count, plural, one {that {days} day} other {those {days} days}}",
  "maths.window.exchange":
    "{from} to {to}, mean of the exchange's first {count, plural, one {{closes} weekly close} other {{closes} weekly closes}}",
  "maths.coins":
    "**Coins** = stake ÷ opening = {stake} ÷ {opening} {sign, select, equal {=} other {≈}} {coins} {symbol}",
  "maths.proceeds":
    "**Proceeds** = coins × closing = {coins} × {closing} {sign, select, equal {=} other {≈}} {proceeds}",
  "maths.profit":
    "**Profit** = proceeds − stake = {proceeds} − {stake} {sign, select, equal {=} other {≈}} {profit}",
  "maths.growth-factor":
    "**Growth factor** = profit ÷ stake = {profit} ÷ {stake} {sign, select, equal {=} other {≈}} {factor}",
  "maths.lambos":
    "**Lambos** = profit ÷ car price = {profit} ÷ {car} {sign, select, equal {=} other {≈}} {lambos}",
  "maths.lambos.none": "**Lambos** = 0, because there is no profit to spend",
  "maths.stake-for-one":
    "**Stake for one Lambo** = car price ÷ growth factor = {car} ÷ {factor} {sign, select, equal {=} other {≈}} {stake}, rounded up",
  "maths.stake-for-one.none":
    "**Stake for one Lambo** = none, because the coin grew by less than 0.1%",
  "maths.rounded": "-# ≈ means about: no figure here has more than six digits.",
  "maths.rate":
    "**Exchange rate**: {dollar} = {amount}, today's rate for every day, because prices come in US dollars",
  "maths.day": "{day} at {price}, worth {lambos}",
  "maths.best-day": "**Best day** of the closing weeks: {day}",
  "maths.peak": "**Peak**: {day}",
  "maths.peak.since": "**Peak** since {from}, where the daily record starts: {day}",
  "maths.peak.bought": "**Peak** since {from}, the day of buying: {day}",
  "maths.first-lambo-day": "**First Lambo day** after the opening weeks: {day}",
  "maths.notes": "**Good to know**",
  "maths.sources": "**Prices from**",
  "maths.source": "{source}: {from} to {to}",
  "maths.car": "**Car**: {car}, {price}",
  "maths.car.source": "**Car**: {car}, {price} ({source}, checked {day})",

  "text.lambos": "Lambos",
  "text.profit": "Profit",
  "text.first-lambo-day": "First Lambo day",
  "text.best-day": "Best day",
  "text.peak": "Peak",
  "text.peak.bought": "Peak since then",
  "text.stake-for-one": "Stake for one",
  "text.stake-for-one.none": "none: the coin did not grow",
  "text.prices": "Prices",
  "text.note": "Note",
  "text.lambos-at": "{lambos} at {price} ({car})",
  "text.day-at": "{day} at {price} ({lambos})",
  "text.source": "{name}, {from} to {to}",
  "text.source.link": "{name}, {from} to {to}, {url}",
  "text.footer": "Prices to {day} · for fun, not advice",

  "name.lambo": "lambo",
  "name.compare": "compare",
  "name.wen": "wen",
  "name.digest": "digest",
  "name.about": "about",
  "name.config": "config",
  "name.view": "view",
  "name.set": "set",
  "name.symbol": "symbol",
  "name.check": "check",
  "name.test": "test",
  "name.history": "history",
  "name.reset": "reset",
  "name.forget": "forget",
  "name.coin": "coin",
  "name.amount": "amount",
  "name.bought": "bought",
  "name.car": "car",
  "name.private": "private",
  "name.against": "against",
  "name.third": "third",
  "name.fourth": "fourth",
  "name.currency": "currency",
  "name.car-price": "car-price",
  "name.replies": "replies",
  "name.language": "language",
  "name.channel": "channel",
  "name.time": "time",
  "name.zone": "zone",
  "name.every": "every",
  "name.riddle": "riddle",
  "name.coins": "coins",
  "name.add": "add",
  "name.remove": "remove",
  "name.role": "role",
  "name.no-role": "no-role",
  "name.enabled": "enabled",
  "name.what": "what",

  "command.lambo":
    "If you had bought a coin when it was first listed: could you buy a Lamborghini today?",
  "command.lambo.coin": "Name or symbol; leave it out for a surprise from the hundred largest",
  "command.lambo.amount":
    "What you would have spent; leave it out for the server's usual stake, or 1,000",
  "command.lambo.bought":
    "Day of buying instead of the listing: a date, “a year ago”, “peak” (the worst moment) or “joined”",
  "command.lambo.car": "Which Lamborghini to count in",
  "command.lambo.private": "Show the answer only to you",
  "command.lambo-check": "Lambo check",
  "lambo-check.none":
    "No coin is named in that message. This looks for names such as Bitcoin, symbols with a dollar sign such as $DOGE, and coins' pages at CoinGecko and CoinMarketCap.",
  "command.wen": "What one coin would have to be worth for one Lambo",
  "command.compare": "Two to four coins side by side: which one would have bought more Lambos?",
  "command.compare.coin": "Name or symbol of a coin",
  "command.compare.against": "The coin to compare it with, or several: eth, doge",
  "command.compare.third": "A third coin",
  "command.compare.fourth": "A fourth coin",
  "command.compare.amount":
    "What you would have spent on each; leave it out for the server's usual stake, or 1,000",
  "command.digest": "This server's Lambo leaderboard as it stands now, for your eyes only",
  "command.digest.servers-only": "Digests are for servers: ask again in one.",
  "command.about":
    "Where the numbers come from, what is stored and how to delete it, and how to get this bot",
  "command.config": "How the bot behaves on this server",
  "command.config.view": "Everything that is set here, and when the next digest comes",
  "command.config.set": "Currency, stake, car and visibility of answers",
  "command.config.set.currency": "Currency of all amounts here, such as EUR",
  "command.config.set.amount": "Stake when a member names none, in this server's currency",
  "command.config.set.car": "Which Lamborghini to count in",
  "command.config.set.car-price": "A car price of your own instead, in this server's currency",
  "command.config.set.replies": "Who sees an answer when the member does not say",
  "command.config.set.replies.public": "public: everybody in the channel",
  "command.config.set.replies.private": "private: only the member who asked",
  "command.config.set.language": "Language of digests and notices here, such as German",
  "command.config.digest": "The daily digest: where, when, about which coins",
  "command.config.digest.channel": "Where it is posted",
  "command.config.digest.time": "When, in the digest's time zone, such as 09:00 or 9pm",
  "command.config.digest.zone": "Time zone: a city, a country or an IANA name, such as Berlin",
  "command.config.digest.every":
    "How often: every day, on weekdays, weekly on a day, or only when there is news",
  "command.config.digest.riddle": "With a chart without a name, and five buttons to guess its coin",
  "command.config.digest.riddle.on": "on",
  "command.config.digest.riddle.off": "off",
  "command.config.digest.coins":
    "Up to {most} coins to replace the current list, such as btc eth doge",
  "command.config.digest.coins.full": "That is {most} coins, the most there can be",
  "command.config.digest.add": "One more coin at the end of the list",
  "command.config.digest.remove": "A coin to take off the list",
  "command.config.digest.remove.no-list": "No list has been chosen here: choose one with coins:",
  "command.config.digest.role": "A role to mention with it",
  "command.config.digest.no-role": "Stop mentioning a role",
  "command.config.digest.enabled": "Switch it on or off",
  "command.config.symbol": "Which coin a symbol means on this server",
  "command.config.symbol.symbol": "Such as UNI",
  "command.config.symbol.symbol.set": "{symbol} · means {coin} here",
  "command.config.symbol.coin":
    "The coin it means; leave it out to go back to what it means everywhere",
  "command.config.check":
    "Whether the digest can be posted and prices are there, and what happened lately",
  "command.config.test": "Post today's digest now; today's own post still comes",
  "command.config.test.private": "Show it only to you instead of posting it",
  "command.config.history": "The last {count} changes: when, who and what",
  "command.config.reset": "Back to the defaults: everything, or one choice",
  "command.config.reset.what": "What goes back to its default; leave it out for everything",
  "command.config.forget": "Delete everything that is stored about this server",
  "reset.everything": "everything",
  "reset.currency": "currency",
  "reset.amount": "amount",
  "reset.car": "car",
  "reset.replies": "replies",
  "reset.language": "language",
  "reset.digest-channel": "digest channel",
  "reset.digest-time": "digest time",
  "reset.digest-zone": "digest zone",
  "reset.digest-days": "digest days",
  "reset.digest-riddle": "digest riddle",
  "reset.digest-coins": "digest coins",
  "reset.digest-mention": "digest mention",

  "config.servers-only": "`/config` works only in servers: use it in one of yours.",
  "config.admins-only": "Only members with *Manage Server* can use `/config`.",
  "config.no-token":
    "This bot answers commands only: it runs without a bot token, so it cannot post a digest. Whoever runs it can set DISCORD_TOKEN.",
  "config.unchanged": "{why} Nothing was changed.",
  "config.saved": "Saved",
  "config.saved.not-postable": "Saved, but it cannot be posted yet",
  "config.note": "ℹ️ {note}",

  "view.title": "What is set on this server",
  "view.trouble": "⚠️ {trouble} `/config check` shows what to do.",
  "view.answers": "Answers",
  "view.currency": "**Currency** {currency} {mark}",
  "view.currency.no-rate":
    "**Currency** {currency} {mark}: no exchange rate right now, so the usual 1,000 USD and the usual car apply until there is one",
  "view.stake": "**Stake** {stake} {mark}",
  "view.stake.typed": "**Stake** {stake} {mark} as {typed}",
  "view.car": "**Car** {car}, {price} {mark}",
  "view.car.typed": "**Car** {car}, {price} {mark} as {typed}",
  "view.replies": "**Replies** {replies, select, private {private} other {public}} {mark}",
  "view.language": "**Language** {language} {mark}",
  "view.digest": "Digest",
  "view.digest.enabled": "**Digest** {state, select, on {on} other {off}} {mark}",
  "view.channel": "**Channel** {channel} {mark}",
  "view.channel.none": "**Channel** none {mark}",
  "view.every": "**Comes** {every} {mark}",
  "view.riddle": "**Riddle** {state, select, on {on} other {off}} {mark}",
  "view.time": "**Time** {time} {mark}",
  "view.zone": "**Zone** {zone} {mark}",
  "view.mentions": "**Mentions** {role} {mark}",
  "view.mentions.nobody": "**Mentions** nobody {mark}",
  "view.next": "**Next** {at} ({relative}), then {later}",
  "view.next.news":
    "**Next** as soon as a coin on the list crosses one Lambo or sets a new peak; checked {at} ({relative}), then {later}",
  "view.next.no-channel":
    "**Next** none until a channel is chosen: `/config digest channel:` does that",
  "view.next.off": "**Next** none: the digest is off, `/config digest enabled:True` switches it on",
  "view.next.none": "**Next** none",
  "view.last": "**Last** {entry}",
  "view.last.none": "**Last** none yet",
  "view.last.unknown": "**Last** not known: the record cannot be read now",
  "view.coins": "Digest coins",
  "view.coins.default": "the ten largest, without stablecoins",
  "view.coin.unlisted": "{coin} (not listed now)",
  "view.symbols": "Symbols with a meaning of their own",
  "view.footer": "Amounts are in the server's currency; catalogue cars are priced in US dollars.",
  "view.default": "· default",
  "view.set-here": "· *set here*",
  "view.more": "and {count} more",

  "rhythm.day": "every day",
  "rhythm.weekdays": "{first} to {last}",
  "rhythm.week": "every week on {day}",
  "rhythm.days": "every week on {days}",
  "rhythm.news": "when there is news",

  "digest-day.sent": "{day}: posted {when}",
  "digest-day.sent.link": "{day}: posted {when} in {link}",
  "digest-day.quiet": "{day}: no news, so nothing was posted",
  "digest-day.paused": "{day}: paused",
  "digest-day.paused.why": "{day}: paused: {why}",
  "digest-day.missed": "{day}: missed",
  "digest-day.missed.why": "{day}: missed: {why}",
  "digest-day.posting": "{day}: being posted now",
  "digest-day.trouble": "The digest is paused since {since}: {why}",

  "zone-suggestion": "{zone} · {time} now, UTC{offset}",
  "zone-suggestion.place": "{zone} ({place}) · {time} now, UTC{offset}",
  "trouble.no-access": "The bot cannot see {channel}: it needs View Channel there.",
  "trouble.no-permission":
    "The bot may not post in {channel}: it needs Send Messages, Embed Links and Attach Files there.",
  "trouble.unknown-channel": "The digest's channel no longer exists.",
  "trouble.archived-thread": "{channel} is an archived thread.",
  "trouble.wrong-kind": "{channel} is not a text or announcement channel.",
  "trouble.other": "Discord did not accept the message for {channel}.",
  "trouble.permissions": "In {channel} the bot lacks: {permissions}.",
  "permission.view-channel": "View Channel",
  "permission.send-messages": "Send Messages",
  "permission.send-messages-in-threads": "Send Messages in Threads",
  "permission.embed-links": "Embed Links",
  "permission.attach-files": "Attach Files",
  "permission.read-message-history": "Read Message History",
  "permission.mention-everyone": "Mention @everyone, @here, and All Roles",
  "trouble.message-refused":
    "Discord refused the message (code {code}): a fault of the bot, known to whoever runs it as incident {incident}.",
  "trouble.paused":
    "The daily digest is paused. {reason} It resumes by itself once that is put right: `/config check` says what is missing, and `/config digest` chooses another channel.",
  "trouble.paused.own-fault":
    "The daily digest is paused. {reason} You need not change anything: it is tried again today, and tomorrow at its usual time.",
  "missed.too-late": "It could not be posted within six hours of its time.",
  "missed.switched-off": "The digest was switched off or moved before it was posted.",
  "missed.restarted": "The bot was restarted.",
  "missed.no-prices": "The prices of its coins did not come in time.",
  "missed.unknowable":
    "The bot was interrupted while posting, and could not find out whether the digest was posted: it was not repeated.",
  "missed.token-refused": "Discord refused the bot's token: whoever runs the bot has to renew it.",
  "missed.rate-limited": "Discord asked the bot to slow down.",
  "missed.unreachable": "Discord could not be reached.",
  "missed.was-down":
    "The bot was not running, or not in this server, within six hours of its time.",
  "missed.unknown-zone": "The time zone {zone} is no longer known: choose another.",

  "set-answers.nothing-typed":
    "Name at least one thing to set, such as `/config set currency:EUR`.",
  "set-answers.default":
    "`/config reset what:{what}` puts the {what} back to its default; `/config set` takes a value.",
  "set-answers.amount-without-rate":
    "No exchange rate for {currency} is available right now, so an amount in it cannot be checked: try again later, or choose another currency with it.",
  "set-answers.stake": "That amount cannot be a stake: give one from {min} to {max}.",
  "set-answers.car-price": "No car costs that: give a price from {min} to {max}.",
  "set-answers.another-currency":
    "“{typed}” is in {named}, and this server counts in {currency}. Add `currency:{named}` to count in {named} from now on, or give the amount in {currency}.",
  "set-answers.two-currencies":
    "“{typed}” is in {named}, but `currency` says {currency}. Name the same currency in both.",
  "set-answers.car-and-price": "Give a car or a car price, not both.",
  "set-answers.replies": "Replies are either public or private.",
  "set-answers.unknown-language":
    "“{typed}” is not a language that I speak here: choose {languages}.",
  "set-answers.language":
    "Digests and notices are in the language of the server, answers in the language of whoever asks.",
  "set-answers.unknown-currency":
    "“{typed}” is not a currency known here: name one by its code, sign or name, such as `EUR`, `€` or `Swiss franc`.",
  "set-answers.unknown-currency.similar":
    "“{typed}” is not a currency known here. Did you mean {currencies}?",
  "set-answers.several-currencies":
    "“{typed}” is the name of several currencies: choose {currencies}.",
  "set-answers.currency": "{code} ({name})",
  "set-answers.no-rate":
    "There is no exchange rate for {currency}, so no amount could be counted in it: choose one of the suggestions, such as `EUR`.",
  "set-answers.no-rates":
    "There are no exchange rates right now, so the currency cannot be checked: try again in a few minutes.",
  "set-answers.car-price-gone": "The car price of {price} set here no longer applies.",
  "set-answers.amount-again":
    "The {what, select, stake {default stake} other {car price}} is {amount} again, as it was set.",
  "set-answers.amount-converted":
    "The {what, select, stake {default stake} other {car price}} of {amount} is now {converted}, worth about the same.",
  "set-answers.amount-unconverted":
    "The {what, select, stake {default stake} other {car price}} of {amount} cannot be converted right now: the usual one applies until it can.",
  "set-answers.usual-stake": "{few} would be worth {worth}, so the default stake is now {many}.",

  "set-digest.nothing-typed":
    "Name at least one thing to set, such as `/config digest time:9am zone:Berlin`. `/config view` shows the digest.",
  "set-digest.time":
    "“{typed}” is not a time of day: write one from 00:00 to 23:59, such as `09:00`, `9am`, `21h30` or `noon`.",
  "set-digest.time.with-zone":
    "“{typed}” is a time and a zone, which are two options: `time:{time}` and `zone:{zone}`.",
  "set-digest.every":
    "“{typed}” does not say how often the digest should come: write `day`, `weekdays`, one or more days such as `Friday` or `mon, thu`, `week` (on Mondays), or `news` (only when a coin crosses one Lambo or sets a new peak). To switch the digest off, use `enabled:False`.",
  "set-digest.every.with-time":
    "“{typed}” says how often and at what time, which are two options: `every:{every}` and `time:{time}`.",
  "set-digest.zone":
    "“{typed}” is not a time zone known here: name a large city, a country or an IANA zone, such as `Berlin`, `Japan` or `America/New_York`.",
  "set-digest.zone.unknown": "“{typed}” is not a time zone known here. Did you mean {zones}?",
  "set-digest.zone.several": "“{typed}” has more than one time zone: choose {zones}.",
  "set-digest.zone.offset":
    "“{typed}” stays the same all year, but most clocks change for the summer: choose the zone of a place that has it now, such as {zones}.",
  "set-digest.zone.offset.fixed":
    "“{typed}” stays the same all year, but most clocks change for the summer: choose the zone of a place that has it now, such as {zones}. If you do want {offset} all year, it is `{fixed}`.",
  "set-digest.zone.abbreviation":
    "“{typed}” stands for several times, and ignores summer time. Did you mean {zones}?",
  "set-digest.zone.abbreviation.fixed":
    "“{typed}” stays the same all year, whatever the clocks of a place do. Did you mean {zones}? If you do want {offset} all year, it is `{fixed}`.",
  "set-digest.channel-kind":
    "{channel} is {kind, select, voice {a voice channel} forum {a forum} thread {a thread} category {a category} other {no channel for messages}}: the digest needs a text or announcement channel.",
  "set-digest.channel.unknown":
    "That channel is not one of this server's, or was deleted: choose a text or announcement channel that is listed.",
  "set-digest.channel.no-access":
    "I cannot see that channel: give my role *View Channel* there, then try again.",
  "set-digest.channel.unavailable":
    "Discord cannot be asked about that channel right now: try again in a minute.",
  "set-digest.role.unknown":
    "That role is not one of this server's, or was deleted: choose one that is listed, or `no-role:True`.",
  "set-digest.role.no-access":
    "I cannot see that role: give my role *View Channel* there, then try again.",
  "set-digest.role.unavailable":
    "Discord cannot be asked about that role right now: try again in a minute.",
  "set-digest.role-and-none":
    "Choose a role to mention, or `no-role:True` to mention nobody, not both.",
  "set-digest.no-channel":
    "The digest needs a channel before it can be switched on: choose one with `channel:` as well.",
  "set-digest.no-coins":
    "Name at least one coin, such as `bitcoin`, or several, such as `btc, eth, doge`.",
  "set-digest.too-many-coins": "A digest has up to {most} coins, and that is {count}.",
  "set-digest.list-full":
    "A digest has up to {most} coins, and the list is full: {coins}. Take one off with `remove:`.",
  "set-digest.listed-already": "{coin} is on the list already.",
  "set-digest.not-listed": "{coin} is not on the list, which is {coins}.",
  "set-digest.not-listed.typed": "“{typed}” is no coin on the list, which is {coins}.",
  "set-digest.default-alone":
    "The ten largest change by themselves, so nothing can be added to them or taken off: choose `coins:default` alone, or name every coin, such as `coins:btc, eth, doge`.",
  "set-digest.last-coin":
    "That is the only coin on the list: name others with `coins:`, or `coins:default` for the ten largest.",
  "set-digest.no-list":
    "No list of coins was chosen here, so the digest shows the ten largest: choose a list with `coins:`, such as `coins:btc, eth, doge`.",
  "set-digest.saved":
    "The digest is **{state, select, on {on} other {off}}**, at {time} ({zone}), in {channel}.",
  "set-digest.saved.no-channel":
    "The digest is **{state, select, on {on} other {off}}**, at {time} ({zone}), nowhere yet: choose a channel.",
  "set-digest.coins": "**Coins** {coins}",
  "set-digest.mentions": "**Mentions** {role}",
  "set-digest.mentions.nobody": "**Mentions** nobody",
  "set-digest.coins.default": "**Coins** the ten largest, without stablecoins",
  "set-digest.comes": "**Comes** {every}",
  "set-digest.riddle": "**Riddle** {state, select, on {on} other {off}}",
  "set-digest.riddle.unread":
    "“{typed}” does not say whether there should be a riddle: choose `on` or `off`.",
  "set-digest.next-posts": "**Next posts**",
  "set-digest.next-looks":
    "**Next checks** (posted only when a coin on the list has crossed one Lambo or set a new peak)",
  "set-digest.warning": "❌ {warning}",
  "set-digest.check-again": "`/config check` looks again.",

  "set-symbol.symbol":
    "“{typed}” is not a symbol: a symbol has up to 20 characters and no spaces, such as UNI.",
  "set-symbol.not-set":
    "{symbol} has no meaning of its own on this server: name a coin with `coin:` to give it one.",
  "set-symbol.too-many":
    "A server can choose at most {most} symbols: put one back to its usual meaning first, with its `symbol:` and no `coin:`.",
  "set-symbol.saved": "On this server **{symbol}** now means **{coin}** (id:{coinId}).",
  "set-symbol.given-back": "**{symbol}** is back to what it means everywhere.",
  "typed-coin.taken": "“{typed}” was taken for {coin} (id:{coinId}).",

  "check.title.good": "All is well",
  "check.title.bad": "Something needs your attention",
  "check.permission":
    "**{permission}** is missing in {channel}. Open the settings of {channel}, *Permissions*, add my role and allow *{permission}*.",
  "check.permission.mention":
    "**{permission}** is missing in {channel}. Open the settings of {channel}, *Permissions*, add my role and allow *{permission}*, or let anyone mention {role} (*Server Settings*, *Roles*).",
  "check.no-digest": "There is no digest: `/config digest channel:` chooses where it is posted.",
  "check.channel-kind":
    "{channel} takes no digest: choose a text or announcement channel with `/config digest channel:`.",
  "check.can-post": "I can post in {channel}.",
  "check.own-fault":
    "Discord refuses what the digest says: that is my fault, and there is nothing to change here. `/config test` shows whether it still does.",
  "check.role-deleted":
    "The role that the digest mentions was deleted: choose another, or `/config reset what:digest mention`.",
  "check.off": "The digest is off: `/config digest enabled:True` switches it on.",
  "check.channel.unknown":
    "The digest's channel was deleted: choose another with `/config digest channel:`.",
  "check.channel.no-access":
    "I cannot see {channel}: open its settings, *Permissions*, add my role and allow *View Channel*.",
  "check.channel.unavailable":
    "Discord could not be asked about the digest's channel just now: try again in a minute.",
  "check.demo-prices": "Prices are the demo market's, which are invented.",
  "check.prices": "Prices are available: {sources} {count, plural, one {answers} other {answer}}.",
  "check.source-failed": "{failure}.",
  "check.source-failed.others": "{failure}; others stand in.",
  "check.budget-low":
    "The budget of {source} is low: {left} of {all} calls are left this minute, so answers may have to wait.",
  "check.no-rate":
    "The currency {currency} has no exchange rate right now, so the usual 1,000 USD and the usual car apply until there is one: `/config set currency:` chooses another.",
  "check.unlisted-coins": "Not listed now: {coins}. `/config digest coins:` chooses others.",
  "check.zones": "Time zones are up to date (IANA {version}).",
  "check.zones.old":
    "The time zones known here are {count, plural, one {{days} day} other {{days} days}} old (IANA {version}): where a government has changed the clocks since, the digest comes an hour off until this bot is updated.",
  "check.zones.unknown-age":
    "The time zones known here are of unknown age: where a government has changed the clocks since, the digest comes an hour off until this bot is updated.",
  "check.resumed": "▶️ The digest was paused; it has resumed.",
  "check.paused": "⏸️ {trouble}",
  "check.next": "**Next post** {at} ({relative})",
  "check.next.look": "**Next check for news** {at} ({relative})",
  "check.next.none": "**Next post** none",
  "check.latest": "**The last three**",
  "check.latest.none": "none yet",
  "check.latest.unknown": "not known: the record cannot be read now",

  "history.title": "The latest changes",
  "history.none": "Nothing has been changed on this server yet.",
  "history.unreadable": "The list of changes cannot be read now: {why}. Please try again later.",
  "history.reset": "everything back to the defaults (was {previous})",
  "history.default": "default",
  "history.enabled": "{state, select, on {on} other {off}}",
  "history.symbol": "symbol {symbol}",
  "history.currency": "currency",
  "history.stake": "default stake",
  "history.carKey": "car",
  "history.carPrice": "own car price",
  "history.replies": "replies",
  "history.language": "language",
  "history.digestEnabled": "digest",
  "history.digestChannelId": "digest channel",
  "history.digestTime": "digest time",
  "history.digestZone": "digest zone",
  "history.digestEvery": "digest days",
  "history.digestRiddle": "digest riddle",
  "history.digestRoleId": "digest mention",
  "history.digestCoins": "digest coins",

  "test.no-channel":
    "There is no channel to post into yet: choose one with `/config digest channel:`, or use `/config test private:True`.",
  "test.no-channel.set": "No channel is set yet: `/config digest channel:` chooses one.",
  "test.rate-limited": "Discord asks the bot to slow down: please try again in a minute.",
  "test.token-refused": "Discord refuses the bot's token: whoever runs the bot has to renew it.",
  "test.no-answer":
    "Discord did not answer in time: the test may or may not appear in the channel.",
  "test.unreachable": "Discord cannot be reached now: please try again in a minute.",
  "test.heading": "**Test** · nobody is pinged, and today's own digest still comes.",
  "test.heading.private": "**Test** · only you see it, and nothing is posted.",
  "test.posted": "Posted",
  "test.posted.text": "Here it is: {link}. Today's own post still comes.",

  "undo.button": "Undo the last change",
  "undo.redo": "Redo",
  "undo.done": "Put back",
  "undo.unknown":
    "That change is no longer in the list of changes, so it cannot be undone: `/config view` shows what is set.",
  "undo.undone": "That change was undone already: `/config history` shows by whom.",
  "undo.superseded":
    "{member} has changed the {setting} since, {when}, so nothing older is put back over that: `/config history` shows each change.",
  "undo.reset-since":
    "{member} has reset everything since, {when}, so nothing older is put back over that: `/config history` shows each change.",

  "confirm.keep": "Keep it",
  "confirm.kept": "Kept",
  "confirm.kept.text": "Nothing was changed.",
  "confirm.not-yours": "This button is not yours to press: ask with `/config` yourself.",
  "confirm.too-late": "This button was good for ten minutes: ask with `/config` again.",
  "reset.confirm": "Set everything back to its default?",
  "reset.confirm.text":
    "Currency, stake, car, replies, the meanings of symbols and the digest go back to their defaults; the digest is then off. `/config history` stays.",
  "reset.confirm.button": "Reset everything",
  "reset.done": "Reset",
  "reset.done.text":
    "Everything is back to its default, and the digest is off. `/config history` still shows what was changed.",
  "reset.done.one": "The {what} is back to its default. `/config view` shows everything.",
  "reset.unknown": "There is no such choice: take {choices}.",
  "forget.confirm": "Delete everything about this server?",
  "forget.confirm.text": `Everything stored about this server goes: what was set here, the meanings of symbols, the list of changes and the record of digests.
It goes at once and for good. The digest stops; \`/lambo\` carries on with the defaults.
The bot also forgets that it posted today's digest: if you set it up again today for a later time, it comes once more.`,
  "forget.confirm.button": "Delete everything",
  "forget.done": "Deleted",
  "forget.done.text":
    "Deleted at once and for good: {parts}. Nothing about this server is stored any more.",
  "forget.done.nothing": "Nothing was stored about this server, so there was nothing to delete.",
  "forget.settings":
    "{count, plural, one {{rows} row of settings} other {{rows} rows of settings}}",
  "forget.symbols": "{count, plural, one {{rows} symbol} other {{rows} symbols}}",
  "forget.changes": "{count, plural, one {{rows} recorded change} other {{rows} recorded changes}}",
  "forget.digests": "{count, plural, one {{rows} digest record} other {{rows} digest records}}",

  "page.skip": "Skip to the answer",
  "page.title": "{heading} · Dude, Where's My Lambo",
  "page.ask-again": "Ask another question",
  "page.add-to-discord": "Add to Discord",
  "page.api": "JSON API",
  "page.footer":
    "For fun, not advice: it looks back only, and says nothing about what a price will do. Nothing to do with Automobili Lamborghini.",
  "page.footer.links": "About these pages",
  "page.footer.languages": "Language",
  "page.home.title": "Dude, Where's My Lambo: what if you had bought it when it was listed?",
  "page.home.heading": "Dude, where's my Lambo?",
  "page.home.lead":
    "If you had bought a coin when it was first listed and sold it over the last month, could you buy a Lamborghini? Name a coin and find out.",
  "page.home.coins": "Start with one of the largest",
  "page.home.how": "How it is counted",
  "page.home.how.text":
    "The coin is bought at the average price of its first four weeks on record, and sold at the average of the last four. What the profit buys is counted in Lamborghinis.",
  "page.form.heading": "Ask the time machine",
  "page.form.again": "Ask again",
  "page.form.ask": "Where's my Lambo?",
  "page.form.coin": "Coin",
  "page.form.coin.hint": "A name or a symbol, such as bitcoin or DOGE",
  "page.form.stake": "What you would have spent",
  "page.form.stake.hint": "{usual} if you leave it empty; 1.5k, €500 or 500 GBP work too",
  "page.form.car": "Car",
  "page.form.car.hint": "Which Lamborghini to count in",
  "page.form.car.option": "{car}, {price}",
  "page.form.bought": "Bought from",
  "page.form.bought.hint":
    "The listing if you leave it empty; a day such as 17 Dec 2017, a year ago or peak",
  "page.demo.description": "{notice}. {story}",
  "page.answer.title": "{coin}: {verdict}",
  "page.tile.lambos": "Lambos",
  "page.tile.stake": "Stake",
  "page.tile.coins": "Coins ({symbol})",
  "page.tile.profit": "Profit",
  "page.tile.growth": "Growth factor",
  "page.chart.heading": "The price since then",
  "page.chart.title": "Price of {coin}",
  "page.chart.text":
    "From {firstPrice} on {first} to {lastPrice} on {last}; the highest close was {peakPrice} on {peak}.",
  "page.chart.caption.year":
    "The shaded days are those of buying and of selling. Each dot is the last close of a year: point at it, tap it or press Tab to read it.",
  "page.chart.caption.month":
    "The shaded days are those of buying and of selling. Each dot is the last close of a month: point at it, tap it or press Tab to read it.",
  "page.chart.caption.day":
    "The shaded days are those of buying and of selling. Each dot is the close of a day: point at it, tap it or press Tab to read it.",
  "page.chart.table": "The same as a table",
  "page.chart.day": "Day",
  "page.chart.price": "Price",
  "page.chart.lambos": "Worth",
  "page.chart.mark": "{day}: {price}, {lambos}",
  "page.chart.reading": "{price} · {lambos}",
  "page.chart.one-lambo": "1 Lambo",
  "page.share.heading": "Share it",
  "page.share.link": "Link to this answer",
  "page.share.copy": "Copy link",
  "page.share.copied": "Copied",
  "page.numbers.heading": "The numbers",
  "page.numbers.opening": "Bought",
  "page.numbers.closing": "Sold",
  "page.numbers.average": "{price} on average, {from} to {to}",
  "page.numbers.proceeds": "Proceeds",
  "page.numbers.car": "Car",
  "page.numbers.car-price": "{car}, {price}",
  "page.maths.heading": "Show the maths",
  "page.maths.coins": "Coins = stake ÷ average price of buying",
  "page.maths.profit": "Profit = coins × average price of selling − stake",
  "page.maths.growth": "Growth factor = profit ÷ stake",
  "page.maths.lambos": "Lambos = profit ÷ price of the car, and never less than 0",
  "page.notes.heading": "Good to know",
  "page.sources.heading": "Where the prices come from",
  "page.sources.coingecko": "Data provided by CoinGecko",
  "page.sources.days": "{from} to {to}",
  "page.sources.licence": "Licence: {licence}",
  "page.other.stakes": "Another stake",
  "page.other.cars": "Another car",
  "page.other.namesakes": "Not this {symbol}?",
  "page.other.meant": "Not what you meant?",
  "page.refusal.choose": "Choose one",
  "page.refusal.unknown-coin": "No such coin",
  "page.refusal.ambiguous-coin": "Which one do you mean?",
  "page.refusal.invalid-amount": "That is not a stake",
  "page.refusal.invalid-car-price": "No car costs that",
  "page.refusal.unknown-car": "No such car",
  "page.refusal.no-rate": "No exchange rate right now",
  "page.refusal.too-new": "Too new to tell",
  "page.refusal.history-unavailable": "No usable price history",
  "page.refusal.prices-unavailable": "No prices right now",
  "page.refusal.bought-too-late": "Too soon to tell",
  "page.refusal.bought-in-gap": "No prices from those days",
  "page.refusal.unknown-currency": "No such currency",
  "page.refusal.unknown-currency.text":
    "“{typed}” is not a currency code: give one of three letters, such as EUR.",
  "page.refusal.invalid-bought": "Choose another day",
  "page.not-found": "There is nothing here",
  "page.not-found.text": "This address leads nowhere. Ask for a coin instead.",
  "page.unreadable-address": "This address cannot be read",
  "page.unreadable-address.text":
    "It is not well-formed: type it again, or ask for the coin here instead.",
  "page.too-many": "Too many questions",
  "page.too-many.text":
    "That was faster than this site can keep up with. Try again {seconds, plural, =1 {in a second} other {in {text} seconds}}.",
  "page.failed": "Something went wrong here",
  "page.failed.text":
    "It is not your fault. Try again in a minute; if it persists, report {incident}.",
  "picture-address.unsigned":
    "This address was not made by this site: open the page of the answer to see its picture.",
  "picture-address.outdated":
    "This was the picture of another day. The page of the answer has the current one: {url}",
  "picture-address.too-many":
    "Too many new pictures at once. Try again {seconds, plural, =1 {in a second} other {in {text} seconds}}.",
  "picture-address.failed":
    "The picture could not be made right now: the page says the same in words.",

  "playground.title": "Playground · Dude, Where's My Lambo",
  "playground.description": "Try the bot without Discord.",
  "playground.skip": "Skip to the message box",
  "playground.servers": "Servers",
  "playground.guild-note": "A made-up Discord server",
  "playground.channels": "Channels",
  "playground.channel": "Channel",
  "playground.voice-channel": "(voice channel)",
  "playground.unread": "new",
  "playground.topic.lambos": "Would it have bought one? Type / to ask.",
  "playground.topic.daily-digest": "A good place for the digest.",
  "playground.topic.locked": "The bot may see this channel, but not write here.",
  "playground.topic.voice": "A voice channel, where no digest fits.",
  "playground.who": "Who you are",
  "playground.you-are": "You are",
  "playground.member.owner": "You, owner of this server",
  "playground.member.robin": "Robin, a member without rights",
  "playground.language": "Your language",
  "playground.guild-language": "The server's language",
  "playground.you": "You",
  "playground.now-you-are": "You are now: {member}.",
  "playground.welcome": "Welcome to #{channel}!",
  "playground.welcome.text":
    "The bot, without Discord: the same commands, cards and prices, in a made-up server. Type / to begin, or start with one of these.",
  "playground.messages": "Messages",
  "playground.message-box": "Message box",
  "playground.no-script": "The playground needs JavaScript, as Discord does.",
  "playground.connected": "Connected again.",
  "playground.connected.draft": "Connected again. What you typed is still here.",
  "playground.channel-closed": "This channel cannot be opened here.",
  "playground.message-gone": "That message is gone.",
  "playground.send": "Send",
  "playground.not-read":
    "The bot does not read messages: choose {command} in this one's menu, or type / for commands.",
  "playground.not-offered": "/{command} is not offered to you here.",
  "playground.commands": "Commands",
  "playground.no-command": "No command is called that.",
  "playground.options": "Options",
  "playground.option-title": "{option}: {description}",
  "playground.leave": "Leave /{command}",
  "playground.press-enter": "Press Enter to send",
  "playground.press-enter.briefly": "Enter to send",
  "playground.more-options": "Further options left: {text}. Press Enter to send",
  "playground.more-options.briefly": "+{text} more",
  "playground.type-slash": "Type / for commands in #{channel}",
  "playground.type-slash.label": "Message #{channel}: type slash for commands",
  "playground.no-option": "/{command} has no option called {typed}.",
  "playground.no-option.left": "/{command} has no option called {typed}. It has: {options}.",
  "playground.required": "{option} is required.",
  "playground.nothing-typed": "Type / to see what the bot can do.",
  "playground.slash-missing": "Commands begin with a slash. Press Enter to send this one.",
  "playground.not-a-command": "That is no command here. Choose one from the list.",
  "playground.true": "True",
  "playground.false": "False",
  "playground.choose-from-list": "Choose {option} from its list.",
  "playground.number": "{option} is a number, such as 1000.",
  "playground.whole-number": "{option} is a whole number, such as 1000.",
  "playground.at-least": "{option} is at least {bound}.",
  "playground.at-most": "{option} is at most {bound}.",
  "playground.option.required": "{option}, required",
  "playground.option.optional": "{option}, optional",
  "playground.remove": "Remove {option}",
  "playground.choices": "Choices: {text}",
  "playground.unreachable": "The playground does not answer. Is npm start still running?",
  "playground.unreachable.notice":
    "The playground does not answer. Is npm start still running? This page tries again by itself.",
  "playground.not-sent": "Not sent: the playground cannot be reached.",
  "playground.not-sent.again":
    "Not sent: the playground cannot be reached. Press Enter to try again.",
  "playground.interaction-failed": "This interaction failed",
  "playground.no-response": "The application did not respond",
  "playground.used": "{by, select, you {{who} used {command}} other {{who} used {command}}}",
  "playground.used.on":
    "{by, select, you {{who} used {command} on {message}} other {{who} used {command} on {message}}}",
  "playground.used-button": "{by, select, you {{who} used a button} other {{who} used a button}}",
  "playground.used-button.on":
    "{by, select, you {{who} used a button on {message}} other {{who} used a button on {message}}}",
  "playground.thinking": "{bot} is thinking…",
  "playground.try-again": "Try again",
  "playground.edited": "(edited)",
  "playground.message-menu": "More on this message",
  "playground.apps": "Apps",
  "playground.app-tag": "APP",
  "playground.private": "Only you can see this",
  "playground.dismiss": "Dismiss message",
  "playground.jump": "Jump to the newest",
  "playground.jump.new":
    "{count, plural, one {{text} new message} other {{text} new messages}} · Jump to the newest",
  "playground.choose": "Choose",
  "playground.chosen": "{menu}: {chosen}",
  "playground.submit": "Submit",
  "playground.cancel": "Cancel",
  "playground.field-required": "This field is required.",
  "playground.went-wrong": "Something went wrong. Try again.",
  "playground.market.lost": "Not connected",
  "playground.market.lost.details": "the playground does not answer",
  "playground.market.demo": "Invented prices",
  "playground.market.demo.details": "the demo market",
  "playground.market.unknown": "Checking prices…",
  "playground.market.real": "Real prices",
  "playground.market.partly": "Some prices missing",
  "playground.market.silent": "No prices",
  "playground.market.label": "{state}: {details}",
  "playground.market.label.switch": "{state}: {details}. Press to switch",
  "playground.market.source-answers": "{source} answers",
  "playground.demo": "Demo market: every price here is invented.",
  "playground.demo.leave": "Back to real prices",
  "playground.silent": "No price source can be reached.",
  "playground.silent.help": "Check the network, or try the bot with invented prices.",
  "playground.silent.demo": "Use the demo market",
  "playground.plan.demo": "invented prices",
  "playground.plan.keyless": "CoinGecko without a key",
  "playground.plan.key": "CoinGecko ({plan} plan)",
  "playground.plan.by-way": "{coingecko}, by way of {host}",
  "playground.theme.light": "Switch to the light theme",
  "playground.theme.dark": "Switch to the dark theme",
  "playground.link.message": "#{channel} › message",
  "playground.link.invite":
    "This link is made up, as the bot here has no application of its own: in Discord, it would add the bot to a server or an account.",
  "playground.link.other": "This link is made up: what it leads to is not in Discord.",
  "playground.unknown": "unknown",
  "playground.discord-only": "This kind of menu is only shown by Discord.",
  "playground.spoiler": "Spoiler, press to show",
  "playground.invalid-date": "Invalid date",
  "playground.foreign-name":
    "This playground does not answer to the name “{host}”. Open the address that it printed.",
  "playground.foreign-page": "Only the playground's own page may ask this.",
  "playground.outdated-page": "This page is from before the playground was restarted. Reload it.",
  "playground.unlike-discord": "The page sent something that Discord would not send.",
  "playground.not-private": "Only private messages can be dismissed.",
  "playground.failed": "Something went wrong in the playground. Its log says what.",

  "refusal.choose-coin": "Choose a coin",
  "refusal.no-coin": "Name a coin, such as bitcoin or DOGE.",
  "refusal.unknown-coin":
    "No coin here is called “{typed}”. Check the spelling, or try its symbol.",
  "refusal.unknown-coin.suggestions": "No coin here is called “{typed}”. Did you mean {coins}?",
  "refusal.ambiguous-coin.menu":
    "Several coins answer to “{typed}”, such as {coins}. Choose the one you mean below.",
  "refusal.ambiguous-coin.ids":
    "Several coins answer to “{typed}”, such as {coins}. Ask again with the id of the one you mean.",
  "refusal.coin": "{name} ({symbol})",
  "refusal.coin.id": "{name} ({symbol}, id:{id})",
  "amount.none": "No amount was given. Type one such as 1000, 1.5k or {example}.",
  "amount.not-an-amount":
    "“{typed}” is not an amount. Type one such as 1000, 1.5k, {example} or 10 lakh.",
  "amount.several-amounts": "“{typed}” is more than one amount. Type one, such as {example}.",
  "amount.unknown-currency":
    "“{unknown}” is not a currency that can be used here. Name one by its sign or code, such as 500 USD, €500 or 500 MXN, or none for {currency}.",
  "amount.several-currencies":
    "“{typed}” names more than one currency. Name one, such as 500 EUR, or none for {currency}.",
  "amount.another-currency":
    "“{typed}” is in {named}, but the currency chosen beside it is {currency}. Leave one of the two out.",
  "amount.read-as": "“{typed}” was read as {amount}, not as {alternative}.",
  "bought.suggest.year-ago": "a year ago · {day}",
  "bought.suggest.peak": "Peak: the worst moment to buy",
  "bought.suggest.listing": "Listing: the first four weeks on record",
  "bought.suggest.server-joined": "Joined: the day you joined this server · {day}",
  "bought.suggest.account-made": "Joined: the day you made your Discord account · {day}",
  "bought.none":
    "No day was given. Write one such as {example}, Dec 2017, a year ago or peak, or leave it out for the listing.",
  "bought.not-a-day":
    "“{typed}” cannot be read as a day. Write one such as {example}, Dec 2017, a year ago or peak.",
  "bought.no-such-day": "There is no such day as “{typed}”. Write one such as {example}.",
  "bought.no-such-day.month":
    "There is no such day as “{typed}”: that month ends on {end}, which would do.",
  "bought.future":
    "{day} has not come yet, and this time machine only goes back. Choose a day up to {latest}.",
  "bought.today":
    "Today is not over yet, and an answer needs a week of prices. Choose a day up to {latest}.",
  "bought.too-early":
    "“{typed}” is before {earliest}, the day of the very first bitcoin, when there was nothing to buy. Choose a later day, such as {example}.",
  "bought.nobody-joined":
    "“{typed}” is a day that only Discord knows. Give the day itself, such as {example}.",
  "bought.read-as": "“{typed}” was read as {day}, not as {alternative}.",
  "bought.before-record": "{coin} was first priced on {day}, so it counts from there.",
  "bought.server-joined": "Bought from the day when the person who asked joined this server.",
  "bought.account-made":
    "Bought from the day when the person who asked made their Discord account.",
  "refusal.invalid-amount":
    "That amount cannot be spent: give one from {min} to {max}, such as 1000.",
  "refusal.invalid-car-price":
    "No car costs that: give a price from {min} to {max}, such as 200000.",
  "refusal.unknown-car": "That car is not in the showroom. Choose one of these: {cars}.",
  "refusal.outdated-control": "This button or menu no longer works. Ask again to get a fresh card.",
  "refusal.too-new":
    "{coin} was first priced on {firstDay}, and an answer needs a week of prices. Ask again on {day}.",
  "refusal.bought-too-late":
    "It is too soon to value {coin} bought from {day} on, because an answer needs a week of prices. Ask again on {again}, or choose a day up to {latest}.",
  "refusal.bought-too-late.peak":
    "{coin} set its highest close as recently as {day}, and an answer needs a week of prices from there. Ask again on {again}, or choose a day up to {latest}.",
  "refusal.bought-too-late.none":
    "It is too soon to value {coin} bought from {day} on, because an answer needs a week of prices. Ask again on {again}.",
  "refusal.bought-too-late.dead":
    "{coin} could hardly be bought on {day}: it was last priced on {last}, and an answer needs a week of prices. Choose a day up to {latest}.",
  "refusal.bought-too-late.dead.none":
    "{coin} could hardly be bought on {day}: it was last priced on {last}, and an answer needs a week of prices. Try another coin.",
  "refusal.bought-in-gap":
    "Too few prices of {coin} were recorded in the four weeks from {day} to say what it cost then. Choose another day, such as {days}.",
  "refusal.bought-in-gap.none":
    "Too few prices of {coin} were recorded in the four weeks from {day} to say what it cost then. Try another coin.",
  "refusal.too-many-coins":
    "That is {count} coins, and a comparison has room for {most}. Leave some out.",
  "refusal.too-few-coins": "Name at least two coins to compare, such as bitcoin and dogecoin.",
  "refusal.too-few-coins.one":
    "You have named only {coin}: name at least one more to compare it with.",
  "refusal.too-few-coins.left": "That leaves only {coin}, with nothing to compare it with. {why}",
  "refusal.too-few-coins.none": "None of these coins can be compared. {why}",
  "refusal.too-short":
    "{coin} was priced only from {first} to {last}, and an answer needs a week of prices. Try another coin.",
  "refusal.too-short.one-day":
    "{coin} was priced only on {day}, and an answer needs a week of prices. Try another coin.",
  "refusal.missing.all": "No price of {coin} is on record. Try another coin.",
  "refusal.missing.opening":
    "Too few prices of {coin} were recorded in its first four weeks to say what it cost. Try another coin.",
  "refusal.missing.closing":
    "Too few prices of {coin} were recorded in its last four weeks to say what it is worth. Try another coin.",
  "refusal.sources-differ":
    "{source} and {otherSource} do not agree on the price of {coin}, so any answer might be wrong. Try another coin.",
  "refusal.sources-apart":
    "The records of {coin} at {source} and {otherSource} have too few days in common to show that they mean the same coin. Try another coin.",
  "refusal.no-rate":
    "No exchange rate for {currency} is available right now, so an amount in it cannot be counted: try again later, or ask without an amount.",
  "refusal.no-coin-list":
    "The list of coins cannot be reached right now, so no coin can be found. Try again in a few minutes.",
  "refusal.no-coin-list.typed":
    "The list of coins cannot be reached right now, so “{typed}” cannot be looked up. Try again in a few minutes.",
  "refusal.prices-unavailable":
    "There are no prices for {coin} right now. Try again in a few minutes.",
  "refusal.prices-unavailable.why":
    "There are no prices for {coin} right now ({failures}). Try again in a few minutes.",
  "failure.unknown-coin": "{source} does not know the coin",
  "failure.not-allowed": "{source} does not include this in our plan",
  "failure.rate-limited": "{source} has had too many requests",
  "failure.credits-spent": "{source}'s allowance for this month is used up",
  "failure.unreachable": "{source} does not answer",
  "failure.bad-answer": "{source} sent something unreadable",
  "failure.distrusted": "{source} doubts its own prices",

  "about.title": "Dude, Where's My Lambo",
  "about.description": `If you had bought a coin when it was first listed: could you buy a Lamborghini today? Try \`/lambo coin:dogecoin amount:500\`.
Admins set up a server with \`/config\`. For fun, not advice.`,
  "about.sources": "Sources",
  "about.sources.demo":
    "This bot runs on its **demo market**: coins, names and prices are invented, and every answer says so.",
  "about.source.coingecko": "[Data provided by CoinGecko]({url})",
  "about.source.defillama": "[DefiLlama](https://defillama.com)",
  "about.source.coin-metrics":
    "[Coin Metrics](https://coinmetrics.io) ([CC BY-NC 4.0](https://creativecommons.org/licenses/by-nc/4.0/), averaged and scaled)",
  "about.source.kraken": "[Kraken](https://www.kraken.com)",
  "about.source.mt-gox": "[Mt. Gox's trade record](https://github.com/apsheronets/divananalit)",
  "about.source.frankfurter": "[Frankfurter](https://frankfurter.dev)",
  "about.stored": "What is stored",
  "about.stored.text":
    "**About you, nothing**, unless you change a server's settings: then your user id, the change and its time. **About a server**, its settings and when digests were posted.",
  "about.deleting": "How to delete it",
  "about.deleting.text":
    "`/config forget` deletes everything about a server at once. So does removing the bot, after 30 days.",
  "about.policies": "Privacy policy and terms",
  "about.policies.none":
    "Whoever runs this bot has them: `docs/privacy.md` and `docs/terms.md` of its source.",
  "about.add-to-server": "Add to a server",
  "about.add-to-account": "Use it everywhere yourself",
  "about.privacy": "Privacy",
  "about.terms": "Terms",
  "about.support": "Support",

  "picture.verdict.dead": "TOO LATE",
  "picture.verdict.moon-100": "YES",
  "picture.verdict.moon-10": "YES",
  "picture.verdict.yes": "YES",
  "picture.verdict.steady": "STEADY",
  "picture.verdict.loss": "NO",
  "picture.verdict.nearly": "NEARLY",
  "picture.verdict.part-way": "PART WAY",
  "picture.verdict.spare-parts": "SPARE PARTS",
  "picture.last-priced": "Last priced {day}",
  "picture.none.loss": "{lambos}, one bicycle",
  "picture.none.bus-stop": "{lambos}, one bus ticket",
  "picture.bought": "Bought {price}",
  "picture.sold": "Sold {price}",
  "picture.from": "{day} –",
  "picture.bought-from": "Bought {day} –",
  "picture.sold-from": "Sold {day} –",
  "picture.price-of-many":
    "{price} a {lot, select, million {million} billion {billion} trillion {trillion} quadrillion {quadrillion} other {quintillion}}",
  "picture.peak": "Peak {day}",
  "picture.first-lambo": "First Lambo {day}",
  "picture.first-lambo.short": "1st Lambo {day}",
  "picture.log-scale": "log scale",
  "picture.car.own-price": "Car at {price}",
  "picture.car.unnamed": "Your own car",
  "picture.compare.each": "{stake} each from its own listing · {car}",
  "picture.compare.each.short": "{stake} each from its own listing",
  "picture.compare.youngest": "{stake} each from {day} on · {car}",
  "picture.compare.youngest.short": "{stake} each from {day} on",
  "picture.compare.then": "{lambos} then",
  "picture.compare.alt":
    "{title}. {stake} put into each coin {from, select, each {over its first four weeks} other {over the four weeks from {day}}}, in Lambos ({car}): {coins}. One line for each coin on a log scale, from {first} to {last}, with a line at one Lambo; below {floor} Lambos they rest on the foot.",
  "picture.compare.alt.coin": "{coin} {lambos}",
  "picture.compare.alt.coin.dead": "{coin} {lambos} then, last priced {day}",
  "picture.since-yesterday": "since yesterday",
  "picture.since": "since {day}",
  "picture.for-sale": "FOR SALE",
  "picture.unnamed": "This coin",
  "picture.alt":
    "{coin}, {verdict}: {lambos} ({car}), drawn as {drawing}. The price line turns {stake} spent {opening} ({openingFrom} to {openingTo}, on average at {openingPrice} each) into {proceeds} over its last four weeks ({closingFrom} to {closingTo}, on average at {closingPrice} each), and marks {mark, select, peak {the peak} other {the first Lambo}} on {day}.",
  "picture.alt.at-once":
    "{coin}, {verdict}: {lambos} ({car}), drawn as {drawing}. The price line turns {stake} spent {opening} ({openingFrom} to {openingTo}, on average at {openingPrice} each) into {proceeds} over the same days, and marks {mark, select, peak {the peak} other {the first Lambo}} on {day}.",
  "picture.alt.dead": "too late, last priced {day}",
  "picture.alt.moon-100": "yes",
  "picture.alt.moon-10": "yes",
  "picture.alt.yes": "yes",
  "picture.alt.steady": "steady",
  "picture.alt.loss": "no",
  "picture.alt.nearly": "nearly",
  "picture.alt.part-way": "part of the way",
  "picture.alt.spare-parts": "spare parts",
  "picture.alt.scene.part":
    "the outline of {body, select, suv {an SUV} wedge {a wedge-shaped classic with a rear wing} temerario {a round-backed supercar} other {a long, low supercar}} in a garage, filled as far as the money goes",
  "picture.alt.scene.garage":
    "that many {body, select, suv {SUVs} wedge {wedge-shaped classics with rear wings} temerario {round-backed supercars} other {long, low supercars}} in a garage",
  "picture.alt.scene.fleet":
    "a garage full of {body, select, suv {SUVs} wedge {wedge-shaped classics with rear wings} temerario {round-backed supercars} other {long, low supercars}}, its door open to the moon",
  "picture.alt.scene.moon":
    "{body, select, suv {SUVs} wedge {wedge-shaped classics with rear wings} temerario {round-backed supercars} other {long, low supercars}} flying to the moon",
  "picture.alt.scene.landing":
    "{body, select, suv {SUVs} wedge {wedge-shaped classics with rear wings} temerario {round-backed supercars} other {long, low supercars}} parked on the moon, with the earth in the sky",
  "picture.alt.scene.loss": "an empty garage with a cat, a toy car and a bicycle",
  "picture.alt.scene.bus-stop":
    "a bus stop in the rain with a pigeon on the bench, and the car only on a poster",
  "picture.alt.scene.dead":
    "a tow truck taking {body, select, suv {an SUV} wedge {a wedge-shaped classic with a rear wing} temerario {a round-backed supercar} other {a long, low supercar}} away, past a for-sale sign",

  "picture.wen": "WEN LAMBO?",
  "picture.wen.times": "At {times}× its latest close",
  "picture.wen.percent": "At {percent} above its latest close",
  "picture.wen.there.times": "Already there, at {times}× what it takes",
  "picture.wen.there.percent": "Already there, by {percent}",
  "picture.wen.dead": "Too late, last priced {day}",
  "picture.wen.needed": "One Lambo",
  "picture.wen.latest": "Latest",
  "picture.wen.last": "Last",
  "picture.wen.closest": "Closest {day}, at {share}",
  "picture.wen.last-there": "Last there {day}",
  "picture.wen.highest": "Highest {day}",
  "picture.wen.no-day": "Only its first weeks so far",
  "picture.wen.alt":
    "{coin}: for {stake} spent {opening} to buy one Lambo ({car}), one coin would have to be worth {price}. {distance} {past} Drawn as a price line from {from} to {to} on a log scale, with the needed price as a dashed line, and a car filled in as far as the latest close reaches.",

  "leaderboard.stake": "{stake} IN THE FIRST WEEKS",
  "leaderboard.stake.short": "{stake} FROM THE START",
  "leaderboard.title": "LAMBO LEADERBOARD",
  "leaderboard.title.short": "LAMBOS",
  "leaderboard.alt":
    "Leaderboard of {day}, Lambos ({car}) for {stake} spent over each coin's first four weeks: {coins}.",
  "leaderboard.alt.coin": "{rank}. {coin}: {lambos}",
  "leaderboard.alt.coin.change": "{rank}. {coin}: {lambos} ({change} since yesterday)",
  "leaderboard.alt.coin.change.since": "{rank}. {coin}: {lambos} ({change} since {day})",
  "leaderboard.alt.empty": "no coins",

  "digest.title": "The Lambo leaderboard",
  "digest.story": "Coin of the day",
  "digest.no-news": "No coin on the list has crossed one Lambo or set a new peak.",
  "digest.no-news.preview":
    "No coin on the list has crossed one Lambo or set a new peak, so nothing would be posted.",
  "digest.news.title": "News from the garage",
  "digest.news.title.up": "{coin} bought its Lambo",
  "digest.news.title.down": "{coin} gave the keys back",
  "digest.news.title.peak": "{coin} set a new peak",
  "digest.news.up": "**{coin}** bought its Lambo on {day}: {lambos}.",
  "digest.news.down": "**{coin}** gave the keys back on {day}: {lambos}.",
  "digest.news.peak":
    "**{coin}** closed higher than ever on {day}: {price}, after {previous} on {previousDay}.",
  "digest.question": "**{stake}** in each coin's first four weeks would be, in Lambos:",
  "digest.question.since":
    "**{stake}** in each coin's first four weeks would be, in Lambos, with what changed since {day}:",
  "riddle.title": "Which coin is this?",
  "riddle.how":
    "Its price since {year}. Press the name you think it is: only you see whether you are right.",
  "riddle.right": "Right: it is {coin}.",
  "riddle.wrong": "Not {coin}. Try again?",
  "riddle.open": "See its card",
  "picture.riddle.alt":
    "The price of a coin without its name, as a line on a logarithmic scale from {from} to {to}. It was highest in {peak}; its latest close is {share} of that.",
  "digest.not-on-board": "Not on the board: {coins}.",
  "digest.coin-with-note": "{coin} ({note})",
  "digest.mover.change": "Moved most: {coin}, {percent} ({change})",
  "digest.mover.percent": "Moved most: {coin}, {percent}",
  "digest.crossing.up": "{coin} bought its Lambo: {previous} yesterday.",
  "digest.crossing.up.since": "{coin} bought its Lambo: {previous} on {day}.",
  "digest.crossing.down": "{coin} gave the keys back: {previous} yesterday.",
  "digest.crossing.down.since": "{coin} gave the keys back: {previous} on {day}.",
  "digest.more-lines": "…and {count} more.",
  "digest.story.first-lambo": "First Lambo: {day}.",
  "digest.story.peak": "Highest close: {price} on {day}.",
  "digest.story.stake-for-one": "One Lambo would have taken {stake}.",
  "digest.absent.too-new": "first priced on {firstDay}, ask again on {day}",
  "digest.absent.no-longer-priced": "last priced on {day}",
  "digest.absent.unknown-coin": "no longer listed",
  "digest.absent.prices-unavailable": "no prices right now",
  "digest.absent.too-short": "priced for less than a week, to {day}",
  "digest.absent.missing.all": "no price on record",
  "digest.absent.missing.opening": "too few prices in its first four weeks",
  "digest.absent.missing.closing": "too few prices in its last four weeks",
  "digest.absent.sources-differ": "{source} and {otherSource} do not agree on its price",
  "digest.absent.sources-apart":
    "the records of {source} and {otherSource} have too few days in common",
  "digest.none.no-coin-list":
    "The list of coins cannot be reached right now, so there is no leaderboard. Try again in a few minutes.",
  "digest.none": "None of this server's coins can be counted in Lambos right now: {coins}.",
  "digest.none.out-of-bounds":
    "The server's stake or car price is out of bounds at today's rates. Choose another with /config set.",
  "digest.none.more":
    "None of this server's coins can be counted in Lambos right now: {coins} and {count} more.",
  "digest.old-prices": "Old prices, with no newer ones right now: {coins}.",
  "digest.old-prices.fetched": "{coin} (fetched {age})",
  "digest.old-prices.to": "{coin} (to {day})",
  "digest.outdated": "There are no newer prices right now, so no change is shown.",
  "digest.caveats": "⚠️ {coins}",
  "digest.mood.up.1": "A good day to look at brochures.",
  "digest.mood.up.2": "The imaginary salesperson has put on a tie.",
  "digest.mood.up.3": "The imaginary garage needs a bigger door.",
  "digest.mood.up.4": "More horsepower than last time, and still nothing to park.",
  "digest.mood.up.5": "Somebody is whistling in the workshop.",
  "digest.mood.up.6": "The garage cat has chosen a warmer bonnet.",
  "digest.mood.up.7": "The showroom has put out the good biscuits.",
  "digest.mood.up.8": "Everything in the imaginary garage is a little shinier.",
  "digest.mood.up.9": "There was a queue at the car wash.",
  "digest.mood.down.1": "The imaginary dealership offers coffee and sympathy.",
  "digest.mood.down.2": "A step back, as one does to admire the bodywork.",
  "digest.mood.down.3": "Reverse is a gear too.",
  "digest.mood.down.4": "The garage is quieter today. Nobody had to wash anything.",
  "digest.mood.down.5": "Downhill saves fuel.",
  "digest.mood.down.6": "The brochures have gone back in the drawer.",
  "digest.mood.down.7": "The convoy has stopped for sandwiches.",
  "digest.mood.down.8": "It rained on the imaginary open day.",
  "digest.mood.down.9": "The slow lane has better scenery.",
  "digest.mood.mixed.1": "Some went uphill, some went back for their gloves.",
  "digest.mood.mixed.2": "One window up, one window down.",
  "digest.mood.mixed.3": "The convoy has agreed to disagree.",
  "digest.mood.mixed.4": "Half the garage is polished, half is being looked for.",
  "digest.mood.mixed.5": "Traffic in both directions.",
  "digest.mood.mixed.6": "A foot on each pedal, and no clear winner.",
  "digest.mood.mixed.7": "The indicator is blinking on both sides.",
  "digest.mood.mixed.8": "Some parked higher, some parked lower. It is a multi-storey.",
  "digest.mood.mixed.9": "Opinions differ at the roundabout.",
  "digest.mood.still.1": "Engines off. You can hear the birds.",
  "digest.mood.still.2": "The cat is asleep on the bonnet.",
  "digest.mood.still.3": "Nothing moved. The handbrake works.",
  "digest.mood.still.4": "The only thing to move was the tea trolley.",
  "digest.mood.still.5": "Idle, but beautifully so.",
  "digest.mood.still.6": "No news from the road.",
  "digest.mood.still.7": "The dust has settled, and somebody has wiped it off.",
  "digest.mood.still.8": "All cars present, none of them moving.",
  "digest.mood.still.9": "The clock on the garage wall is ahead on points.",

  "terminal.usage": `Usage: npm run -s lambo -- <coin> [amount] [--bought DAY] [--currency CODE] [--car NAME] [--json] [--png FILE] [--locale LOCALE] [--demo]
       npm run -s lambo -- wen <coin> [amount] …  what one coin would have to be worth for one Lambo
       npm run -s lambo -- compare <coin> <coin>… [--amount AMOUNT] [--from each|youngest] [the same options]

  coin             name, symbol or CoinGecko id, such as dogecoin
  amount           stake, such as 1000, 1.5k, 500€ or 'EUR 500' (default {stake})
  --bought DAY     day of buying instead of the listing, such as 2017-12-17, 'a year ago' or peak
  --currency CODE  what the amount is in, unless it says so itself (default {currency})
  --car NAME       {cars} (default {car})
  --json           one JSON object instead of text
  --png FILE       write the picture to FILE
  --locale LOCALE  language and numbers, such as de or pt-BR (default: the environment's)
  --demo           invented prices, no network
  --help           this text
  --version        the version

Exit codes: 0 answered, 2 bad usage, 3 refused (unknown coin, too new…), 4 prices unavailable.`,
  "terminal.no-coin": "Name a coin.",
  "terminal.extra-argument":
    "There is one argument too many: “{argument}”. Put a name of several words in quotes.",
  "terminal.compare.from":
    "“{typed}” is no start for a comparison: give --from each or --from youngest.",
  "terminal.not-with-this": "“{option}” does not go with this question.",
  "terminal.unknown-option": "There is no option {option}.",
  "terminal.option-without-value": "{option} needs a value behind it.",
  "terminal.option-with-value": "{option} takes no value.",
  "terminal.unknown-locale": "“{typed}” is no language: give a locale, such as de, pt-BR or ja.",
  "terminal.unknown-currency": "“{typed}” is not a currency: give an ISO 4217 code, such as EUR.",
  "terminal.picture-not-written": "The picture cannot be written to {file}: {problem}",
} as const;
