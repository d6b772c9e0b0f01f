/** Labels and values beside each other, in languages, commands and sources: each says the same recipe. */
import { describe, expect, it } from 'vitest';
import { readTextRecipe } from '..';
import { SAID } from '../../recipe/infotext/testing/said';
import { without } from '../json-pairs';
import { oneLine } from './one-line';

const read = (text: string) => readTextRecipe(text);
const messages = (text: string) =>
  read(text)
    .notes.map(({ message }) => message)
    .join('\n');
const PLAIN = { ...without(SAID, 'sampler', 'schedule') } as Omit<typeof SAID, 'sampler' | 'schedule'>;

describe('labels on one line', () => {
  it.each([
    'Prompt: a stone bridge Neg: mist Steps: 18 CFG: 5.5 Sampler: DPM++ 2M Karras Seed: 77 576x704',
    'Prompt: a stone bridge, Negative: mist, Steps 18: no, Steps: 18; CFG: 5.5; Sampler: DPM++ 2M Karras; Seed: 77; Size: 576x704'.replace(
      ' Steps 18: no,',
      '',
    ),
    '/dream prompt:a stone bridge negative_prompt:mist steps:18 width:576 height:704 guidance_scale:5.5 sampler:DPM++ 2M Karras seed:77',
    '/imagine prompt: a stone bridge negative: mist steps: 18 size: 576x704 cfg: 5.5 sampler: DPM++ 2M Karras seed: 77',
    '/draw prompt:"a stone bridge" negative_prompt:mist data_model:foo steps:18 width:576 height:704 guidance_scale:5.5 sampler:DPM++ 2M Karras seed:77',
    'prompt=a stone bridge;negative=mist;steps=18;sampler=DPM++ 2M Karras;cfg=5.5;seed=77;size=576x704',
    'a stone bridge, Negative prompt: mist, Steps: 18, Sampler: DPM++ 2M Karras, CFG scale: 5.5, Seed: 77, Size: 576x704',
    'a stone bridge (neg: mist) [18 steps, cfg 5.5, seed 77, dpm++ 2m karras, 576x704]',
  ])('%s', (text) => expect(read(text).recipe).toMatchObject(SAID));

  it('may stand below the prompt', () => {
    const line = 'Seed : 77 | Scale : 5.5 | Steps : 18 | Img Width : 576 | Img Height : 704 | Negative Prompt : mist';
    expect(read(`a stone bridge\n\n${line}`).recipe).toMatchObject(PLAIN);
  });

  it('say what stands between them, and options of a command that mean nothing here', () => {
    const text = '/dream prompt:a cat steps:18 seed:77 and more of it width:512 height:512 style:anime';
    expect(messages(text)).toContain('and more of it');
    expect(read(text).recipe.unknown).toMatchObject({ style: 'anime' });
  });

  it.each([
    'a painting with the title: "steps: up", size: huge, model: tall woman',
    'Subject: a cat, steps: of stone, seed: of a tree, size: 12 feet',
    '(red:1.2), (blue:1.1), (green:1.3), masterpiece',
    'time 12:30, scale 1:100, (steps:1.2), (model:0.8)',
    'Steps: 18 Steps: 20 Seed: 1 CFG: 7',
  ])('are not %j', (text) => {
    expect(oneLine(text)).toBeUndefined();
    expect(read(text).recipe).toEqual({ prompt: text, negativePrompt: '' });
  });

  it('leave what A1111 reads', () => {
    const text = 'a cat\nNegative prompt: dog\nSteps: 18, Sampler: Euler a, Seed: 77, Custom thing: 5 Model: x';
    expect(messages(text)).not.toContain('between the settings');
  });
});

