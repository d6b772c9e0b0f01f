/** What tests of other programs' texts say in their words, where no size is named. */
export const SAID_WITHOUT_SIZE = {
  prompt: 'a stone bridge',
  negativePrompt: 'mist',
  steps: 18,
  sampler: 'dpmpp_2m',
  schedule: 'karras',
  cfgScale: 5.5,
  seed: 77,
};

/** The recipe that tests of other programs' texts say in their words. */
export const SAID = { ...SAID_WITHOUT_SIZE, width: 576, height: 704 };
