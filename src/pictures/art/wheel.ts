const SPOKES = 5;

/** A wheel too far away for its spokes to be told apart. */
export function farWheel(centreX: number, centreY: number, radius: number, rim: string): string {
  return `<circle cx="${centreX}" cy="${centreY}" r="${radius}" fill="#0b0b0d"/><circle cx="${centreX}" cy="${centreY}" r="${radius * 0.72}" fill="${rim}"/><circle cx="${centreX}" cy="${centreY}" r="${radius * 0.5}" fill="#5b5f68"/><circle cx="${centreX}" cy="${centreY}" r="${radius * 0.16}" fill="${rim}"/>`;
}

/** A wheel seen from the side: tyre, rim, brake and forked spokes. */
export function wheel(
  centreX: number,
  centreY: number,
  radius: number,
  rim: string,
  caliper: string,
): string {
  const inner = radius * 0.74;
  const spokes = Array.from({ length: SPOKES }, (_, spoke) =>
    forkedSpoke(inner, (360 / SPOKES) * spoke - 90),
  ).join("");
  const r = (share: number): string => (radius * share).toFixed(1);
  return `<g transform="translate(${centreX} ${centreY})">
<circle r="${radius}" fill="#0b0b0d"/><circle r="${r(0.965)}" fill="none" stroke="#3a3c42" stroke-width="${r(0.03)}"/>
<circle r="${r(0.8)}" fill="#17181b"/><circle r="${r(0.78)}" fill="none" stroke="${rim}" stroke-width="${r(0.045)}"/>
<circle r="${r(0.56)}" fill="#4b4e55"/><circle r="${r(0.5)}" fill="#36383e"/>
<path d="M${r(-0.58)} ${r(-0.2)}A${r(0.62)} ${r(0.62)} 0 0 1 ${r(-0.16)} ${r(-0.6)}L${r(-0.1)} ${r(-0.38)}A${r(0.4)} ${r(0.4)} 0 0 0 ${r(-0.38)} ${r(-0.12)}Z" fill="${caliper}"/>
<path d="${spokes}" fill="${rim}"/>
<circle r="${r(0.15)}" fill="#22242a"/><circle r="${r(0.15)}" fill="none" stroke="${rim}" stroke-width="${r(0.03)}"/><circle r="${r(0.05)}" fill="${rim}"/></g>`;
}

function forkedSpoke(length: number, degrees: number): string {
  const outline = [
    [0.1, -0.11],
    [0.42, -0.1],
    [1, -0.24],
    [1, -0.12],
    [0.56, 0],
    [1, 0.12],
    [1, 0.24],
    [0.42, 0.1],
    [0.1, 0.11],
  ] as const;
  const cos = Math.cos((degrees * Math.PI) / 180) * length;
  const sin = Math.sin((degrees * Math.PI) / 180) * length;
  const places = outline.map(
    ([along, across]) =>
      `${(along * cos - across * sin).toFixed(1)} ${(along * sin + across * cos).toFixed(1)}`,
  );
  return `M${places.join("L")}Z`;
}

/** A wheel of the eighties: a deep disc with five round holes, like the dial of a telephone. */
export function dialWheel(centreX: number, centreY: number, radius: number, rim: string): string {
  const r = (share: number): string => (radius * share).toFixed(1);
  const holes = Array.from({ length: SPOKES }, (_, hole) => {
    const angle = ((360 / SPOKES) * hole - 90) * (Math.PI / 180);
    return `<circle cx="${(radius * 0.44 * Math.cos(angle)).toFixed(1)}" cy="${(radius * 0.44 * Math.sin(angle)).toFixed(1)}" r="${r(0.165)}"/>`;
  }).join("");
  return `<g transform="translate(${centreX} ${centreY})"><circle r="${radius}" fill="#0b0b0d"/><circle r="${r(0.965)}" fill="none" stroke="#3a3c42" stroke-width="${r(0.03)}"/>
<circle r="${r(0.76)}" fill="#6d727c"/><circle r="${r(0.69)}" fill="${rim}"/><circle r="${r(0.62)}" fill="none" stroke="#8d929c" stroke-width="${r(0.03)}"/><g fill="#22242a">${holes}</g>
<circle r="${r(0.16)}" fill="#8d929c"/><circle r="${r(0.1)}" fill="#22242a"/></g>`;
}