describe('labels of other languages', () => {
  it.each([
    ['German', 'Prompt|Negativer Prompt|Schritte|Sampler|CFG-Skala|Seed|Größe'],
    ['Turkish', 'İstem|Negatif istem|Adımlar|Örnekleyici|CFG Ölçeği|Tohum|Boyut'],
    ['Vietnamese', 'Prompt|Prompt tiêu cực|Số bước|Sampler|CFG|Seed|Kích thước'],
    ['Ukrainian', 'Промпт|Негативний промпт|Кроки|Семплер|CFG|Сід|Розмір'],
    ['Chinese of Taiwan', '正向提示詞|反向提示詞|步數|採樣器|CFG|種子|大小'],
    ['Dutch', 'Prompt|Negatieve prompt|Stappen|Sampler|CFG-schaal|Seed|Afmetingen'],
    ['Swedish', 'Prompt|Negativ prompt|Steg|Sampler|CFG-skala|Frö|Storlek'],
    ['Czech', 'Prompt|Negativní prompt|Kroky|Vzorkovač|CFG|Semínko|Velikost'],
    ['Hungarian', 'Prompt|Negatív prompt|Lépések|Mintavételező|CFG|Seed|Méret'],
    ['Finnish', 'Kehote|Negatiivinen kehote|Askeleet|Näytteistin|CFG|Siemen|Koko'],
    ['Romanian', 'Prompt|Prompt negativ|Pași|Eșantionator|CFG|Sămânță|Dimensiune'],
    ['Greek', 'Προτροπή|Αρνητική προτροπή|Βήματα|Δειγματολήπτης|CFG|Σπόρος|Μέγεθος'],
    ['Indonesian', 'Prompt|Prompt negatif|Langkah|Sampler|CFG|Benih|Ukuran'],
    ['Hebrew', 'פרומפט|פרומפט שלילי|צעדים|Sampler|CFG|זרע|גודל'],
  ])('%s', (_language, labels) => {
    const values = ['a stone bridge', 'mist', '18', 'DPM++ 2M Karras', '5,5', '77', '576x704'];
    const text = labels.split('|').map((label, i) => `${label}: ${values[i]}`);
    expect(read(text.join('\n')).recipe).toMatchObject(SAID);
  });
});

describe('labels of pages and posts', () => {
  it.each([
    [
      'with spaces alone',
      'a stone bridge\n\nSeed 77\nDimensions 576 × 704\nModel Foo v3\nGuidance scale 5.5',
      { negativePrompt: '', steps: undefined },
    ],
    [
      'glued together',
      'prompt: a stone bridge\nnegativeprompt: mist\nseed: 77\nsteps: 18\ncfgscale: 5.5\nwidth: 576\nheight: 704',
      {},
    ],
    [
      'a size alone',
      'Prompt:\na stone bridge\n\nNegative Prompt:\nmist\n\nSettings:\nSteps: 18\nCFG: 5.5\nSeed: 77\n576 x 704',
      {},
    ],
    ['letters of sides', 'Prompt: a stone bridge\nNegative: mist\nSteps: 18, CFG: 5.5, Seed: 77, W: 576, H: 704', {}],
    [
      'of full width',
      'a stone bridge\nNegative prompt: mist\nＳｔｅｐｓ：１８，CFG scale：５.５，Seed：７７，Size：５７６ｘ７０４',
      {},
    ],
    [
      'one step',
      'Prompt: a stone bridge\nNegative prompt: mist\nStep: 18\nGuidance: 5.5\nSeed: 77\nResolution: 576x704',
      {},
    ],
    ['dashes', 'Prompt - a stone bridge\nNegative prompt - mist\nSteps - 18\nCFG - 5.5\nSeed - 77\nSize - 576x704', {}],
    [
      'round brackets',
      '(Prompt) a stone bridge\n(Negative) mist\n(Steps) 18\n(CFG) 5.5\n(Seed) 77\n(Size) 576x704',
      {},
    ],
    [
      'settings first',
      'Steps: 18, CFG scale: 5.5, Seed: 77, Size: 576x704\n\na stone bridge\nNegative prompt: mist',
      {},
    ],
    [
      'empty lines',
      '**Prompt**: a stone bridge\n\n**Negative prompt**: mist\n\n*Steps*: 18, *CFG scale*: 5.5, *Seed*: 77, *Size*: 576x704',
      {},
    ],
    [
      'a card',
      '---\nlicense: mit\nwidget:\n- text: "a stone bridge"\n  parameters:\n    negative_prompt: mist\n    num_inference_steps: 18\n    guidance_scale: 5.5\n    seed: 77\n    width: 576\n    height: 704\n  output:\n    url: images/1.png\n---\n# Model',
      {},
    ],
  ])('%s', (_kind, text, other) => {
    const { steps, ...rest } = { ...PLAIN, ...other } as Partial<typeof SAID>;
    expect(read(text).recipe).toMatchObject({ ...rest, ...(steps === undefined ? {} : { steps }) });
  });
});

