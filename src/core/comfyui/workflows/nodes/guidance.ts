/**
 * Nodes that put something around guidance.
 *
 * @see ComfyUI comfy_extras/nodes_apg.py, nodes_cfg.py, nodes_tcfg.py, nodes_mahiro.py, nodes_eps.py, nodes_fresca.py, nodes_lumina2.py;
 *   github.com/mcmonkeyprojects/sd-dynamic-thresholding dynthres_comfyui.py; github.com/Extraltodeus/Skimmed_CFG
 */
import { THRESHOLD_MODES } from '../../../guidance/threshold-modes';
import { ofPack } from './pack-words';
import { choice, flag, float, int, maybe, MODEL, outs, share, type NodeTable } from './spec';

const OUT = outs('MODEL');
const PATCHED = [{ name: 'patched_model', type: 'MODEL' }] as const;
const ADVANCED = 'advanced/guidance';
const UNET = 'model_patches/unet';

export const GUIDANCE = {
  APG: {
    title: 'Adaptive Projected Guidance',
    operation: 'around_apg',
    category: 'sampling/custom_sampling',
    inputs: {
      model: MODEL,
      eta: float(1, [-10, 10]),
      norm_threshold: float(5, [0, 50, 0.1]),
      momentum: float(0, [-5, 1]),
    },
    outputs: OUT,
  },
  TCFG: {
    title: 'Tangential Damping CFG',
    operation: 'around_tcfg',
    category: ADVANCED,
    inputs: { model: MODEL },
    outputs: PATCHED,
  },
  CFGZeroStar: { operation: 'around_cfg_zero_star', category: ADVANCED, inputs: { model: MODEL }, outputs: PATCHED },
  CFGNorm: {
    operation: 'around_cfg_norm',
    category: ADVANCED,
    inputs: { model: MODEL, strength: float(1, [0, 100]), pre_cfg: maybe(flag(false)) },
    outputs: PATCHED,
  },
  Mahiro: {
    title: 'Mahiro CFG',
    operation: 'around_mahiro',
    category: '_for_testing',
    inputs: { model: MODEL },
    outputs: PATCHED,
  },
  'Epsilon Scaling': {
    operation: 'around_epsilon_scaling',
    category: UNET,
    inputs: { model: MODEL, scaling_factor: float(1.005, [0.5, 1.5, 0.001]) },
    outputs: OUT,
  },
  TemporalScoreRescaling: {
    title: 'TSR - Temporal Score Rescaling',
    operation: 'around_temporal_score_rescaling',
    category: UNET,
    inputs: { model: MODEL, tsr_k: float(0.95, [0.01, 100, 0.001]), tsr_sigma: float(1, [0.01, 100, 0.001]) },
    outputs: PATCHED,
  },
  FreSca: {
    operation: 'around_fresca',
    category: '_for_testing',
    inputs: {
      model: MODEL,
      scale_low: float(1, [0, 10]),
      scale_high: float(1.25, [0, 10]),
      freq_cutoff: int(20, [1, 10_000]),
    },
    outputs: OUT,
  },
  RenormCFG: {
    operation: 'around_renorm_cfg',
    category: 'advanced/model',
    inputs: { model: MODEL, cfg_trunc: float(100, [0, 100]), renorm_cfg: float(1, [0, 100]) },
    outputs: OUT,
  },
} as const satisfies NodeTable;

const scale = (value: number) => float(value, [0, 100, 0.5]);
const skim = (value: number) => float(value, [0, 10, 0.5]);
const MODES = Object.values(THRESHOLD_MODES).map(({ label }) => label);
const PRE = 'model_patches/Pre CFG';

export const GUIDANCE_PACKS: NodeTable = {
  ...ofPack('sd-dynamic-thresholding', {
    DynamicThresholdingSimple: {
      operation: 'threshold_simply',
      category: 'advanced/mcmonkey',
      inputs: { model: MODEL, mimic_scale: scale(7), threshold_percentile: share(1) },
      outputs: OUT,
    },
    DynamicThresholdingFull: {
      operation: 'threshold',
      category: 'advanced/mcmonkey',
      inputs: {
        model: MODEL,
        mimic_scale: scale(7),
        threshold_percentile: share(1),
        mimic_mode: choice(MODES),
        mimic_scale_min: scale(0),
        cfg_mode: choice(MODES),
        cfg_scale_min: scale(0),
        sched_val: float(1, [0, 100]),
        separate_feature_channels: choice(['enable', 'disable']),
        scaling_startpoint: choice(['MEAN', 'ZERO']),
        variability_measure: choice(['AD', 'STD']),
        interpolate_phi: share(1),
      },
      outputs: OUT,
    },
  }),
  ...ofPack('skimmed_cfg', {
    'Skimmed CFG': {
      operation: 'around_skimmed_cfg',
      category: PRE,
      inputs: {
        model: MODEL,
        Skimming_CFG: skim(7),
        full_skim_negative: flag(false),
        disable_flipping_filter: flag(false),
      },
      outputs: OUT,
    },
    'Skimmed CFG - replace': {
      operation: 'around_skimmed_replace',
      category: PRE,
      inputs: { model: MODEL },
      outputs: OUT,
    },
    'Skimmed CFG - linear interpolation': {
      operation: 'around_skimmed_linear',
      category: PRE,
      inputs: { model: MODEL, Skimming_CFG: skim(5) },
      outputs: OUT,
    },
    'Skimmed CFG - linear interpolation dual scales': {
      operation: 'around_skimmed_linear_dual',
      category: PRE,
      inputs: { model: MODEL, Skimming_CFG_positive: skim(5), Skimming_CFG_negative: skim(5) },
      outputs: OUT,
    },
  }),
};
