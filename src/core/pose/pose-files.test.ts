import { describe, expect, it } from 'vitest';
import { readPoseJson, writePoseJson } from './pose-json';
import { readPoseText, writePoseText } from './pose-text';
import { READY_POSES, readyPerson, type ReadyPoseId } from './ready-poses';
import { JOINTS, type Pose } from './skeleton';

const SIZE = { width: 512, height: 768 };
const ids = Object.keys(READY_POSES) as ReadyPoseId[];
const hidden = readyPerson('waving', SIZE).map((joint, i) =>
  i === 16 ? { ...joint, isHidden: true as const } : joint,
);
const POSE: Pose = { ...SIZE, people: [readyPerson('standing', SIZE, 0.3), hidden] };

const numbers = (count: number, of: (i: number) => number): number[] => Array.from({ length: count }, (_, i) => of(i));

describe('poses as JSON', () => {
  it('go there and back', () => {
    expect(readPoseJson(writePoseJson(POSE), { width: 1, height: 1 })).toEqual({ pose: POSE, notes: [] });
  });

  /** By sd-webui-controlnet's encode_poses_as_json, whose missing joints are 0, 0, 0. */
  it('are read as sd-webui-controlnet writes them, in parts of the sides, and what is left out is said', () => {
    const text = JSON.stringify({
      people: [
        {
          pose_keypoints_2d: numbers(54, (i) => (i >= 51 ? 0 : i % 3 === 2 ? 1 : 0.5)),
          face_keypoints_2d: null,
          hand_left_keypoints_2d: [0.1, 0.2, 1],
          hand_right_keypoints_2d: null,
        },
      ],
      canvas_height: 100,
      canvas_width: 200,
    });
    const { pose, notes } = readPoseJson(text, SIZE);
    expect(pose).toMatchObject({ width: 200, height: 100 });
    expect(pose.people[0]?.[0]).toEqual({ x: 100, y: 50 });
    expect(pose.people[0]?.[17]).toEqual({ x: 0, y: 0, isHidden: true });
    expect(notes.join()).toMatch(/Hands and faces/);
  });

  it('are read in ComfyUI’s list, of 25 joints, and as the older editor writes them', () => {
    const of25 = { people: [{ pose_keypoints_2d: numbers(75, (i) => (i % 3 === 2 ? 1 : 10 + Math.floor(i / 3))) }] };
    const [person] = readPoseJson(JSON.stringify([{ ...of25, canvas_width: 64, canvas_height: 32 }]), SIZE).pose.people;
    expect(person?.map(({ x }) => x - 10)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18]);
    const older = { width: 300, height: 400, keypoints: numbers(36, (i) => i).map((i) => [i, 2 * i]) };
    const { pose } = readPoseJson(JSON.stringify(older), SIZE);
    expect(pose).toMatchObject({ width: 300, height: 400 });
    expect(pose.people.map((one) => one[17])).toEqual([
      { x: 17, y: 34 },
      { x: 35, y: 70 },
    ]);
  });

  it.each([
    ['{', /no JSON/],
    ['[]', /holds no pose/],
    ['{"people":[{"pose_keypoints_2d":[1,2,3]}]}', /has 1 joints; 18 of ControlNet or 25/],
    ['{"people":[{"pose_keypoints_2d":["a"]}]}', /something else than numbers/],
    ['{"keypoints":[[1,2]]}', /1 joints, which are no people of 18/],
    ['{"keypoints":[[1]]}', /has no place/],
    [
      JSON.stringify({ people: numbers(21, () => 0).map(() => ({ pose_keypoints_2d: numbers(54, () => 9) })) }),
      /21 people; 20/,
    ],
  ])('are refused in a sentence: %s', (text, sentence) => {
    expect(() => readPoseJson(text, SIZE)).toThrow(sentence);
  });
});

describe('poses in a line', () => {
  it('go there and back', () => expect(readPoseText(writePoseText(POSE))).toEqual(POSE));
  it.each(['', '512x512;1 2', 'x', '0x5', `9x9;${'1 2/'.repeat(17)}a b`, `9999x9`])('are none: %s', (text) => {
    expect(readPoseText(text)).toBeUndefined();
  });
});

describe.each(ids)('the ready pose %s', (id) => {
  it.each([SIZE, { width: 1024, height: 512 }, { width: 512, height: 512 }])('lies in a picture of %j', (size) => {
    const person = readyPerson(id, size);
    expect(person).toHaveLength(JOINTS.length);
    for (const { x, y } of person) {
      expect(x > 4 && x < size.width - 4 && y > 4 && y < size.height - 4).toBe(true);
    }
  });
});