const INFOTEXT =
  'a stone bridge\nNegative prompt: mist\nSteps: 18, Sampler: DPM++ 2M Karras, CFG scale: 5.5, Seed: 77, Size: 576x704';
const ARGUMENTS = 'negative_prompt="mist", num_inference_steps=18, guidance_scale=5.5, width=576, height=704';
const JSON_LINES =
  '"prompt": "a stone bridge",\n"negative_prompt": "mist",\n"steps": 18,\n"cfg_scale": 5.5,\n"seed": 77,\n"width": 576,\n"height": 704';

describe('what stands around a text of A1111', () => {
  it.each([
    `### Image 1\n${INFOTEXT}`,
    `00012-4711.png\n${INFOTEXT}`,
    `C:\\Users\\me\\outputs\\00012-4711.png\n${INFOTEXT}`,
    `PNG Info\nparameters\n${INFOTEXT}`,
  ])('%s', (text) => {
    expect(read(text).recipe).toMatchObject(SAID);
    expect(messages(text)).toContain('What stands around the recipe is left out');
  });

  it.each([
    Buffer.from(INFOTEXT).toString('base64'),
    Buffer.from(INFOTEXT).toString('base64url'),
    `data:text/plain;base64,${Buffer.from(INFOTEXT).toString('base64')}`,
  ])('is base64: %s', (text) => expect(read(text).recipe).toMatchObject(SAID));

  it('is a value on the next line', () => {
    const broken = INFOTEXT.replace('Size: ', 'Size:\n').replace('CFG scale', 'CFG\nscale');
    expect(read(broken).recipe).toMatchObject(SAID);
  });

  it.each(['dpmpp_2m | karras', 'dpmpp_2m/karras', 'DPM++ 2M (Karras)', '"dpmpp_2m, karras"'])('is %s', (name) => {
    const text = INFOTEXT.replace('DPM++ 2M Karras', name);
    expect(read(text).recipe).toMatchObject(SAID);
    expect(messages(text)).not.toContain('not known here');
  });

  it('is said aloud', () => {
    const text =
      'A stone bridge, negative prompt: mist, rain, 18 steps, DPM plus plus 2M Karras, CFG 5.5, seed 77, 576 by 704';
    expect(read(text).recipe).toMatchObject({ ...SAID, prompt: 'A stone bridge', negativePrompt: 'mist, rain' });
  });
});

