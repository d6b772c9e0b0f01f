/** stable-diffusion.cpp: the JSON behind its infotext. @see leejet/stable-diffusion.cpp, examples/common, build_sdcpp_image_metadata_json */
import { asBag, without } from '../json-pairs';
import { isTrue, toNumber } from './draft';
import type { Program } from './program';

export const SD_CPP: Program = {
  name: 'stable-diffusion.cpp',
  isIts: (json) => String(json['schema']).startsWith('sdcpp.'),
  flatten(json) {
    const [prompt, sampling, models, hires] = ['prompt', 'sampling', 'models', 'hires'].map((key) => asBag(json[key]));
    const guidance = asBag(sampling?.['guidance']);
    const second = isTrue(hires?.['enabled']) && {
      hr_scale: hires?.['scale'],
      hr_upscaler: hires?.['upscaler'],
      hr_second_pass_steps: hires?.['steps'],
      denoising_strength: hires?.['denoising_strength'],
    };
    return {
      ...without(json, 'prompt', 'sampling', 'models', 'hires'),
      ...without(sampling ?? {}, 'guidance'),
      ...guidance,
      ...second,
      prompt: prompt?.['positive'],
      negative_prompt: prompt?.['negative'],
      model: models?.['model'] ?? models?.['diffusion_model'],
      vae: models?.['vae'],
    };
  },
  keys: {
    method: (value, draft) => draft.put('Sampler', value),
    slg: (value, draft) => {
      if ((toNumber(asBag(value)?.['scale']) ?? 0) !== 0) draft.note('slg', 'Skip layer guidance is not carried over.');
    },
  },
  // It says the strength for a picture to begin with whether there was one or not; distilled guidance is of other models.
  ignored: [
    'schema',
    'generator',
    'mode',
    'strength',
    'img cfg',
    'distilled guidance',
    'flow shift',
    'control strength',
  ],
};
