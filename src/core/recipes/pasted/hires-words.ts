/** A line of a post about the second pass: "Hires. fix: 4x-UltraSharp, 15 steps, 0.4 denoise, 2x". */
import { trimSpace } from '../../prompt/characters';
import { canonicalKey } from '../../recipe/infotext/key-names';
import type { Pair } from '../../recipe/infotext/scan-pairs';
import type { PostSettings } from './post-settings';

const PARTS = /[,;|·•]|[ \t][-–—][ \t]|[ \t](?:and|with|w\/|using|via|at|@)[ \t]/;
const NUMBER = String.raw`(\d{1,3}(?:\.\d{1,4})?|\.\d{1,4})`;
const DENOISE = String.raw`(?:denois\p{L}*(?:[ \t]+strength)?|strength|ds)`;
const IS = String.raw`[ \t]*(?:[:=]|of)?[ \t]*`;
const FACTOR = String.raw`(\d(?:\.\d{1,3})?)`;
const UPSCALE = String.raw`(?:up-?scal(?:e|ed|ing)|scale|factor|enlarge|resize|times|size)`;

/** What a piece without a name can say; the first that fits counts. */
const WORDS: readonly (readonly [RegExp, string])[] = [
  [new RegExp(`^${NUMBER}[ \\t]*(?:hires[ \\t]+)?steps?$`, 'iu'), 'Hires steps'],
  [new RegExp(`^(?:hires[ \\t]+)?steps?${IS}${NUMBER}$`, 'iu'), 'Hires steps'],
  [new RegExp(`^${NUMBER}[ \\t]*${DENOISE}$`, 'iu'), 'Denoising strength'],
  [new RegExp(`^${DENOISE}${IS}${NUMBER}$`, 'iu'), 'Denoising strength'],
  [new RegExp(`^(?:cfg(?:[ \\t]+scale)?)${IS}${NUMBER}$`, 'iu'), 'Hires CFG Scale'],
  [new RegExp(`^(?:${UPSCALE}[ \\t]*)?(?:(?:by|to)[ \\t]*)?[x×][ \\t]*${FACTOR}$`, 'iu'), 'Hires upscale'],
  [
    new RegExp(`^(?:${UPSCALE}[ \\t]*)?(?:(?:by|to)[ \\t]*)?${FACTOR}[ \\t]*[x×](?:[ \\t]*${UPSCALE})?$`, 'iu'),
    'Hires upscale',
  ],
  [new RegExp(`^(?:${UPSCALE}[ \\t]*(?:by)?|by)${IS}${FACTOR}$`, 'iu'), 'Hires upscale'],
  [
    /^(?:(?:up-?scaled?|resized?|from[ \t]+\d{2,5}[ \t]*[x×][ \t]*\d{2,5})?[ \t]*to[ \t]+)?(\d{2,5}[ \t]*[x×][ \t]*\d{2,5})$/iu,
    'Hires resize',
  ],
  [/^(?:upscaler|upscale model|upscale method|model)[ \t]*[:=]?[ \t]+(.+)$/iu, 'Hires upscaler'],
];
/** Says that there is a second pass, and no more. */
const ON = /^(?:on|yes|true|enabled?|used|hires(?:\.? ?fix)?|upscaled?|default)$/i;
const OFF = /^(?:off|no|not|none|false|disabled?|without|didn'?t|i did(?:n'?t| not)|n\/a|-)(?![\p{L}\p{N}])/iu;
const PAIR = /^(\p{L}[\p{L}\p{N} _/().-]{0,40}?)[ \t]*[:=][ \t]*(.+)$/u;
/** "2x Latent (nearest)"; "4x UltraSharp" is a name. */
const FACTOR_FIRST = /^(\d(?:\.\d{1,3})?)[ \t]?[x×][ \t]+((?:latent|lanczos|nearest|bicubic|bilinear)\b.*)$/i;
/** Words of the names that upscalers have. */
const LIKE_UPSCALER =
  /\d ?x|x ?\d|esrgan|latent|lanczos|nearest|bicubic|sharp|swinir|ldsr|scunet|remacri|nmkd|siax|\bdat\b|span|upscal/i;
const HAS_LETTER = /\p{L}/u;

/** @param value what stands behind the name; the first piece that says nothing else is the upscaler */
export function hiresWords(value: string): PostSettings {
  if (OFF.test(trimSpace(value))) return { pairs: [], unread: [] };
  const isSaying = (piece: string): boolean => pairOf(trimSpace(piece)) !== undefined;
  const bare = value.replace(/[([]([^()[\]]{1,200})[)\]]/g, (whole, inner: string) =>
    inner.split(',').some(isSaying) ? `, ${inner},` : whole,
  );
  const pieces = bare.split(PARTS).map(trimSpace);
  const pairs: Pair[] = [];
  const unread: string[] = [];
  for (const piece of pieces) {
    if (piece === '' || ON.test(piece)) continue;
    const [, factor, latent] = FACTOR_FIRST.exec(piece) ?? [];
    if (factor !== undefined) {
      pairs.push({ key: 'Hires upscale', value: factor }, { key: 'Hires upscaler', value: latent });
      continue;
    }
    const pair = pairOf(piece);
    if (pair && !pairs.some(({ key }) => key === pair.key)) pairs.push(pair);
    else unread.push(piece);
  }
  if (pairs.length + unread.length === 0 && trimSpace(value) !== '')
    return { pairs, unread: [`Hires. fix: ${trimSpace(value)}`] };
  const isUpscaler = (piece: string): boolean =>
    !PAIR.test(piece) && HAS_LETTER.test(piece) && (pairs.length > 0 || LIKE_UPSCALER.test(piece));
  const at = unread.findIndex(isUpscaler);
  if (at >= 0 && !pairs.some(({ key }) => key === 'Hires upscaler')) {
    pairs.push({ key: 'Hires upscaler', value: unread[at] });
    unread.splice(at, 1);
  }
  return { pairs, unread };
}

function pairOf(piece: string): Pair | undefined {
  for (const [pattern, key] of WORDS) {
    const [, value] = pattern.exec(piece) ?? [];
    if (value !== undefined)
      return { key, value: key === 'Hires resize' ? value.replace(/[ \t]*[x×][ \t]*/, 'x') : value };
  }
  const [, name, value] = PAIR.exec(piece) ?? [];
  if (name === undefined) return undefined;
  const key = canonicalKey(`Hires ${name}`) ?? (/^(?:hires |denois)/i.test(name) ? canonicalKey(name) : undefined);
  return key === undefined ? undefined : { key, value: value.replace(/^[x×][ \t]*/i, '') };
}
