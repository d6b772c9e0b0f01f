/** What the form does with units of control: each is added, changed and removed; removing and adding can be undone. */
import { BUILT_IN_CONTROL_LIKES } from '../../../core/catalog/built-in-control';
import { toAppError } from '../../../core/errors';
import { networkFile, readsPicture } from '../../../core/hints/preprocessors';
import { controlProblems, shrinkMisfit, startsFrom } from '../../../core/recipe/control/problems';
import {
  unitsOf,
  withControlDefaults,
  type ControlDraft,
  type ControlSettings,
} from '../../../core/recipe/control/unit';
import type { Pixels } from '../../../engine/api';
import type { StoredModel } from '../../../engine/library-api';
import { readStartPicture } from '../start/read-start-picture';
import { UNIT_PICTURE_MISSING, type Look } from '../start/start-pictures.svelte';
import type { Studio } from '../studio.svelte';
import { isBuiltInControl } from './built-in-control';
import { drawerMissing, findControl, findDrawer, hasTower } from './control-inputs';
import { fitsModel, misfitText, preprocessorOrder, sortControls, steers } from './control-text';

export interface ControlRow {
  place: number;
  unit: ControlDraft & ControlSettings;
  /** Its network, where it is here. */
  model: StoredModel | undefined;
  /** How the picture that the unit sees looks. */
  look: Look | undefined;
  /** What is wrong with it: a sentence each. Nothing of one that is off. */
  problems: readonly string[];
}

const NEEDS_TOWER =
  'looks at pictures with a CLIP vision encoder, which is not here: add its file under Models (for most ViT-H/14, models/image_encoder of h94/IP-Adapter).';

type Change = { [Name in keyof ControlDraft]?: ControlDraft[Name] | undefined };

export class ControlForm {
  readonly #studio: Studio;
  /** Units whose pictures are being read, as they are by now: places change meanwhile. */
  #reading = $state.raw<readonly { unit: ControlDraft }[]>([]);

  readonly rows: readonly ControlRow[] = $derived.by(() => this.#list());
  /** Networks, those that fit the model first. */
  readonly models: readonly StoredModel[] = $derived.by(() =>
    sortControls(this.#studio.library.controls.filter(steers), this.#studio.settings.model),
  );
  /** One sentence of all that is wrong. */
  readonly problem = $derived.by(() =>
    this.rows
      .flatMap(({ place, problems }) => problems.map((words) => `Control unit ${place + 1}: ${words}`))
      .join(' '),
  );

  constructor(studio: Studio) {
    this.#studio = studio;
  }

  isBusy(place: number): boolean {
    const unit = this.#studio.settings.control.at(place);
    return this.#reading.some((one) => one.unit === unit);
  }

  /** The first network that fits, else the first. */
  choose(place: number): void {
    const { model } = this.#studio.settings;
    const found = this.models.find((one) => fitsModel(one, model)) ?? this.models.at(0);
    if (found) this.setModel(place, found.id);
  }

  remove(place: number): void {
    const { settings, form } = this.#studio;
    form.change('Control unit removed', () => (settings.control = settings.control.filter((_, i) => i !== place)));
  }

  /** Sets what is typed for a unit: a box's own undo takes it back. */
  set(place: number, change: Change): void {
    const { settings } = this.#studio;
    settings.control = settings.control.map((unit, i) => {
      if (i !== place) return unit;
      const changed = said({ ...unit, ...change });
      for (const one of this.#reading) if (one.unit === unit) one.unit = changed;
      return changed;
    });
  }

  /** Another preprocessor begins with its own numbers. */
  setModule(place: number, module: string): void {
    const own = readsPicture(module) ? {} : { more: undefined, join: undefined };
    this.set(place, { module, resolution: -1, thresholdA: -1, thresholdB: -1, ...own });
  }

  /** What reads pictures has a preprocessor of its own, and others cannot do with that. */
  setModel(place: number, model: string): void {
    const likes = isBuiltInControl({ id: model }) ? BUILT_IN_CONTROL_LIKES : {};
    this.set(place, { model, modelHash: undefined, ...likes });
    const row = this.rows.at(place);
    const [own] = row ? this.preprocessors(row) : [];
    const isOfPictures = row?.model?.control === 'picture';
    if (row && own && isOfPictures !== readsPicture(row.unit.module)) this.setModule(place, own);
  }

  /** Names of preprocessors for its network, those that suit it first. */
  preprocessors({ unit, model }: ControlRow) {
    return preprocessorOrder(model?.fileName ?? unit.model, model?.control);
  }

  /** Takes a file as the unit's picture. Never rejects: what is wrong with the file is said. */
  async takeFile(place: number, file: Blob): Promise<void> {
    await this.#take(place, async () => (await readStartPicture(file)).pixels);
  }

  /** One more picture for what reads them. Never rejects. */
  async addFile(place: number, file: Blob): Promise<void> {
    const more = (image: string): Change => ({ more: [...(this.rows.at(place)?.unit.more ?? []), image] });
    await this.#take(place, async () => (await readStartPicture(file)).pixels, more);
  }

  removeMore(place: number, i: number): void {
    const left = (this.rows.at(place)?.unit.more ?? []).filter((_, at) => at !== i);
    const { form } = this.#studio;
    form.change('Picture of a control unit removed', () =>
      this.set(place, { more: left.length > 0 ? left : undefined }),
    );
  }

  /** @returns whether it is kept; what is wrong is said */
  takePixels(place: number, pixels: Pixels): Promise<boolean> {
    return this.#take(place, () => Promise.resolve(pixels), { module: 'none' });
  }

  /** @param pose  in a line: with it the picture can be changed again */
  takePose(place: number, pixels: Pixels, pose: string): Promise<boolean> {
    return this.#take(place, () => Promise.resolve(pixels), { module: 'none', pose });
  }

  /** Where it acts, white on black; all black is everywhere. */
  takeRegion(place: number, pixels: Pixels): Promise<boolean> {
    return this.#takePainted(place, pixels, 'region');
  }

  /** Where its own picture is to be repainted, white on black; all black is no mask of its own. */
  takeMask(place: number, pixels: Pixels): Promise<boolean> {
    return this.#takePainted(place, pixels, 'mask');
  }

  async #takePainted(place: number, pixels: Pixels, what: 'region' | 'mask'): Promise<boolean> {
    const { startPictures, form } = this.#studio;
    const isDrawn = pixels.data.some((level, i) => i % 4 === 0 && level > 0);
    try {
      const painted = isDrawn ? await startPictures.put(pixels) : undefined;
      const name = what === 'region' ? 'Region of a control unit' : 'Mask of a control unit';
      form.change(name, () => this.set(place, { [what]: painted }));
      form.dismiss();
      return true;
    } catch (thrown) {
      this.#studio.said = toAppError(thrown).message;
      return false;
    }
  }

  actEverywhere(place: number): void {
    const { form } = this.#studio;
    form.change('Control unit acts everywhere', () => this.set(place, { region: undefined }));
  }

  useStartMask(place: number): void {
    const { form } = this.#studio;
    form.change('Control unit takes the start picture’s mask', () => this.set(place, { mask: undefined }));
  }

  /** The picture that is looked at. */
  async takeShown(place: number): Promise<void> {
    const { shown } = this;
    if (!shown) return;
    await this.#take(place, async () => {
      const file = await this.#studio.gallery.file(shown.id);
      return file && (await readStartPicture(file)).pixels;
    });
  }

