import { describe, expect, it } from 'vitest';
import { fieldProblem } from '../../../core/recipe/problems';
import { ADVANCED_DEFAULTS, ADVANCED_IDS, fieldOf, type AdvancedId } from '../../../core/recipe/request';
import { SAMPLERS, type SamplerEntry, type SamplerId } from '../../../core/samplers';
import { SCHEDULES, type ScheduleEntry, type ScheduleId } from '../../../core/schedules';
import { Advanced, type AdvancedDraft } from './advanced.svelte';
import { isHonoured, scheduleNote, stepsNote } from '../../../core/recipe/has-effect';

/** Any that differs from the default. */
function otherValue(id: AdvancedId): number | string | boolean {
  const setting = fieldOf(id);
  if (setting.kind === 'text') return 'a text';
  if (setting.kind === 'seed') throw new Error(`${id}: no setting of the fold is one`);
  if (setting.kind === 'flag') return !setting.default;
  if (setting.kind === 'number') return setting.default === setting.max ? setting.min : setting.max;
  if (setting.names) return 'a file of the library';
  return Object.keys(setting.choices).find((choice) => choice !== setting.default) ?? '';
}

const BOTH = {
  hasPicture: true,
  hasMask: true,
  hasHires: true,
  hasRefiner: true,
  hasTiles: true,
  hasFreeu: true,
  hasSag: true,
  hasShrink: true,
};

/** Ways through tiles of pixels, each of which has settings that the others do not. */
const TILES = [
  { redraw: 'linear', seamFix: 'band_pass' },
  { redraw: 'linear', seamFix: 'half_tile' },
  { redraw: 'overlap', seamFix: 'none' },
];

/** A sampler and a schedule with which the setting has an effect. */
function choiceFor(id: AdvancedId) {
  for (const sampler of Object.keys(SAMPLERS) as SamplerId[])
    for (const schedule of Object.keys(SCHEDULES) as ScheduleId[])
      for (const tiles of TILES.flatMap((one) => [true, false].map((hasDynthres) => ({ ...one, hasDynthres })))) {
        const choice = { sampler, schedule, ...BOTH, ...tiles };
        if (isHonoured(id, choice)) return choice;
      }
  throw new Error(`nothing honours ${id}`);
}

const advancedFor = (id: AdvancedId, stored?: unknown) => new Advanced(() => choiceFor(id), stored);

describe('Advanced', () => {
  it('says nothing while nothing is changed', () => {
    const advanced = new Advanced(() => ({ sampler: 'euler', schedule: 'karras' }), undefined);
    expect([advanced.changed, advanced.problems, advanced.toRequest(), advanced.toStored()]).toEqual([[], {}, {}, {}]);
  });

  describe.each(ADVANCED_IDS)('%s', (id) => {
    it('goes into the request where it differs, is kept, and is forgotten on reset', () => {
      const advanced = advancedFor(id);
      const value = otherValue(id);
      advanced.set(id, value);
      if (id === 'redraw') advanced.reset('denoisingStrength'); // it brings one: see below
      expect(advanced.toRequest()).toEqual({ [id]: value });
      expect(advanced.changed).toEqual([id]);
      const again = advancedFor(id, JSON.parse(JSON.stringify(advanced.toStored())));
      expect(again.get(id)).toBe(value);
      again.reset(id);
      expect([again.toRequest(), again.toStored(), again.get(id) ?? undefined]).toEqual([
        {},
        {},
        ADVANCED_DEFAULTS[id],
      ]);
    });

    it('leaves a broken kept value aside', () => {
      for (const broken of ['toString', {}, [], null, 1e9, -1e9, 0.123456]) {
        if (fieldProblem(id, broken) === undefined) continue;
        expect(advancedFor(id, { [id]: broken }).isChanged(id)).toBe(false);
      }
    });
  });

  it('takes a strength for tiles where the person has set none', () => {
    const choice = { sampler: 'euler', schedule: 'karras', hasPicture: true } as const;
    const strengthAfter = (advanced: Advanced) => {
      advanced.set('redraw', 'linear');
      return advanced.get('denoisingStrength');
    };
    expect(strengthAfter(new Advanced(() => choice, undefined))).toBe(0.35);
    expect(strengthAfter(new Advanced(() => ({ ...choice, hasOneSize: true }), undefined))).toBe(0.15);
    expect(strengthAfter(new Advanced(() => choice, { denoisingStrength: 0.5 }))).toBe(0.5);
  });

  it.each([undefined, null, 7, 'eta', [1]])('takes nothing from %s', (stored) =>
    expect(advancedFor('eta', stored).toStored()).toEqual({}),
  );

  it.each<[AdvancedId, AdvancedDraft, string]>([
    ['clipSkip', 2.5, 'Clip skip must be a whole number from 1 to 12, not 2.5.'],
    ['clipSkip', null, 'Clip skip must be a number from 1 to 12.'],
    ['eta', NaN, 'Eta must be a number from 0 to 1.'],
    ['eta', 2, 'Eta must be from 0 to 1, not 2.'],
    ['dialect', 'klingon', 'Prompt syntax "klingon" is not known: a1111, comfyui.'],
  ])('%s of %s: says so, keeps what was typed, and does not store it', (id, draft, sentence) => {
    const advanced = advancedFor(id);
    advanced.set(id, draft);
    expect(advanced.problems).toEqual({ [id]: sentence });
    expect(advanced.get(id)).toEqual(draft);
    expect(advanced.toStored()).toEqual({});
  });

  it('leaves an emptied number to the sampler where that has its own', () => {
    const advanced = advancedFor('eta', { eta: 0.5 });
    advanced.set('eta', null);
    expect([advanced.problems, advanced.toRequest()]).toEqual([{}, {}]);
  });

  it('neither sends nor complains about what the sampler ignores, and keeps it for one that does not', () => {
    let sampler = $state<SamplerId>('euler_ancestral');
    const advanced = new Advanced(() => ({ sampler, schedule: 'karras' }), undefined);
    advanced.set('eta', 0.5);
    advanced.set('sNoise', 77);
    expect(Object.keys(advanced.problems)).toEqual(['sNoise']);
    sampler = 'dpmpp_2m';
    expect([advanced.problems, advanced.toRequest(), advanced.changed]).toEqual([{}, {}, []]);
    expect(advanced.toStored()).toEqual({ eta: 0.5 });
    sampler = 'dpmpp_sde';
    advanced.reset('sNoise');
    expect(advanced.toRequest()).toEqual({ eta: 0.5 });
  });
});

