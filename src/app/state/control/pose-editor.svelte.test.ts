import { describe, expect, it } from 'vitest';
import { readyPerson } from '../../../core/pose/ready-poses';
import { JOINTS } from '../../../core/pose/skeleton';
import { PoseEditor } from './pose-editor.svelte';

const SIZE = { width: 512, height: 512 };
const open = () => new PoseEditor({ ...SIZE, people: [readyPerson('standing', SIZE)] });
const WRIST = { person: 0, joint: JOINTS.indexOf('Left wrist') };

describe('PoseEditor', () => {
  it('takes a whole drag back in one step, and makes it again', () => {
    const editor = open();
    const { pose } = editor;
    editor.begin();
    editor.moveJoint(WRIST, { x: 10, y: 20 });
    editor.moveJoint(WRIST, { x: 11.26, y: 21 });
    editor.end();
    expect(editor.pose.people[0]?.[WRIST.joint]).toEqual({ x: 11.3, y: 21 });
    editor.undo();
    expect(editor.pose).toBe(pose);
    expect(editor.isChanged).toBe(false);
    editor.redo();
    expect(editor.pose.people[0]?.[WRIST.joint]?.x).toBe(11.3);
  });

  it('forgets a drag that was none', () => {
    const editor = open();
    editor.begin();
    editor.movePerson(0, { x: 5, y: 5 });
    editor.giveUp();
    expect([editor.isChanged, editor.canUndo]).toEqual([false, false]);
  });

  it('hides a joint in its place, and finds it no more', () => {
    const editor = open();
    const { x, y } = editor.pose.people[0][WRIST.joint];
    expect(editor.jointAt({ x: x + 3, y }, 10)).toEqual(WRIST);
    editor.setHidden(WRIST, true);
    expect(editor.pose.people[0]?.[WRIST.joint]).toEqual({ x, y, isHidden: true });
    expect(editor.jointAt({ x, y }, 1)).toBeUndefined();
    editor.setHidden(WRIST, false);
    expect(editor.pose.people[0]?.[WRIST.joint]).toEqual({ x, y });
  });

  it('mirrors a person, right and left exchanged, and twice is as before', () => {
    const editor = open();
    editor.setReady(0, 'waving');
    const before = editor.pose;
    editor.mirror(0);
    const [right, left] = [JOINTS.indexOf('Right wrist'), JOINTS.indexOf('Left wrist')];
    expect(editor.pose.people[0]?.[left]?.y).toBe(before.people[0]?.[right]?.y);
    editor.mirror(0);
    expect(editor.pose).toEqual(before);
  });

  it('adds people beside the others and takes them out; a limb is its person', () => {
    const editor = open();
    editor.add('running');
    expect(editor.chosen.person).toBe(1);
    const [hip, knee] = [8, 9].map((joint) => editor.pose.people[1][joint]);
    expect(editor.personAt({ x: (hip.x + knee.x) / 2 + 2, y: (hip.y + knee.y) / 2 }, 8)).toBe(1);
    expect(editor.personAt({ x: 1, y: 1 }, 8)).toBeUndefined();
    editor.remove(0);
    expect(editor.pose.people).toHaveLength(1);
    editor.undo();
    editor.undo();
    expect(editor.pose.people).toHaveLength(1);
    editor.scale(0, 2);
    editor.nudge(WRIST, { x: -1, y: 0 });
    editor.reset();
    expect(editor.pose).toEqual(open().pose);
    while (editor.canAdd) editor.add('sitting');
    expect(editor.pose.people).toHaveLength(20);
  });
});
