/** What `npm run generate -- --help` says. */
export const HELP = `npm run generate -- "a red apple" [options]      one picture
npm run generate -- --prompts file.txt --out-dir dir    one picture for each line of a file, named 001.png, 002.png ...
npm run generate -- --workflow file.json                 the images of a workflow, as "npm run -s inspect -- workflow" writes it
npm run generate -- --workflow file [--out-dir dir]      the images of ComfyUI's workflow or prompt, in JSON or a picture that carries
                        one; its pictures are looked for beside the file; --checkpoint and --adapter give what it names

  --out <file>          where the PNG goes (default: gesso.png)
  --negative <text>     what should not be in it
  --seed <number>       default: drawn; printed. With --prompts all lines have the same seed
  --steps, --cfg, --width, --height <number>
  --sampler, --schedule, --noise, --model <id or name>    as the page lists them
  --init <file>         the picture that it starts from; with it --denoise <number>, --resize-mode <name>
  --mask <file>         white where that is repainted; with it --masking, --masked-content, --inpaint-area <name>,
                        --mask-blur, --masked-padding <number>, --invert-mask
                        of several --init, or folders of pictures, each is painted over: they go into --out-dir, under their names
                        both PNG, JPEG, WebP, AVIF, GIF or TIFF, turned as their EXIF says
  --control <file>      a hint, as it is: its lines, depths or poses become the picture's; without one the picture of --init
  --image-encoder <path>   what looks at pictures for IP-Adapters, a file (ViT-H/14 or ViT-bigG/14); may be given several times
  --hint-weights <path>    what a preprocessor draws with, a file: HED, PiDiNet, TEED, M-LSD, informative drawings
  --control-model <path>   its ControlNet, T2I-Adapter or IP-Adapter, a file; the starter has one for drawn strokes; with it --control-weight, --control-start, --control-end <number>,
                        --control-mode balanced, prompt or control, --control-resize-mode <name>, --control-kind <name> for a Union,
                        --control-range a1111, comfyui or diffusers, --preprocessor <name>, as npm run inspect -- hint has them; each several times for several units
                        --control-mask <file> white where that unit's picture is repainted (inpaint_only); --control-more <files>, with commas, which an
                        IP-Adapter reads beside it, --control-join concat or average
  --hires <factor>      paints it once more, so much larger; with it --denoise, --hires-upscaler <name>, --hires-steps,
                        --hires-cfg <number>, --hires-sampler, --hires-schedule <name>, --hires-prompt, --hires-negative <text>
  --tiles <method>      MultiDiffusion or "Mixture of Diffusers": paints what is larger than a tile in tiles; with it
                        --tile-width, --tile-height, --tile-overlap <cells>
  --ultimate <factor>   Ultimate SD upscale: makes the picture of --init so many times as large, 0 as --width and --height say, and paints it over
                        tile by tile; with it --denoise, --ultimate-mode linear, chess, seams or overlap (SD upscale),
                        --ultimate-upscaler <name> or none, --ultimate-tile-width, -tile-height, -padding, -mask-blur, -overlap <pixels>,
                        --seams-fix none, band_pass, half_tile or half_tile_intersections, --seams-fix-denoise, -width, -mask-blur, -padding
  --hires-checkpoint <path>   a model to add first, as --checkpoint, which paints the second pass
  --refiner <path>      a model to add first, as --checkpoint, which takes over on the way; with it --refiner-switch-at <share>, 0.8
                        where it is not said, and with --hires --refiner-for "first pass", "second pass" or "both passes"
  --upscale <name>      enlarges the finished picture by a network; with --init or --control by the one that comes with the app
  --upscaler <file>     an upscaler to add first, called by its file's name; may be given several times
  --checkpoint <path>   a model to add first and paint with: a file, or a folder of diffusers
  --adapter <file>      a LoRA or an embedding to add first, for a prompt with <lora:name:0.8> or the embedding's name; may be given
                        several times
  --provider <name>     auto (default: the GPU, or the CPU where there is none), webgpu, wasm

What is left out is as the model likes it. The picture is made by the built app in a headless browser.`;
