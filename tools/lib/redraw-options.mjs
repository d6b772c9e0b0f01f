/** Options of `npm run generate` for a picture that is painted over tile by tile. */

/** Options for a picture that is painted over tile by tile, with the setting that each is; the first brings the others. */
const OF_REDRAW = /** @type {const} */ ({
  ultimate: 'redrawScale',
  'ultimate-mode': 'redraw',
  'ultimate-upscaler': 'redrawUpscaler',
  'ultimate-tile-width': 'redrawTileWidth',
  'ultimate-tile-height': 'redrawTileHeight',
  'ultimate-padding': 'redrawPadding',
  'ultimate-mask-blur': 'redrawMaskBlur',
  'ultimate-overlap': 'redrawOverlap',
  'seams-fix': 'seamFix',
  'seams-fix-denoise': 'seamFixDenoise',
  'seams-fix-width': 'seamFixWidth',
  'seams-fix-mask-blur': 'seamFixMaskBlur',
  'seams-fix-padding': 'seamFixPadding',
});
const WORDS = ['ultimate-mode', 'ultimate-upscaler', 'seams-fix'];

export const REDRAW_OPTIONS = Object.keys(OF_REDRAW);
export const REDRAW_NUMBERS = REDRAW_OPTIONS.filter((name) => !WORDS.includes(name));

/** @param {Record<string, string | boolean | undefined>} given @returns {[id: string, value: string][]} */
export function readRedraw(given) {
  const said = Object.entries(OF_REDRAW).flatMap(([name, id]) => {
    const value = given[name];
    return typeof value !== 'string' ? [] : [/** @type {[string, string]} */ ([id, value])];
  });
  if (said.length > 0 && given['ultimate'] === undefined)
    throw new Error('Settings of tiles in pixels and of seams belong to --ultimate.');
  if (said.length === 0 || given['ultimate-mode'] !== undefined) return said;
  return [['redraw', 'linear'], ...said];
}
