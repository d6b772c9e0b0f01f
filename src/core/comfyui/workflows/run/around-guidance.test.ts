/** What graphs put around guidance: what a sampler is told, in which order, and the sentence for what is not. */
import { describe, expect, it } from 'vitest';
import { CFG_PATCHES, patchOf, type CfgPatchId } from '../../../guidance';
import { NODES } from '../nodes';
import { compile, settingsOf, type Nodes } from '../testing/compiled';
import { PARTS, SAMPLER } from '../testing/prompts';

type Node = [type: string, inputs?: object];

/** Each on the one before, the last before the sampler. */
function chain(...nodes: Node[]): Nodes {
  const on = nodes.map(([type, inputs], i): [string, Nodes[string]] => [
    String(20 + i),
    [type, { model: [i === 0 ? '4' : String(19 + i), 0], ...inputs }],
  ]);
  const last = nodes.length === 0 ? '4' : String(19 + nodes.length);
  return { ...Object.fromEntries(on), '3': ['KSampler', { ...SAMPLER, ...PARTS, cfg: 8, model: [last, 0] }] };
}
const told = (...nodes: Node[]) => settingsOf(chain(...nodes), 'sample')[0];
const sentence = (changes: Nodes): string | undefined => compile(changes).problems[0]?.message;

const APG: Node = ['APG', { eta: 0.5, norm_threshold: 5, momentum: 0.25 }];
const MAHIRO: Node = ['Mahiro'];
const EPSILON: Node = ['Epsilon Scaling', { scaling_factor: 1.01 }];
const PAG: Node = ['PerturbedAttentionGuidance', { scale: 3 }];
const RENORM: Node = ['RenormCFG', { cfg_trunc: 100, renorm_cfg: 1 }];
const RESCALE: Node = ['RescaleCFG', { multiplier: 0.7 }];
const FULL = {
  ...{ mimic_scale: 5, threshold_percentile: 0.99, mimic_mode: 'Constant', mimic_scale_min: 0 },
  ...{ cfg_mode: 'Linear Down', cfg_scale_min: 2, sched_val: 1, separate_feature_channels: 'enable' },
  ...{ scaling_startpoint: 'ZERO', variability_measure: 'STD', interpolate_phi: 0.8 },
};
const THRESHOLD: Node = ['DynamicThresholdingFull', FULL];

describe('nodes around guidance', () => {
  it.each((Object.keys(CFG_PATCHES) as CfgPatchId[]).filter((id) => patchOf(id).stage !== 'self'))(
    'has a class of nodes for %s, with its values by their names',
    (id) => {
      const spec = Object.values(NODES).find(({ operation }) => operation === `around_${id}`);
      const needed = Object.entries(spec?.inputs ?? {}).flatMap(([name, { optional }]) => (optional ? [] : [name]));
      expect(needed).toEqual(['model', ...patchOf(id).values]);
    },
  );

  it('are told in the order in which they are put on the model', () => {
    expect(told(APG, ['TCFG'], MAHIRO)['patches']).toBe('apg 0.5 5 0.25; tcfg; mahiro');
    expect(
      told(['Skimmed CFG', { Skimming_CFG: 4, full_skim_negative: true, disable_flipping_filter: false }]),
    ).toMatchObject({
      patches: 'skimmed_cfg 4 1 0',
    });
  });

  it('are the settings of recipes where these say as much', () => {
    expect(told(MAHIRO, EPSILON)).toMatchObject({ mahiro: true, epsScaling: 1.01 });
    expect(told(MAHIRO, EPSILON)).not.toHaveProperty('patches');
    expect(told(EPSILON, MAHIRO)).toMatchObject({ patches: 'epsilon_scaling 1.01; mahiro' });
    expect(told(MAHIRO, MAHIRO)).toMatchObject({ patches: 'mahiro; mahiro' });
  });

  it('have PAG where it stands among what changes guided answers', () => {
    expect(told(PAG, MAHIRO)).toMatchObject({ pagScale: 3, mahiro: true });
    expect(told(MAHIRO, PAG)).toMatchObject({ pagScale: 3, patches: 'mahiro; pag' });
    expect(told(APG, PAG)).toMatchObject({ pagScale: 3, patches: 'apg 0.5 5 0.25' });
    expect(told(MAHIRO, PAG, PAG)).toMatchObject({ pagScale: 6, patches: 'mahiro; pag' });
    expect(sentence(chain(PAG, MAHIRO, PAG))).toMatch(/it is on the model twice, before and after/);
    expect(sentence(chain(MAHIRO, PAG, EPSILON, PAG))).toMatch(/it is on the model twice/);
  });

  it('have one in place of plain guidance: the last, and say so', () => {
    expect(told(RESCALE, RENORM)).toMatchObject({ patches: 'renorm_cfg 100 1' });
    expect(told(RESCALE, RENORM)).not.toHaveProperty('cfgRescale');
    expect(compile(chain(RESCALE, RENORM)).notices).toEqual([
      'RenormCFG takes the place of RescaleCFG, as in ComfyUI.',
    ]);
    expect(told(RENORM, RENORM)['patches']).toBe('renorm_cfg 100 1');
    expect(compile(chain(RENORM, RENORM)).notices).toEqual([]);
    expect(told(THRESHOLD, MAHIRO, RESCALE)).toMatchObject({ cfgRescale: 0.7, mahiro: true });
    expect(told(THRESHOLD, MAHIRO, RESCALE)).not.toHaveProperty('dynthres');
    expect(told(RENORM, MAHIRO, THRESHOLD)).toMatchObject({ dynthres: 'levels', patches: 'mahiro' });
  });
});

