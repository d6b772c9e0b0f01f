/**
 * Pictures that can be laid beside themselves without a seam. See fields.ts.
 * @see A1111 modules/sd_hijack.py, apply_circular; its key is "Tiling: True". Of tjm35/asymmetric-tiling-sd-webui: "Tile X" and "Tile Y", see infotext/asymmetric-tiling.ts
 */
import type { Field } from './field';
import type { ValueKind } from './value-kinds';

export const TILINGS = {
  none: { label: 'Off' },
  both: { label: 'All sides' },
  x: { label: 'Left and right' },
  y: { label: 'Top and bottom' },
} as const;

export type TilingId = keyof typeof TILINGS;

export const TILING_IDS = ['none', 'both', 'x', 'y'] as const satisfies readonly TilingId[];

const WORDS: Readonly<Record<string, TilingId | undefined>> = {
  ...{ true: 'both', false: 'none', x: 'x', y: 'y' },
  ...{ none: 'none', both: 'both', xy: 'both', '1': 'both', '0': 'none' },
  ...{ 'x-only': 'x', 'y-only': 'y' }, // SwarmUI's
};

/** A1111's word is True; one way alone is Gesso's own. */
const TILING: ValueKind<TilingId> = {
  name: 'True, X or Y',
  read: (text) => {
    const word = text.trim().toLowerCase();
    return Object.hasOwn(WORDS, word) ? WORDS[word] : undefined;
  },
  write: (id) => ({ none: 'False', both: 'True', x: 'X', y: 'Y' })[id],
};

export const TILING_FIELDS = {
  tiling: {
    kind: 'choice',
    label: 'Tiling',
    group: 'edges',
    choices: TILINGS,
    default: 'none',
    infotext: { key: 'Tiling', kind: TILING },
  },
} as const satisfies Record<string, Field>;

type Said = { [Id in 'tiling' | 'tiledMethod' | 'redraw']?: unknown };

const CUT = 'Tiling needs the whole picture at once, which tiled diffusion cuts';
const WAY_OUT = ': switch one of them off.';
export const TILING_AND_TILES = `${CUT}${WAY_OUT}`;

/** Why Tiling cannot be had as it is set: a sentence, or undefined. */
export function tilingProblem(said: Said): string | undefined {
  const reason = againstTiling(said);
  return reason && `${reason}${WAY_OUT}`;
}

/** The same without its end: what stands against it. */
export function againstTiling(said: Said): string | undefined {
  const [tiling, isTiled, redraws] = [said.tiling, said.tiledMethod, said.redraw].map(
    (one) => (one ?? 'none') !== 'none',
  );
  if (!tiling) return undefined;
  if (redraws) return 'Tiling joins the edges of each tile of Ultimate SD upscale';
  return isTiled ? CUT : undefined;
}