  /** The gallery's picture that is looked at, else its newest. */
  get shown() {
    const { gallery } = this.#studio;
    return gallery.chosen ?? gallery.newest;
  }

  /** It sees the picture that is started from. */
  useStartPicture(place: number): void {
    const { form } = this.#studio;
    form.change('Control unit sees the start picture', () => this.set(place, { image: undefined, pose: undefined }));
    form.dismiss();
  }

  /** @param change  besides; of a further picture, what becomes of the unit with it */
  async #take(
    place: number,
    read: () => Promise<Pixels | undefined>,
    change: Change | ((image: string) => Change) = {},
  ): Promise<boolean> {
    const { startPictures, form, settings } = this.#studio;
    const unit = settings.control.at(place);
    if (!unit) return true;
    const one = { unit };
    this.#reading = [...this.#reading, one];
    try {
      const pixels = await read();
      if (!pixels) return true;
      const image = await startPictures.put(pixels);
      const now = settings.control.indexOf(one.unit);
      if (now === -1) return true; // it was removed
      const taken = typeof change === 'function' ? change(image) : { image, pose: undefined, ...change };
      form.change('Picture of a control unit', () => this.set(now, taken));
      form.dismiss();
      return true;
    } catch (thrown) {
      this.#studio.said = toAppError(thrown).message;
      return false;
    } finally {
      this.#reading = this.#reading.filter((other) => other !== one);
    }
  }

  #list(): ControlRow[] {
    const { settings, startPictures, library } = this.#studio;
    return settings.control.map((draft, place) => {
      const unit = { ...withControlDefaults(draft), isOff: draft.isOff === true };
      const model = findControl(draft, library.controls);
      const image = draft.image ?? settings.initImage;
      const look = image === undefined ? undefined : startPictures.look(image);
      return { place, unit, model, look, problems: this.#problemsOf(draft, model) };
    });
  }

  #problemsOf(draft: ControlDraft, model: StoredModel | undefined): string[] {
    const { settings, startPictures, library } = this.#studio;
    const [unit] = unitsOf([draft]);
    if (!unit) return []; // it is off
    const sees = unit.image !== undefined || settings.initImage !== undefined;
    const found = controlProblems([unit], { ...startsFrom(settings), hasPicture: true }).map((words) =>
      words.replace(/^Control unit 1: (.)/, (_all, first: string) => first.toUpperCase()),
    );
    const pictures = [unit.image, unit.mask, ...(unit.more ?? [])].filter((one) => one !== undefined);
    const isLost = pictures.some((one) => startPictures.isMissing(one));
    const isGone = unit.model !== '' && !model && library.isReady;
    const shrunk = settings.advanced.get('shrinkBlock') ? shrinkMisfit(unit) : undefined;
    const misfit = model && misfitText(model, settings.model);
    const file = networkFile(unit.module ?? '');
    const isUndrawn = file !== undefined && library.isReady && !findDrawer(unit.module ?? '', library.controls);
    return [
      ...found,
      ...(sees ? [] : ['It sees nothing yet: choose its picture, or draw its hint.']),
      ...(isLost ? [UNIT_PICTURE_MISSING] : []),
      ...(isGone ? [`${unit.model} is not here: add its file, or choose another.`] : []),
      ...(misfit ? [misfit] : []),
      ...(shrunk ? [shrunk] : []),
      ...(isUndrawn ? [drawerMissing(unit.module ?? '')] : []),
      ...(model?.control === 'picture' && !hasTower(library.controls) ? [`${model.name} ${NEEDS_TOWER}`] : []),
    ];
  }
}

/** The unit without what is undefined. */
const said = (unit: Change): ControlDraft =>
  Object.fromEntries(Object.entries(unit).filter(([, value]) => value !== undefined)) as unknown as ControlDraft;
