/**
 * Poses of people, found by ViTPose and drawn as OpenPose's skeletons, without hands and faces: of each whom YOLOS finds, or, without it, of one who is
 * most of the picture.
 *
 * The name is sd-webui-controlnet's, whose own network (OpenPose) is not free for all uses.
 */
import { drawPose } from '../pose/draw-pose';
import { jointsOf, lookForJoints, personOf, wholeOf } from '../pose/find-joints';
import { choosePeople, lookForPeople, peopleOf, type PersonBox } from '../pose/find-people';
import { writePoseText } from '../pose/pose-text';
import type { Person } from '../pose/skeleton';
import type { Raster } from '../image/raster';
import { RESOLUTION, type NetworkRunner, type SeekingPreprocessor } from './preprocessor';

/** Each is looked at for itself, which takes as long for each. */
export const MOST_FOUND = 8;

const DRAWER = { network: 'vitpose', file: 'ViTPose+ small', helper: 'vitpose-plus-small' } as const;
const FINDER = {
  network: 'yolos',
  file: 'YOLOS tiny',
  helper: 'yolos-tiny',
  offer: 'Several people in the picture: with what finds them, each has a pose.',
} as const;

export const OPENPOSE: SeekingPreprocessor = {
  ...DRAWER,
  finder: FINDER,
  label: 'openpose',
  aliases: ['OpenposePreprocessor', 'vitpose', 'ViTPose'],
  types: ['openpose'],
  settings: { resolution: RESOLUTION },
  alsoDoes: `finds one person, who is most of the picture, or with YOLOS up to ${MOST_FOUND}; the pose editor moves joints and adds people`,
  licence: 'Apache-2.0',
  async seek(picture, padded, by) {
    const boxes = by.has(FINDER) ? await findBoxes(picture, by) : [];
    const people = boxes.length > 0 ? await look(picture, boxes, by) : await look(padded, [wholeOf(padded)], by);
    return {
      hint: drawPose({ width: padded.width, height: padded.height, people }),
      found: writePoseText({ width: picture.width, height: picture.height, people }),
    };
  },
};

/** Where people are, from the left to the right. */
async function findBoxes(picture: Raster<3>, by: NetworkRunner): Promise<PersonBox[]> {
  const [said] = await by.run(FINDER, [lookForPeople(picture)]);
  const { boxes, more } = choosePeople(peopleOf(said, picture), MOST_FOUND);
  if (boxes.length === 0)
    by.say('Nobody is found in the picture of the pose: the whole of it is taken for one person.');
  if (more > 0)
    by.say(`There are ${boxes.length + more} people in the picture of the pose: it has the ${boxes.length} largest.`);
  return boxes;
}

async function look(picture: Raster<3>, boxes: readonly PersonBox[], by: NetworkRunner): Promise<Person[]> {
  const all = await by.run(
    DRAWER,
    boxes.map((box) => lookForJoints(picture, box)),
  );
  return all.map((maps, i) => personOf(jointsOf(maps, boxes[i]), picture)).filter((person) => person !== undefined);
}
