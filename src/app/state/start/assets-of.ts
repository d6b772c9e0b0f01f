/** The pictures that a request names, by their hashes: what it starts from, the mask of that, and what its units see. */
export interface Naming {
  initImage?: string | undefined;
  initMask?: string | undefined;
  control?: readonly { image?: string; more?: readonly string[]; mask?: string; region?: string }[] | undefined;
}

/** What stands in line, and a finished picture: a workflow may name others. */
export interface Painting {
  request: Naming;
  graph?: { images: readonly string[] };
}

export const paintingAssets = ({ request, graph }: Painting): string[] => [
  ...assetsOf(request),
  ...(graph?.images ?? []),
];

export const assetsOf = ({ initImage, initMask, control = [] }: Naming): string[] =>
  [
    initImage,
    initMask,
    ...control.flatMap(({ image, more = [], mask, region }) => [image, ...more, mask, region]),
  ].filter((hash) => hash !== undefined);
