/** Keys of extensions in an infotext: they changed the picture, and a sentence names them. Others stay unknown, which is told too. */
import type { Note, Recipe } from '../recipe/infotext';

/** What extensions and forks put into infotexts, by how their keys begin. ControlNet and grids are read elsewhere. */
const EXTENSIONS: readonly (readonly [keys: RegExp, name: string])[] = [
  [/^ADetailer /, 'ADetailer'],
  [/^Detailer(?: |$)/, 'the detailer of SD.Next'],
  [/^(?:freeu_|FreeU(?: |$))/i, 'FreeU'],
  [/^hypertile[_ ]/i, 'HyperTile'],
  [/^RP [A-Z]/, 'Regional Prompter'],
  [/^(?:Forge Couple|forge_couple)/i, 'Forge Couple'],
  [/^(?:Tiled Diffusion|Tile (?:tile|batch|overlap)|Region \d|Method$|Tiled VAE)/i, 'Tiled Diffusion'],
  [/^(?:MultiDiffusion|multidiffusion_)/, 'MultiDiffusion'],
  [/^Ultimate SD upscale /i, 'Ultimate SD upscale'],
  [/^(?:dynthres_|Dynamic thresholding|Mimic |Threshold percentile|Scaling Startpoint)/i, 'Dynamic Thresholding'],
  [/^(?:kohya_hr(?!fix_(?:down|up)scale_method$)|Kohya )/i, 'Kohya HRFix'],
  [/^(?:deepshrink|DS Block)/i, 'Deep Shrink'],
  [/^(?:sag_|SAG )/i, 'Self-Attention Guidance'],
  [/^(?:pagi?_|PAG |CFG true$|CFG adaptive$)/i, 'Perturbed-Attention Guidance'],
  [/^(?:seg_|SEG )/i, 'Smoothed Energy Guidance'],
  [/^(?:perp_?neg|Perp-?Neg)/i, 'Perp-Neg'],
  [/^(?:latent_?modifier|Latent ?Modifier)/i, 'Latent Modifier'],
  [/^Shift$/, 'the shift of a flow model (Shift)'],
  [/^(?:Spectrum |spectrum_)/i, 'Spectrum'],
  [/^(?:TeaCache|First Block Cache|fbcache|MagCache|EasyCache)/i, 'a cache between steps'],
  [/^(?:CADS|cads_)/, 'CADS'],
  [/^(?:APG|apg_)/, 'Adaptive Projected Guidance'],
  [/^(?:ZeroStar|CFG-?Zero)/i, 'CFG-Zero*'],
  [/^Cutoff /, 'Cutoff'],
  [/^NegPiP/, 'NegPiP'],
  [/^(?:CD ?Tuner|cdt_)/i, 'CD Tuner'],
  [/^(?:layer_?diffuse|layerdiffusion)/i, 'LayerDiffuse'],
  [/^(?:IP-?Adapter|ip_adapter)/i, 'IP-Adapter'],
  [/^AnimateDiff/i, 'AnimateDiff'],
  [/^(?:ReActor|Face Swap)/i, 'a swapped face'],
  [/^Postprocess /, 'what was done to the picture afterwards'],
  [/^(?:CFG end|CFG start)$/, 'the steps in which guidance acts'],
  [
    /^Sampler (?:options|spacing|order|type|low order|beta|dynamic|rescale|range|shift|timesteps)/i,
    'options of the sampler',
  ],
  [/^(?:Detail Daemon|DD_)/, 'Detail Daemon'],
  [/^(?:Latent Couple|Composable LoRA)/i, 'Latent Couple'],
  [/^(?:FABRIC|Attention Couple|Incantations)/i, 'an extension of attention'],
  [/^Fooocus V2 Expansion$/i, "Fooocus' expansion of the prompt"],
  [/^(?:ADM Guidance|Sharpness)$/i, "Fooocus' guidance and sharpness"],
  [/^(?:Skimmed CFG|skimmed_)/i, 'Skimmed CFG'],
];
/** The extension was there, and switched off. */
const SWITCH = /(?:enabled|active|enable)$/i;
const OFF = /^(?:false|none|0|0\.0|\[\]|\{\}|)$/i;

/** What extensions say besides what is carried over, and the number with which it changes nothing. */
const USUAL: Readonly<Record<string, number | 'on'>> = {
  ...{ sag_enabled: 'on', sag_threshold: 1, freeu_start: 0, freeu_end: 1 },
  ...{ pagi_enabled: 'on', pagi_attenuation: 0, pagi_start_step: 0, pagi_end_step: 1 },
};

const isUsual = ([key, value]: [string, string]): boolean =>
  Object.hasOwn(USUAL, key) && (USUAL[key] === 'on' || Number(value) === USUAL[key]);

const TAG = /<(?:lora|lyco):([^:>\n]{1,200})/gi;

/** Savers of ComfyUI write tags for LoRAs that its nodes loaded; under its prompt syntax tags are words. */
function noteTags({ prompt, dialect, version = '' }: Recipe): Note[] {
  const names = [...new Set([...prompt.matchAll(TAG)].map(([, name]) => name))];
  if (dialect !== 'comfyui' || version.startsWith('gesso') || names.length === 0) return [];
  return [
    {
      key: 'LoRA',
      message: `Tags are words under ComfyUI's prompt syntax: of these LoRAs none is applied: ${names.join(', ')}.`,
    },
  ];
}

/** A1111's Loopback says these of each round, and not how many there were. @see A1111 scripts/loopback.py */
const OF_ROUNDS = ['Final denoising strength', 'Denoising curve'];

function noteRounds(unknown: Readonly<Record<string, string>>): Note[] {
  if (!OF_ROUNDS.some((key) => Object.hasOwn(unknown, key))) return [];
  const message =
    'It is one round of Loopback, which paints again what it has painted: from the picture of the round before, with this strength and seed.';
  return [{ key: 'Loopback', message }];
}

/** A sentence for all extensions that are left out, and one for tags that load nothing. */
export function noteLeftOut(recipe: Recipe): Note[] {
  const { unknown = {} } = recipe;
  const names = EXTENSIONS.filter(([keys]) => {
    const all = Object.entries(unknown).filter(([key]) => keys.test(key));
    const own = all.filter((pair) => !isUsual(pair));
    const isOff = all.some(([key, value]) => SWITCH.test(key) && OFF.test(value));
    return !isOff && own.some(([, value]) => !OFF.test(value));
  }).map(([, name]) => name);
  const tags = [...noteTags(recipe), ...noteRounds(unknown)];
  if (names.length === 0) return tags;
  return [...tags, { key: 'Extensions', message: `It was made with what is not carried over: ${names.join(', ')}.` }];
}
