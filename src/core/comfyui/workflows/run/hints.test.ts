/** Packs' preprocessors and savers, and seeds below 0. */
import { describe, expect, it } from 'vitest';
import { validatePrompt } from '../check';
import { compile, settingsOf, type Nodes } from '../testing/compiled';
import { promptFrom, TEXT_TO_PICTURE } from '../testing/prompts';

const SHOWN: Nodes = { '19': ['LoadImage', { image: 'a.png' }], '9': ['PreviewImage', { images: ['20', 0] }] };

describe('preprocessors of packs', () => {
  it.each<[Nodes[string], object]>([
    [
      ['CannyEdgePreprocessor', { image: ['19', 0], low_threshold: 0, high_threshold: 150, resolution: 640 }],
      { module: 'canny', thresholdA: 1, thresholdB: 150, resolution: 640 },
    ],
    [['HEDPreprocessor', { image: ['19', 0], safe: 'enable' }], { module: 'softedge_hedsafe', resolution: 512 }],
    [['LineArtPreprocessor', { image: ['19', 0], coarse: 'enable' }], { module: 'lineart_coarse', resolution: 512 }],
    [
      ['Scribble_XDoG_Preprocessor', { image: ['19', 0] }],
      { module: 'scribble_xdog', thresholdA: 32, resolution: 512 },
    ],
  ])('are those of sd-webui-controlnet: %j', (node, settings) => {
    expect(settingsOf({ ...SHOWN, '20': node }, 'make_hint')).toMatchObject([settings]);
  });

  it('tell the size of what they make', () => {
    const sized: Nodes = {
      '19': ['LoadImage', { image: 'a.png' }],
      '20': ['CannyEdgePreprocessor', { image: ['19', 0], resolution: 512 }],
      '21': ['GetImageSize', { image: ['20', 0] }],
      '5': ['EmptyLatentImage', { width: ['21', 0], height: ['21', 1], batch_size: 1 }],
    };
    // 640 × 400; a height of 512 is what is not said
    expect(settingsOf(sized, 'empty_latent')).toEqual([{ width: 819 }]);
  });
});

describe('preprocessors that are not drawn here', () => {
  it.each<[Nodes[string], string]>([
    [
      ['AIO_Preprocessor', { image: ['19', 0], preprocessor: 'Metric3D-DepthMapPreprocessor' }],
      'DepthAnythingV2Preprocessor comes nearest',
    ],
    [['AIO_Preprocessor', { image: ['19', 0], preprocessor: 'SAMPreprocessor' }], 'SAMPreprocessor does not run here'],
  ])('name what comes nearest: %j', (node, words) => {
    const { problems } = compile({ ...SHOWN, '20': node });
    expect(problems.map(({ message }) => message).join()).toContain(words);
  });

  it('also where the class is not known at all', () => {
    const node: Nodes[string] = ['Manga2Anime_LineArt_Preprocessor', { image: ['19', 0] }];
    const { problems } = validatePrompt(promptFrom({ ...TEXT_TO_PICTURE, ...SHOWN, '20': node }));
    expect(problems.map(({ message }) => message)).toEqual([
      '"Manga2Anime_LineArt_Preprocessor": Gesso does not know the node "Manga2Anime_LineArt_Preprocessor": nothing here draws so; AnimeLineArtPreprocessor comes nearest.',
    ]);
  });
});

it('Image Saver saves as PNG, in its folder, without its own marks', () => {
  const { pictures, notices } = compile({
    '9': ['Image Saver', { images: ['8', 0], filename: '%time_%seed-cat', path: 'cats/%date', extension: 'webp' }],
  });
  expect(pictures).toMatchObject([{ node: '9', isSaved: true, prefix: 'cats/cat' }]);
  expect(notices).toEqual(['Pictures are saved as PNG here, not as webp.']);
});