describe('isHonoured', () => {
  it.each(Object.keys(SAMPLERS) as SamplerId[])('gives %s the options of its entry, and no others', (sampler) => {
    const entry: SamplerEntry = SAMPLERS[sampler];
    const options = (['eta', 'sChurn', 'sTmin', 'sTmax', 'sNoise'] as const).filter((id) =>
      isHonoured(id, { sampler, schedule: 'karras' }),
    );
    expect(options.toSorted()).toEqual(Object.keys(entry.options).toSorted());
    expect(isHonoured('rho', { sampler, schedule: 'karras' })).toBe(entry.ownSigmas === undefined);
  });

  it.each(Object.keys(SCHEDULES) as ScheduleId[])('gives %s the options of its entry, and no others', (schedule) => {
    const { options }: ScheduleEntry = SCHEDULES[schedule];
    for (const id of ['sigmaMin', 'sigmaMax', 'rho', 'betaAlpha', 'betaBeta'] as const)
      expect(isHonoured(id, { sampler: 'euler', schedule })).toBe(options.includes(id));
  });

  it('asks for a picture or a second pass', () => {
    const choice = { sampler: 'euler', schedule: 'karras' } as const;
    const honoured = (more: object) =>
      (['denoisingStrength', 'resizeMode', 'hiresScale', 'hiresSteps'] as const).filter((id) =>
        isHonoured(id, { ...choice, ...more }),
      );
    expect(honoured({})).toEqual(['hiresScale']);
    expect(honoured({ hasPicture: true })).toEqual(['denoisingStrength', 'resizeMode', 'hiresScale']);
    expect(honoured({ hasHires: true })).toEqual(['denoisingStrength', 'hiresScale', 'hiresSteps']);
    const advanced = new Advanced(() => choice, undefined);
    advanced.set('hiresSteps', 10);
    expect(advanced.toRequest()).toEqual({});
    advanced.set('hiresScale', 2);
    expect(advanced.toRequest()).toEqual({ hiresScale: 2, hiresSteps: 10 });
  });

  it('shows the second pass alone beside a mask, too, and says why the two cannot be had', () => {
    const choice = { sampler: 'euler', schedule: 'karras', hasPicture: true } as const;
    const said = { hiresScale: 2, hiresAlone: true };
    const masked = new Advanced(() => ({ ...choice, hasMask: true }), said);
    expect(masked.toRequest()).toEqual(said);
    expect(masked.problems).toEqual({ hiresAlone: expect.stringMatching(/take the mask away/) as string });
    expect(new Advanced(() => choice, said).problems).toEqual({});
    masked.set('hiresAlone', false);
    expect(masked.problems).toEqual({});
  });

  it('looks behind Automatic', () => {
    expect(isHonoured('rho', { sampler: 'dpmpp_2m', schedule: 'automatic' })).toBe(true);
    expect(isHonoured('rho', { sampler: 'euler', schedule: 'automatic' })).toBe(false);
  });
});

describe('notes', () => {
  it('say what Automatic is, and who ignores the schedule type or the steps', () => {
    expect(scheduleNote({ sampler: 'dpmpp_2m', schedule: 'automatic' })).toBe('With DPM++ 2M: Karras.');
    expect(scheduleNote({ sampler: 'dpmpp_2m', schedule: 'karras' })).toBeUndefined();
    expect(scheduleNote({ sampler: 'dpm_fast', schedule: 'karras' })).toMatch(/^DPM fast has sigmas of its own/);
    expect(stepsNote({ sampler: 'dpm_adaptive' })).toMatch(/^DPM adaptive decides by itself/);
    expect(stepsNote({ sampler: 'euler' })).toBeUndefined();
  });

  it('count the steps of a picture that starts from another as A1111 and ComfyUI do', () => {
    const note = (denoisingStrength?: number, sampler: SamplerId = 'euler', steps = 8) =>
      stepsNote({ sampler, initImage: 'ab', denoisingStrength }, steps);
    expect(note(0.4)).toMatch(/^4 are taken/);
    expect(note()).toMatch(/^7 are taken/);
    expect(note(0.01)).toMatch(/^1 is taken/);
    expect(note(0)).toMatch(/^No step is taken/);
    const seams = { redraw: 'linear', seamFix: 'half_tile', seamFixDenoise: 0.4 } as const;
    expect(stepsNote({ sampler: 'euler', initImage: 'ab', denoisingStrength: 0, ...seams }, 8)).toMatch(/^4 are taken/);
    expect([note(1), note(0.9)]).toEqual([undefined, undefined]);
    expect(stepsNote({ sampler: 'euler', initImage: 'ab', conventions: 'comfyui', denoisingStrength: 0.4 }, 8)).toBe(
      undefined,
    );
    expect(stepsNote({ sampler: 'euler', denoisingStrength: 0.4 }, 8)).toBeUndefined();
    expect(note(0.4, 'dpm_adaptive')).toMatch(/^DPM adaptive decides/);
  });
});
