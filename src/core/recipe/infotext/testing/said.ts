/** The recipe that tests of other programs' texts say in their words. */
export const SAID = {
  prompt: 'a stone bridge',
  negativePrompt: 'mist',
  steps: 18,
  sampler: 'dpmpp_2m',
  schedule: 'karras',
  cfgScale: 5.5,
  seed: 77,
  width: 576,
  height: 704,
};
