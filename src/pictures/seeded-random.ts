/**
 * Numbers from 0 to 1 in Park and Miller's sequence, the same on every machine. The seed is a whole
 * number from 1 to 2,147,483,646.
 */
export function seededRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 16_807) % 2_147_483_647;
    return state / 2_147_483_647;
  };
}
