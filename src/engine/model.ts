/** A model ready to paint: configs, tokenizer, and sessions that it owns. */
import { AppError } from '../core/errors';
import type { ModelEntry } from '../core/catalog';
import type { ByteSource } from '../core/formats';
import { readLatentRgb, SD15_LATENT_RGB, type LatentRgb } from '../core/image';
import {
  buildAutoencoderDecoder,
  buildClipText,
  buildUnet,
  halvings,
  latentFactor,
  readAutoencoderConfig,
  readClipTextConfig,
  readUnetConfig,
  type AutoencoderConfig,
  type ClipTextConfig,
  type UnetConfig,
} from '../core/models';
import { createDiscreteSchedule, readNoiseScheduleConfig, type NoiseScheduleConfig } from '../core/schedules';
import type { Tokenizer } from '../core/tokenizer';
import { Checkpoint, fillGraph } from '../core/weights';
import { createEncoder, type Encoder } from './encoder';
import { createWeightOpener, MODEL_PATHS, readJson, readOptionalJson, type LoadProgress } from './model-files';
import type { ModelFiles, Ports, Runtime, Session } from './ports';

export interface ModelConfigs {
  text: ClipTextConfig;
  unet: UnetConfig;
  vae: AutoencoderConfig;
  noise: NoiseScheduleConfig;
  /** How to paint a preview from its latents, where that is known. */
  latentRgb: LatentRgb | undefined;
}

/** The sessions whose graphs are made for one size of picture. */
export interface SizedSessions {
  unet: Session;
  vae: Session;
}

export class Model {
  readonly #runtime: Runtime;
  readonly #open: (path: string) => Promise<ByteSource>;
  readonly #checkpoints = new Map<string, Checkpoint>();
  #text: { clipSkip: number; session: Session; encoder: Encoder } | undefined;
  #sized: ({ key: string } & SizedSessions) | undefined;

  private constructor(
    readonly entry: ModelEntry,
    readonly configs: ModelConfigs,
    readonly tokenizer: Tokenizer,
    runtime: Runtime,
    open: (path: string) => Promise<ByteSource>,
  ) {
    this.#runtime = runtime;
    this.#open = open;
  }

  /**
   * Reads configs and tokenizer, then loads the sessions for the entry's default size.
   * @throws AppError naming the file (and tensor) at fault; nothing stays loaded then
   */
  static async load(
    entry: ModelEntry,
    files: ModelFiles,
    runtime: Runtime,
    ports: Ports,
    onProgress: LoadProgress,
  ): Promise<Model> {
    const configs = await readConfigs(files);
    const [tokenizerJson, tokenizerConfig] = [
      await readJson(files, MODEL_PATHS.tokenizer),
      await readJson(files, MODEL_PATHS.tokenizerConfig),
    ];
    const tokenizer = await ports.createTokenizer(tokenizerJson, tokenizerConfig);
    assertTogether(configs, tokenizer);
    const model = new Model(entry, configs, tokenizer, runtime, createWeightOpener(files, onProgress));
    try {
      await model.encoder();
      await model.sized(entry.defaults.width, entry.defaults.height);
      return model;
    } catch (error) {
      await model.dispose();
      throw error;
    }
  }

