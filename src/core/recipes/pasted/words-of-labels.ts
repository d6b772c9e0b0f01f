/** Words of pages and posts for the two prompts, and lines of pages that say nothing about a picture. */
import { canonicalKey, plainKey } from '../../recipe/infotext/key-names';

const PROMPT: ReadonlySet<string> = new Set([
  'prompt',
  'prompts',
  'positive prompt',
  'positive prompts',
  'positive',
  'positiveprompt',
  'pos prompt',
  'pos',
  'text prompt',
  'text prompts',
  'include in image',
  '正向提示词',
  '正面提示词',
  '提示词',
  'プロンプト',
]);

const NEGATIVE: ReadonlySet<string> = new Set([
  'negative prompt',
  'negative prompts',
  'negativeprompt',
  'negative',
  'neg prompt',
  'neg',
  'neg.',
  'negativ prompt',
  'negativer prompt',
  'exclude from image',
  '反向提示词',
  '负面提示词',
  'ネガティブプロンプト',
]);

/** "Negtive propmt". */
const MISSPELT = /^neg[a-z]{2,6} p(?:ro|or)[mp]{1,3}ts?$/;

/** What people call keys, and no program. */
const OF_POSTS: Readonly<Record<string, string>> = {
  step: 'Steps',
  res: 'Size',
  dimensions: 'Size',
  'width × height': 'Size',
  'width x height': 'Size',
  'width/height': 'Size',
  'model used': 'Model',
  'checkpoint used': 'Model',
  'sampler used': 'Sampler',
};

/** Buttons and headings around the texts. */
const IDLE: ReadonlySet<string> = new Set(
  `generation data,generation info,generation details,other metadata,metadata,parameters,copy,copy all,copied,show more,show less,more,less,
  creation settings,show full prompt,remix,resources used,resources,settings,details,image details,my settings,settings used,info,workflow,external generator,txt2img,img2img`
    .split(',')
    .map((word) => word.trim()),
);

export type Label = 'prompt' | 'negative' | { key: string };

/** Undefined where the word is no label. Width and height are keys of their own on pages. */
export function labelOf(word: string): Label | undefined {
  const plain = plainKey(word);
  if (PROMPT.has(plain)) return 'prompt';
  if (NEGATIVE.has(plain) || MISSPELT.test(plain)) return 'negative';
  if (Object.hasOwn(OF_POSTS, plain)) return { key: OF_POSTS[plain] };
  if (plain === 'width' || plain === 'height') return { key: plain };
  const key = canonicalKey(word);
  return key === undefined ? undefined : { key };
}

export const isIdle = (line: string): boolean => IDLE.has(plainKey(line.replace(/[^\p{L}\p{N} ]+/gu, ' ')));
