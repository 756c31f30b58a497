import { formatMoney } from "../../messages/format.ts";
import { say } from "../../messages/say.ts";
import { carName } from "../../messages/wording.ts";
import { USUAL_PURCHASE } from "../../questions/purchase.ts";
import { US_DOLLARS } from "../../valuation/currency.ts";
import {
  AVERAGE_LAMBO,
  carValue,
  findLamboModel,
  LAMBO_MODELS,
  parseCarValue,
} from "../../valuation/lambo-models.ts";
import type { PageFrame } from "./frame.ts";
import { type Html, html } from "./html.ts";
import type { TypedQuestion } from "./page-question.ts";

/** The fields of the form, by their names in its address. */
export type Field = "coin" | "stake" | "car" | "bought";

/** Options of {@link questionForm}. */
export type QuestionFormOptions = {
  readonly frame: Pick<PageFrame, "base" | "lang">;
  readonly heading: string;
  /** What stands in the fields. */
  readonly typed?: TypedQuestion | undefined;
  /** The field that has to be changed, and why. */
  readonly error?: { readonly field: Field; readonly text: string } | undefined;
  /** Names to choose a coin from while typing. */
  readonly coinNames?: readonly string[];
};

/** The form that asks a question: it is sent as an address, and needs no script. */
export function questionForm(
  { frame: { base, lang }, heading, typed, error, coinNames = [] }: QuestionFormOptions,
  locale: string,
): Html {
  const field = (name: Field, input: (attributes: Html) => Html) => {
    const isWrong = error?.field === name;
    const described = `${name}-hint${isWrong ? ` ${name}-error` : ""}`;
    const attributes = html`id="${name}" name="${name}" aria-describedby="${described}"${isWrong && html` aria-invalid="true"`}`;
    return html`<div class="field${isWrong && " wrong"}"><label for="${name}">${say(locale, `page.form.${name}`)}</label>${input(attributes)}<p class="hint" id="${name}-hint">${hintOf(name, locale)}</p>${isWrong && html`<p class="error" id="${name}-error">${error.text}</p>`}</div>`;
  };
  const text = (value: string | undefined, more: Html) => (attributes: Html) =>
    html`<input ${attributes} value="${value ?? ""}" autocomplete="off" autocapitalize="off" spellcheck="false" ${more}>`;
  const hasList = coinNames.length > 0;
  return html`<form action="${base}/c" method="get" aria-labelledby="form-title">
<h2 id="form-title">${heading}</h2>
${lang !== undefined && html`<input type="hidden" name="lang" value="${lang}">\n`}<div class="fields">
${field("coin", text(typed?.coin, html`required maxlength="300"${hasList && html` list="coins"`}`))}
${field("stake", text(stakeOf(typed), html`maxlength="100"`))}
${field("car", (attributes) => html`<select ${attributes}>${carOptions(typed, locale)}</select>`)}
${field("bought", text(typed?.bought, html`maxlength="100"`))}
</div>
${hasList && html`<datalist id="coins">${coinNames.map((name) => html`<option value="${name}"></option>`)}</datalist>`}
<p><button type="submit">${say(locale, "page.form.ask")}</button></p>
</form>`;
}

/** The stake with its currency, which has no field of its own. */
function stakeOf({ stake, currency }: Partial<TypedQuestion> = {}): string | undefined {
  return currency === undefined ? stake : `${stake ?? USUAL_PURCHASE.stake} ${currency}`;
}

function hintOf(name: Field, locale: string): string {
  return name === "stake"
    ? say(locale, "page.form.stake.hint", {
        usual: formatMoney(USUAL_PURCHASE.stake, US_DOLLARS, locale),
      })
    : say(locale, `page.form.${name}.hint`);
}

function carOptions(typed: TypedQuestion | undefined, locale: string): readonly Html[] {
  const chosen =
    typed?.car === undefined
      ? AVERAGE_LAMBO
      : (parseCarValue(typed.car) ?? findLamboModel(typed.car) ?? AVERAGE_LAMBO);
  const option = (value: string, name: string) =>
    html`<option value="${value}"${value === carValue(chosen) && html` selected`}>${name}</option>`;
  return [
    ...("ownPrice" in chosen ? [option(carValue(chosen), carName(chosen, locale, "plain"))] : []),
    ...LAMBO_MODELS.map((model) =>
      option(
        model.key,
        say(locale, "page.form.car.option", {
          car: carName(model, locale, "plain"),
          price: formatMoney(model.priceUsd, US_DOLLARS, locale),
        }),
      ),
    ),
  ];
}
