/**
 * The one of these locale codes that is closest to a locale, which may be any text: the same
 * language and region, else the same language in the same script; undefined when there is none.
 * Takes the forms of the environment too, such as `de_DE.UTF-8`.
 */
export function closestLocale<Code extends string>(
  locale: string,
  codes: readonly Code[],
): Code | undefined {
  const wanted = parsed(locale);
  if (wanted === undefined) return undefined;
  const known = codes.flatMap((code) => {
    const maximized = parsedCode(code);
    return maximized === undefined ? [] : [{ code, maximized }];
  });
  const related = known.filter(
    ({ maximized }) => maximized.language === wanted.language && maximized.script === wanted.script,
  );
  const same = related.find(({ maximized }) => maximized.region === wanted.region);
  if (same !== undefined) return same.code;
  // All Spanish outside Spain is closer to that of Latin America.
  return (related.find(({ maximized }) => maximized.region === "419") ?? related[0])?.code;
}

const parsedCodes = new Map<string, Intl.Locale | undefined>();

/** The codes to choose from are few, and the same again. */
function parsedCode(code: string): Intl.Locale | undefined {
  if (!parsedCodes.has(code)) parsedCodes.set(code, parsed(code));
  return parsedCodes.get(code);
}

function parsed(locale: string): Intl.Locale | undefined {
  try {
    const [code = ""] = locale.split(/[.@]/);
    const { language, script, region } = new Intl.Locale(code.replaceAll("_", "-")).maximize();
    // Discord writes Norwegian without saying which; Bokmål is what nearly everybody writes.
    const spoken = language === "nb" || language === "nn" ? "no" : language;
    return new Intl.Locale(spoken, {
      ...(script !== undefined && { script }),
      ...(region !== undefined && { region }),
    });
  } catch {
    return undefined;
  }
}
