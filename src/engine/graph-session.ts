/** Our own graphs behind diffusers' words: see model-source. */
import { eosRows, type ClipTextConfig } from '../core/networks';
import type { NamedTensor, Session } from './ports';

type Names = Readonly<Record<string, string>>;

/** @param names  diffusers' word → the graph's; others pass as they are */
export function renamedSession(session: Session, inputs: Names, outputs: Names): Session {
  const ours = Object.fromEntries(Object.entries(outputs).map(([theirs, graph]) => [graph, theirs]));
  return {
    run: async (given) => {
      const results = await session.run(mapKeys<NamedTensor>(given, inputs));
      return mapKeys<Float32Array>(results, ours);
    },
    dispose: () => session.dispose(),
  };
}

/** SDXL's second text encoder is told where each text ends: there its pooled vector is taken. */
export function createGraphTextEncoder(session: Session, config: ClipTextConfig): Session {
  return {
    run: (inputs) => {
      const { data, dims } = inputs['input_ids'];
      const rows = eosRows(data as Int32Array, config);
      return session.run({ ...inputs, eos_rows: { data: rows, dims: [dims[0]] } });
    },
    dispose: () => session.dispose(),
  };
}

/** The autoencoder's encoder gives mean and log variance: the latent is the mean, as in A1111's img2img and our own. */
export function createGraphVaeEncoder(session: Session): Session {
  return {
    run: async ({ sample }) => {
      const { moments } = await session.run({ image: sample });
      return { latent_sample: moments.slice(0, moments.length / 2) };
    },
    dispose: () => session.dispose(),
  };
}

function mapKeys<T>(values: Record<string, T>, names: Names): Record<string, T> {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [names[name] ?? name, value]));
}
