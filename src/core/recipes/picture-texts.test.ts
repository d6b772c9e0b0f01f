import { describe, expect, it } from 'vitest';
import { readPictureRecipe, readTextRecipe } from '.';
import { node } from '../comfyui/testing/graphs';
import { SAID, SIZE, INVOKE, TEXT, GRAPH } from './testing/program-json';

describe('texts of pictures under other names', () => {
  const picture = (texts: Record<string, string>, more: object = {}) =>
    readPictureRecipe({ format: 'png', texts, problems: [], ...more });

  it.each<[string, Record<string, string>]>([
    [
      'Easy Diffusion’s labels',
      {
        Prompt: 'a stone bridge',
        'Negative Prompt': 'mist',
        Steps: '18',
        Sampler: 'dpmpp_2m',
        'Guidance Scale': '5.5',
        Seed: '77',
        Width: '576',
        Height: '704',
        'Stable Diffusion model': 'orchard',
        'Clip Skip': 'False',
        Scheduler: 'karras',
      },
    ],
    ['InvokeAI 1', { Dream: '"a stone bridge [mist]" -s 18 -S 77 -W 576 -H 704 -C 5.5 -A k_dpmpp_2m' }],
    [
      'InvokeAI 2',
      {
        'sd-metadata': JSON.stringify({
          model_weights: 'orchard',
          app_id: 'invoke-ai/InvokeAI',
          image: {
            prompt: [{ prompt: 'a stone bridge [mist]', weight: 1 }],
            steps: 18,
            cfg_scale: 5.5,
            height: 704,
            width: 576,
            seed: 77,
            sampler: 'k_dpmpp_2m',
            type: 'txt2img',
            variations: [],
          },
        }),
      },
    ],
    ['InvokeAI', { invokeai_metadata: JSON.stringify(INVOKE) }],
    [
      'Tensor.Art',
      {
        generation_data: JSON.stringify({
          prompt: 'a stone bridge',
          negativePrompt: 'mist',
          ...SIZE,
          samplerName: 'dpmpp_2m',
          steps: 18,
          cfgScale: 5.5,
          seed: '77',
        }),
      },
    ],
    ['an infotext in a description', { Description: TEXT }],
    ['an infotext in Windows’ comment', { XPComment: TEXT }],
  ])('%s', (_, texts) => {
    const said = Object.fromEntries(Object.entries(SAID).filter(([field]) => field !== 'schedule'));
    expect(picture(texts)?.recipe).toMatchObject(said);
  });

  it('never takes the XML of XMP for a prompt', () => {
    const xml = `<?xpacket begin=""?><x:xmpmeta><Iptc4xmpExt:AIPromptInformation>${TEXT}</Iptc4xmpExt:AIPromptInformation></x:xmpmeta>`;
    const texts = { 'XML:com.adobe.xmp': xml, 'Iptc4xmpExt:AIPromptInformation': TEXT };
    expect(picture(texts)?.recipe).toMatchObject(SAID);
    expect(readTextRecipe(xml).recipe).toMatchObject(SAID);
    expect(readTextRecipe(xml.replace(TEXT, 'words')).recipe.prompt).toBe('');
    expect(readTextRecipe(`charset=Unicode ${TEXT}`).recipe).toMatchObject(SAID);
  });

  it('takes no words of a comment for a recipe', () => {
    expect(picture({ Comment: 'Created with GIMP', Software: 'GIMP 2.10' })).toBeUndefined();
    expect(picture({ comment: 'Screenshot' }, { infotext: 'Screenshot' })).toBeUndefined();
  });

  it('prefers the graph to a saver’s text, and takes what only that knows', () => {
    const graph = JSON.stringify({
      ...GRAPH,
      '2': node('CLIPTextEncode', { text: ['8', 0], clip: ['1', 1] }),
      '8': node('Text Load Line From File', { file_path: 'a.txt' }),
    });
    const found = picture({}, { infotext: `${TEXT}, Model hash: 0123456789, Version: ComfyUI`, comfyPrompt: graph });
    expect(found).toMatchObject({ form: 'comfyui', recipe: { ...SAID, modelHash: '0123456789', noise: 'comfyui' } });
    expect(found?.notes.map(({ message }) => message).join()).toMatch(
      /Taken from the text beside ComfyUI's graph: prompt/,
    );
  });
});