  /**
   * The text encoder up to `clipSkip` − 1 layers before its end; that of another clip skip is released first. OpenCLIP's
   * (gelu) is always taken as it is: Stable Diffusion 2 was trained on its last layer but one, where the files end.
   *
   * @throws AppError 'bad-request' when it has fewer layers
   * @see A1111 modules/sd_hijack_open_clip.py, which ignores the setting too
   */
  async encoder(clipSkip = 1): Promise<Encoder> {
    const { text } = this.configs;
    const used = text.activation === 'gelu' ? 1 : clipSkip;
    if (this.#text?.clipSkip === used) return this.#text.encoder;
    const graph = buildClipText(text, this.#runtime.target, { clipSkip: used });
    await this.#disposeText();
    const session = await this.#session(MODEL_PATHS.textEncoder, graph);
    const encoder = createEncoder(session, { tokenizer: this.tokenizer, width: text.width });
    this.#text = { clipSkip: used, session, encoder };
    return encoder;
  }

  /**
   * Sessions for pictures of this size; those of another size are released first.
   * @throws AppError 'bad-request' when the size is no multiple of what the U-Net halves
   */
  async sized(width: number, height: number): Promise<SizedSessions> {
    const key = `${width}x${height}`;
    if (this.#sized?.key === key) return this.#sized;
    const { unet, vae } = this.configs;
    const latent = this.latentSize(width, height);
    await this.#disposeSized();
    const unetSession = await this.#session(MODEL_PATHS.unet, buildUnet(unet, latent, this.#runtime.target));
    try {
      const decoder = buildAutoencoderDecoder(vae, latent, this.#runtime.target);
      this.#sized = { key, unet: unetSession, vae: await this.#session(MODEL_PATHS.vae, decoder) };
      return this.#sized;
    } catch (error) {
      await unetSession.dispose();
      throw error;
    }
  }

  /** Cells of a picture's latent. */
  latentSize(width: number, height: number): { width: number; height: number } {
    const factor = latentFactor(this.configs.vae);
    const step = factor * 2 ** halvings(this.configs.unet);
    for (const [label, value] of [
      ['Width', width],
      ['Height', height],
    ] as const)
      if (value % step !== 0)
        throw new AppError(
          'bad-request',
          `${label} must be a multiple of ${step} for ${this.entry.name}, not ${value}.`,
        );
    return { width: width / factor, height: height / factor };
  }

  async dispose(): Promise<void> {
    await this.#disposeText();
    await this.#disposeSized();
  }

  async #disposeText(): Promise<void> {
    const text = this.#text;
    this.#text = undefined;
    await text?.session.dispose();
  }

  async #disposeSized(): Promise<void> {
    const sized = this.#sized;
    this.#sized = undefined;
    await sized?.unet.dispose();
    await sized?.vae.dispose();
  }

  async #session(path: string, graph: Parameters<typeof fillGraph>[0]): Promise<Session> {
    let checkpoint = this.#checkpoints.get(path);
    if (!checkpoint) {
      checkpoint = await Checkpoint.open([await this.#open(path)]);
      this.#checkpoints.set(path, checkpoint);
    }
    return this.#runtime.createSession(await fillGraph(graph, checkpoint));
  }
}

async function readConfigs(files: ModelFiles): Promise<ModelConfigs> {
  const paths = MODEL_PATHS;
  const noise = readNoiseScheduleConfig(await readJson(files, paths.scheduler), paths.scheduler);
  createDiscreteSchedule(noise); // for its checks: better now than when a picture is asked for
  const unet = readUnetConfig(paths.unetConfig, await readJson(files, paths.unetConfig));
  const fitted = readLatentRgb(await readOptionalJson(files, paths.extras), unet.inChannels);
  return {
    text: readClipTextConfig(paths.textEncoderConfig, await readJson(files, paths.textEncoderConfig)),
    unet,
    vae: readAutoencoderConfig(paths.vaeConfig, await readJson(files, paths.vaeConfig)),
    noise,
    latentRgb: fitted ?? (unet.inChannels === 4 ? SD15_LATENT_RGB : undefined),
  };
}

/** The configs describe one model only if their widths meet. */
function assertTogether({ text, unet, vae }: ModelConfigs, tokenizer: Tokenizer): void {
  const meet = (a: string, x: number, b: string, y: number): void => {
    if (x !== y) throw new AppError('bad-file', `${a} is ${x} but ${b} is ${y}; these files are not of one model`);
  };
  if (unet.addedCondition)
    throw new AppError('unsupported-model', 'unet/config.json: this is an SDXL model; Gesso does not run SDXL yet');
  meet('text_encoder/config.json: hidden_size', text.width, 'unet/config.json: cross_attention_dim', unet.contextWidth);
  meet('unet/config.json: in_channels', unet.inChannels, 'vae/config.json: latent_channels', vae.latentChannels);
  meet('unet/config.json: out_channels', unet.outChannels, 'in_channels', unet.inChannels);
  meet(
    'tokenizer/tokenizer_config.json: model_max_length',
    tokenizer.contextLength,
    'text_encoder/config.json: max_position_embeddings',
    text.contextLength,
  );
}
