/** A finished picture gets its recipe, and a place in the gallery in the same moment as the line moves on. */
import type { InfotextFacts } from '../../../core/recipe/infotext';
import { ownVae, TEXT_FIELDS, vaeFacts } from '../../../core/recipe/own-vae';
import type { GenerationRequest } from '../../../core/recipe/request';
import { fetchKeepers } from '../pictures/finish-picture';
import { fetchInLine } from '../graph/fetch-in-line';
import type { DeliverParts } from './deliver-parts';
import { lineEntry } from './job';
import { mayName } from './late-inputs';
import type { ModelLibrary } from '../library/library.svelte';
import type { Deliver } from './work';

export function deliverTo(parts: DeliverParts): Deliver {
  const { gallery, library, finish, version, queueStore, onPainted } = parts;
  return async (made, work, notices, lineAfter, settle) => {
    if (work.graph)
      return (await fetchInLine()).deliverGraph(parts, work.graph, made, { work, notices, lineAfter, settle });
    onPainted(made, work);
    const { model, extras } = work;
    const [{ recipeOf, withFacts }] = await fetchKeepers();
    const facts = { ...library.modelFacts(model.id), ...(await adapterFacts(made.request, library)), version };
    const painted = recipeOf(made.request);
    // what is not here developed and read nothing
    if (facts.vae === undefined) delete painted.vae;
    for (const id of TEXT_FIELDS) if (!library.texts.some(({ name }) => name === painted[id])) delete painted[id];
    const said = withFacts({ ...painted, ...(extras && { unknown: extras }) }, facts);
    const { control } = made.request;
    // Fetched for the picture already, too.
    const recipe = control
      ? (await import('../control/control-inputs')).toldControl(said, control, library.controls)
      : said;
    const finished = await finish(made, { modelName: model.name, notices, recipe });
    const store = queueStore();
    const { id } = await gallery.add(finished, store && lineEntry(store, lineAfter), settle);
    parts.onKept(id);
    return id;
  };
}

/** Fetched for the picture already, where it has any. */
async function adapterFacts(request: GenerationRequest, library: ModelLibrary): Promise<InfotextFacts> {
  if (ownVae(request) === undefined && !mayName(request, library)) return {};
  const { adapters } = library;
  const { loraHashes, tiHashes, vaeFile } = await import('./picture-inputs');
  return {
    ...vaeFacts(vaeFile(request, library)),
    loraHashes: loraHashes(request, adapters),
    tiHashes: tiHashes(request, adapters),
  };
}
