/** What is put around guidance, in the order of the nodes: ComfyUI keeps a list of it with the model. */
import { CFG_PATCHES, patchOf, readPatches, writePatches, type CfgPatchId, type PatchUse } from '../../../../guidance';
import { dynthresOf, DYNTHRES_OFF } from '../../../dynthres-node';
import type { Place, Runners } from '../graph-walk';
import type { ModelSettings, ModelValue } from '../values';

const isSelf = (id: string): id is 'pag' | 'sag' => id === 'pag' || id === 'sag';

export const GUIDANCE_RUNNERS: Runners = {
  ...Object.fromEntries(
    (Object.keys(CFG_PATCHES) as CfgPatchId[])
      .filter((id) => !isSelf(id))
      .map((id) => [`around_${id}`, (at: Place) => [around(at, id)]]),
  ),
  rescale_guidance: (at) => [inPlace(at, 'RescaleCFG', { cfgRescale: at.number('multiplier') })],
  threshold: (at) => [thresholded(at, false)],
  threshold_simply: (at) => [thresholded(at, true)],
  guide_from_perturbed: (at) => {
    const { pagScale: before = 0 } = at.take('model', 'MODEL').settings ?? {};
    return [bySelf(at, 'pag', before !== 0, { pagScale: before + at.number('scale') })];
  },
  guide_from_blurred: (at) => {
    const { sagScale: before = 0, sagBlur: blur } = at.take('model', 'MODEL').settings ?? {};
    const sagBlur = at.number('blur_sigma');
    if (before !== 0 && blur !== sagBlur) throw at.stop('two of them with another blur_sigma each do not run here.');
    return [bySelf(at, 'sag', before !== 0, { sagScale: before + at.number('scale'), sagBlur })];
  },
};

function around(at: Place, id: CfgPatchId): ModelValue {
  const values = patchOf(id).values.map((name) => at.number(name));
  if (patchOf(id).stage === 'instead') return inPlace(at, 'RenormCFG', {}, { id, values });
  if (id === 'cfg_norm' && at.value('pre_cfg') && at.isOn('pre_cfg'))
    throw at.stop('pre_cfg, which scales before guidance, does not run here; RenormCFG does the like.');
  const model = at.take('model', 'MODEL');
  if (id === 'fresca' && model.perp) throw at.stop('FreSca on a model of Perp-Neg does not run, nor in ComfyUI.');
  return changed(at, withUse(model.settings ?? {}, { id, values }));
}

/** The settings of recipes have MaHiRo and Epsilon Scaling in this order alone, and after all else; others are a list. */
function withUse(settings: ModelSettings, use: PatchUse): ModelSettings {
  const { patches = '', mahiro = false, epsScaling = 1 } = settings;
  const isLast = patches === '' && epsScaling === 1;
  if (use.id === 'mahiro' && isLast && !mahiro) return { mahiro: true };
  if (use.id === 'epsilon_scaling' && isLast) return { epsScaling: use.values[0] };
  return { mahiro: false, epsScaling: 1, patches: writePatches([...listOf(settings), use]) };
}

/** All of it in its order. */
function listOf({ patches = '', mahiro = false, epsScaling = 1 }: ModelSettings): PatchUse[] {
  return [
    ...readPatches(patches),
    ...(mahiro ? [{ id: 'mahiro', values: [] } as const] : []),
    ...(epsScaling === 1 ? [] : [{ id: 'epsilon_scaling', values: [epsScaling] } as const]),
  ];
}

/** After what changes guided answers its place is kept among that. @throws Stop where it is there already, before that */
function bySelf(at: Place, id: 'pag' | 'sag', isThere: boolean, own: ModelSettings): ModelValue {
  const settings = at.take('model', 'MODEL').settings ?? {};
  const uses = listOf(settings);
  const last = uses.findLastIndex((use) => patchOf(use.id).stage === 'after');
  if (last < 0) return changed(at, own);
  const place = uses.findIndex((use) => use.id === id);
  if (isThere && place < last)
    throw at.stop('it is on the model twice, before and after what changes guided answers, which does not run here.');
  return changed(at, { ...(place < 0 && withUse(settings, { id, values: [] })), ...own });
}

/** What of it is in place of plain guidance. */
export function insteadNames({ settings = {} }: ModelValue): string[] {
  const { cfgRescale = 0, dynthres = 'none' } = settings;
  return [
    ...(cfgRescale === 0 ? [] : ['RescaleCFG']),
    ...(dynthres === 'none' ? [] : ['dynamic thresholding']),
    ...(listOf(settings).some(({ id }) => patchOf(id).stage === 'instead') ? ['RenormCFG'] : []),
  ];
}

/** In place of plain guidance: the last node of the kind counts. @throws Stop on a model of Perp-Neg */
function inPlace(at: Place, name: string, own: ModelSettings, use?: PatchUse): ModelValue {
  const model = at.take('model', 'MODEL');
  if (model.perp) throw at.stop(`${name} on a model of Perp-Neg does not run here.`);
  const others = insteadNames(model).filter((one) => one.toLowerCase() !== name.toLowerCase());
  if (others.length > 0) at.walk.notices.add(`${name} takes the place of ${others.join(' and ')}, as in ComfyUI.`);
  const { settings = {} } = model;
  const { cfgRescale = 0, dynthres = 'none' } = settings;
  const uses = listOf(settings);
  const left = uses.filter(({ id }) => patchOf(id).stage !== 'instead');
  const emptied: ModelSettings = {
    ...(cfgRescale !== 0 && { cfgRescale: 0 }),
    ...(dynthres !== 'none' && DYNTHRES_OFF),
    ...(left.length < uses.length && { patches: writePatches(left), mahiro: false, epsScaling: 1 }),
  };
  return changed(at, { ...emptied, ...own, ...(use && withUse({ ...settings, ...emptied }, use)) });
}

function thresholded(at: Place, isSimple: boolean): ModelValue {
  const said = { number: (name: string) => at.number(name), text: (name: string) => at.text(name) };
  return inPlace(at, 'Dynamic thresholding', dynthresOf(said, isSimple));
}

function changed(at: Place, settings: ModelSettings): ModelValue {
  const model = at.take('model', 'MODEL');
  return { ...model, settings: { ...model.settings, ...settings } };
}

/** What is put around guidance in any way, by ids. */
export const aroundNames = ({ settings = {} }: ModelValue): string[] =>
  listOf(settings).flatMap(({ id }) => (isSelf(id) ? [] : [id]));