describe('dynamic thresholding', () => {
  it('is told by both of its nodes, the simple one for all channels together', () => {
    expect(told(THRESHOLD)).toMatchObject({
      ...{ dynthres: 'levels', dynthresMimicScale: 5, dynthresPercentile: 0.99, dynthresCfgMode: 'linear_down' },
      ...{ dynthresCfgMin: 2, dynthresStart: 'zero', dynthresMeasure: 'std', dynthresPhi: 0.8 },
    });
    const simple: Node = ['DynamicThresholdingSimple', { mimic_scale: 6, threshold_percentile: 1 }];
    expect(told(simple)).toMatchObject({ dynthres: 'levels', dynthresMimicScale: 6, dynthresSeparate: false });
    const batch: Nodes = { '5': ['EmptyLatentImage', { width: 128, height: 128, batch_size: 2 }] };
    expect(compile({ ...chain(simple), ...batch }).notices).toContain(
      'Dynamic thresholding of all channels together is counted for each picture of a batch by itself here.',
    );
  });

  it('does nothing where its scale is that of the sampler', () => {
    expect(told(['DynamicThresholdingFull', { ...FULL, mimic_scale: 8 }])).not.toHaveProperty('dynthres');
  });
});

describe('other guiders', () => {
  it('say what does not go with them', () => {
    const guider = (
      type: string,
      inputs: Record<string, (string | number)[] | number | string>,
      ...nodes: Node[]
    ): Nodes => ({
      ...chain(...nodes),
      '16': ['CLIPTextEncode', { text: '', clip: ['4', 1] }],
      '10': [type, { ...inputs, model: [String(19 + nodes.length), 0] }],
      '11': ['KSamplerSelect', { sampler_name: 'euler' }],
      '12': ['RandomNoise', { noise_seed: 7 }],
      '13': ['BasicScheduler', { model: ['4', 0], scheduler: 'normal', steps: 4, denoise: 1 }],
      '3': [
        'SamplerCustomAdvanced',
        { noise: ['12', 0], guider: ['10', 0], sampler: ['11', 0], sigmas: ['13', 0], latent_image: ['5', 0] },
      ],
    });
    const sides = { positive: ['6', 0], negative: ['7', 0], empty_conditioning: ['16', 0], cfg: 6, neg_scale: 1 };
    expect(compile(guider('PerpNegGuider', sides, THRESHOLD)).notices).toEqual([
      'Dynamic thresholding has no effect on what PerpNegGuider guides.',
    ]);
    expect(settingsOf(guider('PerpNegGuider', sides, APG), 'sample')[0]['patches']).toBe('apg 0.5 5 0.25');
    const dual = {
      ...{
        cond1: ['6', 0],
        cond2: ['6', 0],
        negative: ['7', 0],
        cfg_conds: 8,
        cfg_cond2_negative: 8,
        style: 'regular',
      },
    };
    expect(sentence(guider('DualCFGGuider', dual, APG))).toMatch(/apg under two scales does not run here/);
  });

  it('are refused where what they say is not done: CFGNorm before guidance', () => {
    expect(sentence(chain(['CFGNorm', { strength: 1, pre_cfg: true }]))).toContain('RenormCFG does the like');
    expect(sentence(chain(['CFGNorm', { strength: 1, pre_cfg: false }]))).toBeUndefined();
  });
});
