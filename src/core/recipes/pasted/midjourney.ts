/** Descriptions of Midjourney: its parameters stand behind the prompt, and mean nothing here but `--no`. */
import type { Note, ParsedInfotext } from '../../recipe/infotext';

/** @see docs.midjourney.com/hc/en-us/articles/32859204029709-Parameter-List */
const FLAGS =
  'ar|aspect|chaos|c|cref|cw|dref|dw|draft|exp|fast|hd|iw|loop|motion|niji|no|oref|ow|p|personalize|profile|q|quality|raw|relax|repeat|r|sd|seed|sameseed|sref|stop|style|stylize|s|sv|sw|tile|turbo|uplight|upbeta|v|version|video|visibility|w|weird';
/** A value ends before its spaces: each run of them is looked through once. */
const PARAMETER = new RegExp(
  `(?<!\\s)\\s+(?:--|—|–)(${FLAGS})\\b(?:[ \\t]+([^\\s-—–](?:[^\\n]*?\\S)??))?(?=\\s+(?:--|—|–)|\\s*$)`,
  'gi',
);
/** What only Midjourney has. */
const TELLING =
  /(?:--|—|–)(?:ar|aspect|v|version|niji|stylize|s|chaos|sref|cref|oref|weird|style raw|iw|profile|personalize)\b/i;
const AROUND =
  /\*\*[ \t]*-[ \t]*(?:<?@|Image #|Variations|Upscaled|Zoom|Pan)[^\n]*$|(?<![ \t])[ \t]*Job ID: ?[0-9a-f-]{36}/gi;

/** Undefined where the text is none of Midjourney's. */
export function readMidjourney(text: string): ParsedInfotext | undefined {
  if (!TELLING.test(text) || text.length > 10_000) return undefined;
  const plain = text
    .trim()
    .replace(AROUND, '')
    .replace(/^\*\*/, '')
    .replace(/^\/imagine(?: prompt:?)?\s*/i, '');
  const negative: string[] = [];
  const left: string[] = [];
  const prompt = plain.replace(PARAMETER, (_, flag: string, value: string | undefined) => {
    if (flag.toLowerCase() === 'no' && value !== undefined) negative.push(value.trim());
    else left.push(`--${flag}${value === undefined ? '' : ` ${value.trim()}`}`);
    return '';
  });
  if (left.length === 0) return undefined;
  const notes: Note[] = [
    { key: 'Text', message: `Settings of Midjourney mean nothing here and are left out: ${left.join(' ')}.` },
  ];
  const [weight] = /\w::-?[\d.]*/.exec(prompt) ?? [];
  if (weight !== undefined)
    notes.push({
      key: 'Text',
      message: 'Weights of parts ("::") are Midjourney\'s: here they are words of the prompt.',
    });
  return { recipe: { prompt: prompt.trim(), negativePrompt: negative.join(', ') }, notes, hasParameters: false };
}