describe('sources of programs', () => {
  it.each([
    [
      'a call behind another',
      `pipe = StableDiffusionPipeline.from_pretrained("foo/bar")\npipe.to("cuda")\nimage = pipe("a stone bridge", ${ARGUMENTS}, generator=torch.manual_seed(77)).images[0]`,
    ],
    ['Python with a comma at the end', `payload = {\n${JSON_LINES},\n}\nr = requests.post(url, json=payload)`],
    [
      'JavaScript',
      'const params = { prompt: `a stone bridge`, negativePrompt: "mist", steps: 18, cfgScale: 5.5, seed: 77, width: 576, height: 704 };',
    ],
    [
      'a request',
      `await fetch("http://x/sdapi/v1/txt2img", { method: "POST", body: JSON.stringify({ ${JSON_LINES.replace(/"(\w+)":/g, '$1:')} }) });`,
    ],
    ['words behind it', `{${JSON_LINES}}\n\nHope it's of use!`],
    [
      'PowerShell',
      "$body = @{\n  prompt = 'a stone bridge'\n  negative_prompt = 'mist'\n  steps = 18\n  cfg_scale = 5.5\n  seed = 77\n  width = 576\n  height = 704\n} | ConvertTo-Json",
    ],
    [
      'a shell',
      'export PROMPT="a stone bridge"\nexport NEGATIVE_PROMPT="mist"\nSTEPS=18\nCFG_SCALE=5.5\nSEED=77\nWIDTH=576\nHEIGHT=704',
    ],
    [
      'a form',
      [
        'prompt|a stone bridge',
        'negative_prompt|mist',
        'steps|18',
        'cfg_scale|5.5',
        'seed|77',
        'width|576',
        'height|704',
      ]
        .map((pair) => `------X\r\nContent-Disposition: form-data; name="${pair.replace('|', '"\r\n\r\n')}\r\n`)
        .join('') + '------X--',
    ],
    [
      'elements',
      '<?xml version="1.0"?>\n<image><prompt>a stone bridge</prompt><negative_prompt>mist</negative_prompt><steps>18</steps><cfg_scale>5.5</cfg_scale><seed>77</seed><width>576</width><height>704</height></image>',
    ],
    [
      'attributes',
      '<image prompt="a stone bridge" negative_prompt="mist" steps="18" cfg_scale="5.5" seed="77" width="576" height="704"/>',
    ],
    [
      'cells with commas in numbers',
      '"prompt";"negative";"steps";"cfg";"seed";"width";"height"\n"a stone bridge";"mist";"18";"5,5";"77";"576";"704"',
    ],
    [
      'objects in objects',
      JSON.stringify({
        Prompt: 'a stone bridge',
        NegativePrompt: 'mist',
        SchedulerOptions: { InferenceSteps: 18, GuidanceScale: 5.5, Seed: 77, Width: 576, Height: 704 },
      }),
    ],
    [
      'sides by letters',
      JSON.stringify({
        meta: {
          H: 704,
          W: 576,
          guidance_scale: 5.5,
          negative_prompt: 'mist',
          prompt: 'a stone bridge',
          seed: 77,
          steps: 18,
        },
      }),
    ],
  ])('%s', (_kind, text) => expect(read(text).recipe).toMatchObject(PLAIN));

  it.each([
    `<svg xmlns="http://www.w3.org/2000/svg"><metadata>${INFOTEXT}</metadata><rect/></svg>`,
    `<?xml version="1.0"?>\n<svg><desc><![CDATA[${INFOTEXT}]]></desc></svg>`,
  ])('drawings: %s', (text) => expect(read(text).recipe).toMatchObject(SAID));

  it('have the model and the scheduler beside the call', () => {
    const scheduler = 'DPMSolverMultistepScheduler.from_config(pipe.scheduler.config, use_karras_sigmas=True)';
    const loads =
      'vae = AutoencoderKL.from_pretrained("x/vae")\npipe = AutoPipelineForText2Image.from_pretrained(\n  "foo/bar", vae=vae)';
    const text = `${loads}\npipe.scheduler = ${scheduler}\nimage = pipe(prompt="a stone bridge", ${ARGUMENTS}, generator=torch.manual_seed(77))`;
    expect(read(text).recipe).toMatchObject({ ...SAID, model: 'foo/bar' });
  });

  it("have a picture's size with its address", () => {
    const answer = {
      images: [{ url: 'https://x.example/a.png', width: 576, height: 704, content_type: 'image/png' }],
      seed: 77,
      prompt: 'a stone bridge',
    };
    expect(read(JSON.stringify(answer)).recipe).toMatchObject({
      prompt: 'a stone bridge',
      seed: 77,
      width: 576,
      height: 704,
    });
  });

  it("are Amazon's requests", () => {
    const texts = { text: 'a stone bridge', negativeText: 'mist' };
    const imageGenerationConfig = { numberOfImages: 1, height: 704, width: 576, cfgScale: 5.5, seed: 77 };
    const found = read(JSON.stringify({ taskType: 'TEXT_IMAGE', textToImageParams: texts, imageGenerationConfig }));
    expect(found.recipe).toMatchObject({
      prompt: 'a stone bridge',
      negativePrompt: 'mist',
      cfgScale: 5.5,
      seed: 77,
      width: 576,
    });
    expect(found.notes).toEqual([]);
  });

  it('are what Infinite Image Browsing says', () => {
    const meta = { Steps: '18', Sampler: 'DPM++ 2M Karras', 'CFG scale': '5,5', Seed: '77', Size: '576x704' };
    const said = { meta, pos_prompt: ['a stone bridge'], neg_prompt: ['mist'] };
    expect(read(JSON.stringify(said)).recipe).toMatchObject(SAID);
  });

  it('keep settings of parts apart', () => {
    const parts = { hires_settings: { steps: 5 }, refiner_options: { steps: 6 }, controlnet_params: { seed: 1 } };
    expect(read(JSON.stringify({ prompt: 'a cat', steps: 18, seed: 77, ...parts })).recipe).toMatchObject({
      steps: 18,
      seed: 77,
    });
    expect(read(JSON.stringify({ prompt: 'a cat', cfg_scale: 7, ...parts })).recipe.steps).toBeUndefined();
  });
});
