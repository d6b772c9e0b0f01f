/** The pictures that a request names, by their hashes: what it starts from, and the mask of that. */
export const assetsOf = ({ initImage, initMask }: { initImage?: string; initMask?: string }): string[] =>
  [initImage, initMask].filter((hash) => hash !== undefined);
