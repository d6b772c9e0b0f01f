/**
 * Tiles in the words of the scripts, with keys of ours beside them for what they do not tell.
 *
 * @see Coyote-A/ultimate-upscale-for-automatic1111 add_extra_info; A1111 scripts/sd_upscale.py
 */
import { labelled, NUMBER, type ValueKind } from '../value-kinds';
import { fileStem } from '../own-vae';
import { REDRAW_FIELDS } from '../redraw-fields';
import type { RedrawFields } from '../redraw';
import { FIELD_DEFAULTS, fieldOf } from '../request';
import type { Note, Recipe } from '../recipe';

type RedrawId = keyof RedrawFields;

const ULTIMATE = 'Ultimate SD upscale';
const SIMPLE = 'SD upscale';

interface RedrawKey {
  id: RedrawId;
  word: string;
  /** Told by the script itself; what is not is told where it is not as usual. */
  isTold?: true;
  /** What is meant by texts that do not say it, where that is not the default. */
  unsaid?: unknown;
}

const told = (id: RedrawId, word: string): RedrawKey => ({ id, word, isTold: true });

const COMMON: readonly RedrawKey[] = [told('redrawUpscaler', 'upscaler')];
const TILES: readonly RedrawKey[] = [told('redrawTileWidth', 'tile_width'), told('redrawTileHeight', 'tile_height')];

const WORDS: Readonly<Record<typeof ULTIMATE | typeof SIMPLE, readonly RedrawKey[]>> = {
  [ULTIMATE]: [
    ...COMMON,
    ...TILES,
    told('redrawMaskBlur', 'mask_blur'),
    told('redrawPadding', 'padding'),
    { id: 'redraw', word: 'type', unsaid: 'linear' },
    // Its infotext has the size that the picture became.
    { id: 'redrawScale', word: 'scale', unsaid: 0 },
    { id: 'seamFix', word: 'seams_fix_type' },
    { id: 'seamFixDenoise', word: 'seams_fix_denoise' },
    { id: 'seamFixWidth', word: 'seams_fix_width' },
    { id: 'seamFixMaskBlur', word: 'seams_fix_mask_blur' },
    { id: 'seamFixPadding', word: 'seams_fix_padding' },
  ],
  [SIMPLE]: [told('redrawOverlap', 'overlap'), ...COMMON, ...TILES, { id: 'redrawScale', word: 'scale' }],
};

/** What does not act on the seams is not told. */
const ofSeams = (id: RedrawId): boolean => id.startsWith('seamFix') && id !== 'seamFix';

/** None where there are no tiles. */
export function writeRedraw(recipe: Recipe): [key: string, value: string][] {
  const { redraw = 'none', seamFix = 'none' } = recipe;
  if (redraw === 'none') return [];
  const program = redraw === 'overlap' ? SIMPLE : ULTIMATE;
  return WORDS[program].flatMap(({ id, word, isTold, unsaid }): [string, string][] => {
    const value = tileSide(recipe, id) ?? recipe[id] ?? FIELD_DEFAULTS[id];
    const isUsual = value === (unsaid ?? FIELD_DEFAULTS[id]);
    if ((isUsual && !isTold) || (ofSeams(id) && seamFix === 'none')) return [];
    return [[`${program} ${word}`, isByLanczos(recipe, id) ? 'Lanczos' : kindOf(id).write(value)]];
  });
}

/** A1111's own script makes nothing larger with None, and larger without a network with Lanczos. */
const isByLanczos = ({ redraw, redrawUpscaler, redrawScale }: Recipe, id: RedrawId): boolean =>
  id === 'redrawUpscaler' && redraw === 'overlap' && redrawUpscaler === 'none' && redrawScale !== 1;

/** A side of 0 is told as what it means. */
function tileSide(recipe: Recipe, id: RedrawId): number | undefined {
  if (id !== 'redrawTileWidth' && id !== 'redrawTileHeight') return undefined;
  const { redrawTileWidth = FIELD_DEFAULTS.redrawTileWidth, redrawTileHeight = FIELD_DEFAULTS.redrawTileHeight } =
    recipe;
  return id === 'redrawTileWidth' ? redrawTileWidth || redrawTileHeight : redrawTileHeight || redrawTileWidth;
}

function kindOf(id: RedrawId): ValueKind<unknown> {
  const field = fieldOf(id);
  if (id === 'redrawUpscaler') return UPSCALER;
  return field.kind === 'choice' ? labelled(field.choices) : (NUMBER as ValueKind<unknown>);
}

const named = labelled(REDRAW_FIELDS.redrawUpscaler.choices, true);

/** Lanczos and Nearest are no files; the picture is made as large by Lanczos after each of them. */
const PLAIN = /^(?:none|lanczos|nearest)$/i;

const UPSCALER: ValueKind<unknown> = {
  ...named,
  read: (text) => (PLAIN.test(text.trim()) ? 'none' : named.read(fileStem(text))),
  write: (value) => named.write(String(value)),
};

/** The mask of the tile that was painted last, which A1111 tells as if somebody had painted it. */
const OF_MASK = ['Mask blur', 'Inpaint area', 'Masked area padding', 'Mask mode', 'Masked content'];

/** What texts say of tiles, taken out of the values; undefined where they say nothing. */
export function takeRedraw(
  values: Map<string, string>,
): { settings: Partial<RedrawFields>; notes: Note[] } | undefined {
  const program = ([ULTIMATE, SIMPLE] as const).find((one) => values.has(`${one} upscaler`));
  if (program === undefined) return undefined;
  const notes: Note[] = [];
  const settings: Record<string, unknown> = { redraw: program === SIMPLE ? 'overlap' : 'linear' };
  if (program === ULTIMATE) takeSquare(values);
  const saysTile = values.has(`${program} tile_width`);
  const isSame = program === SIMPLE && !saysTile && /^none$/i.test(values.get(`${SIMPLE} upscaler`)?.trim() ?? '');
  if (isSame) settings['redrawScale'] = 1;
  for (const { id, word, unsaid } of WORDS[program]) {
    const key = `${program} ${word}`;
    const text = values.get(key);
    const value = text === undefined ? unsaid : kindOf(id).read(text);
    if (text !== undefined && value === undefined) continue;
    values.delete(key);
    if (value !== undefined && value !== FIELD_DEFAULTS[id]) settings[id] = value;
  }
  if (program === ULTIMATE) for (const key of OF_MASK) values.delete(key);
  else if (!saysTile) notes.push(...takeTile(values, settings));
  return { settings, notes };
}

/** Versions of its first weeks had squares. */
function takeSquare(values: Map<string, string>): void {
  const side = values.get(`${ULTIMATE} tile_size`);
  if (side === undefined || values.has(`${ULTIMATE} tile_width`)) return;
  values.set(`${ULTIMATE} tile_width`, side);
  values.set(`${ULTIMATE} tile_height`, side);
  values.delete(`${ULTIMATE} tile_size`);
}

/** Its infotext is that of the first tile: the size is a tile's, and nothing tells by how much the picture became larger. */
function takeTile(values: ReadonlyMap<string, string>, settings: Record<string, unknown>): Note[] {
  const [, width, height] = /^(\d{1,5})\s*[x×]\s*(\d{1,5})$/.exec(values.get('Size')?.trim() ?? '') ?? [];
  if (width !== undefined)
    Object.assign(settings, { redrawTileWidth: Number(width), redrawTileHeight: Number(height) });
  if (settings['redrawScale'] !== undefined) return [];
  return [
    {
      key: SIMPLE,
      message: 'By how much SD upscale made the picture larger is not in the text: 2 is taken, as usual.',
    },
  ];
}
