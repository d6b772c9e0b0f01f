/** What a link leaves out, by its version. Never change a version that is out: links are kept for years. */
export const LINK_VERSION = 1;

/** Version 1: the keys that stand first. Settings that are not here follow in the order of FIELDS; their defaults are pinned by the test. */
export const V1_ORDER: readonly string[] = ['p', 'n', 'm', 'mh', 'seed', 's', 'c', 'z', 'sm', 'sc', 'rng'];

/**
 * Version 1: the text that compressed texts are thought to follow, rare words first. Of A1111's keys and of the words that
 * prompts are full of.
 */
export const V1_DICTIONARY =
  'Version: v1.10.1Hires checkpoint: Hires sampler: Hires prompt: Variation seed strength: Mask blur: Inpaint area: ' +
  'Refiner switch at: Lora hashes: ": TI hashes: VAE hash: Denoising strength: 0., Hires upscale: 2, Hires steps: ' +
  'Hires upscaler: Latent R-ESRGAN 4x+ 4x-UltraSharp, watercolor, oil painting, concept art, digital painting, illustration, ' +
  'anime style, manga, sketch, line art, pixel art, 3d render, octane render, unreal engine, isometric, low poly, fantasy, ' +
  'sci-fi, cyberpunk, steampunk, vintage, retro, minimalist, surreal, trending on artstation, by greg rutkowski, alphonse mucha, ' +
  'photorealistic, realistic, photo of a woman, man, girl, boy, young, old, beautiful, cute, portrait of a , close-up, ' +
  'full body, upper body, looking at viewer, smile, long hair, short hair, blonde hair, black hair, brown hair, blue eyes, ' +
  'green eyes, dress, shirt, standing, sitting, outdoors, indoors, simple background, white background, forest, mountain, ' +
  'ocean, beach, city street, castle, house, garden, flowers, sky, clouds, sunset, sunrise, night, moonlight, rain, snow, ' +
  'cat, dog, horse, dragon, robot, car, ship, apple, red, blue, green, yellow, purple, orange, pink, golden, silver, ' +
  'natural lighting, soft lighting, dramatic lighting, cinematic lighting, volumetric light, rim light, bokeh, ' +
  'depth of field, 35mm, 85mm, f/1.8, film grain, sharp focus, intricate details, highly detailed, ultra detailed, ' +
  'extremely detailed, hyperrealistic, 8k, 4k, uhd, hdr, raw photo, dslr, professional, award winning, ' +
  'masterpiece, best quality, high quality, high resolution, absurdres, <lora::0.8> (:1.2), (:1.1), (:1.3), (:1.4), ' +
  'embedding:EasyNegative, badhandv4, nsfw, lowres, bad anatomy, bad hands, text, error, missing fingers, extra digit, ' +
  'fewer digits, cropped, worst quality, low quality, normal quality, jpeg artifacts, signature, watermark, username, blurry, ' +
  'artist name, deformed, disfigured, mutated, mutation, ugly, duplicate, morbid, mutilated, out of frame, extra limbs, ' +
  'extra fingers, poorly drawn hands, poorly drawn face, bad proportions, malformed limbs, missing arms, missing legs, ' +
  'extra arms, extra legs, fused fingers, too many fingers, long neck, cartoon, painting, drawing, monochrome, greyscale, ' +
  ' with a , in the , on a , of the , and , the ';
