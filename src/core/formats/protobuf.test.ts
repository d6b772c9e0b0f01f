import { describe, expect, it } from 'vitest';
import { ProtobufWriter } from './protobuf';

const hex = (writer: ProtobufWriter): string => Buffer.from(writer.finish()).toString('hex');

describe('ProtobufWriter', () => {
  it('writes the examples of the encoding guide', () => {
    // protobuf.dev/programming-guides/encoding: 150 is 96 01; "testing"; a message of 150
    expect(hex(new ProtobufWriter().integer(1, 150))).toBe('089601');
    expect(hex(new ProtobufWriter().text(2, 'testing'))).toBe('120774657374696e67');
    expect(hex(new ProtobufWriter().message(3, (m) => m.integer(1, 150)))).toBe('1a03089601');
    expect(hex(new ProtobufWriter().integers(6, [3, 270, 86942]))).toBe('3206038e029ea705');
  });

  it('writes negative integers as ten bytes and floats little-endian', () => {
    expect(hex(new ProtobufWriter().integer(1, -2))).toBe('08feffffffffffffffff01');
    expect(hex(new ProtobufWriter().float(2, 1))).toBe('150000803f');
  });

  it('writes 64-bit lengths of large fields', () => {
    const bytes = new ProtobufWriter().bytes(1, new Uint8Array(300_000)).finish();
    expect([...bytes.slice(0, 4)]).toEqual([0x0a, 0xe0, 0xa7, 0x12]);
    expect(bytes.length).toBe(300_004);
  });
});
