/** The small blocks as text: what a change to a graph changes shows here, line by line. */
import { describe, expect, it } from 'vitest';
import {
  attention,
  GraphBuilder,
  printGraph,
  residualSum,
  upsample2x,
  type GraphForm,
  type Target,
  type Value,
} from '../graph';
import { ContextKeys } from './context-keys';
import { conv3x3, resnet } from './resnet';
import { spatialTransformer } from './spatial-transformer';
import { buildTinyDecoder } from './tiny-autoencoder';
import { buildUnet } from './unet';
import { readUnetConfig } from './unet-config';

const half: GraphForm = { target: 'webgpu', activations: 'float16' };

/** A graph of one block over a feature map of 8 channels. */
function show(form: Target | GraphForm, block: (g: GraphBuilder, x: Value) => Value): string {
  const g = new GraphBuilder('block', form);
  const nhwc = g.target === 'webgpu';
  g.output(
    'y',
    block(g, g.input('x', 'float32', nhwc ? ['batch', 'height', 'width', 8] : ['batch', 8, 'height', 'width'])),
  );
  return printGraph(g.build());
}

describe('resnet', () => {
  const options = { name: 'r', outChannels: 16, groups: 4, epsilon: 1e-5 };
  it('is two norms with SiLU inside and three convolutions on webgpu', () => {
    expect(show('webgpu', (g, x) => resnet(g, x, options))).toMatchInlineSnapshot(`
      "graph block
      input x float32 [batch, height, width, 8]
      GroupNorm_0 = com.microsoft.GroupNorm(x, weight_0, weight_1, activation=1, channels_last=1, epsilon={"float":0.00001}, groups=4)
      Transpose_1 = Transpose(GroupNorm_0, perm=[0,3,1,2])
      Conv_2 = Conv(Transpose_1, weight_3, weight_2, kernel_shape=[3,3], strides=[1,1], pads=[1,1,1,1])
      Transpose_3 = Transpose(Conv_2, perm=[0,2,3,1])
      GroupNorm_4 = com.microsoft.GroupNorm(Transpose_3, weight_4, weight_5, activation=1, channels_last=1, epsilon={"float":0.00001}, groups=4)
      Transpose_5 = Transpose(GroupNorm_4, perm=[0,3,1,2])
      Conv_6 = Conv(Transpose_5, weight_7, weight_6, kernel_shape=[3,3], strides=[1,1], pads=[1,1,1,1])
      Transpose_7 = Transpose(Conv_6, perm=[0,2,3,1])
      Transpose_8 = Transpose(x, perm=[0,3,1,2])
      Conv_9 = Conv(Transpose_8, weight_9, weight_8, kernel_shape=[1,1], strides=[1,1], pads=[0,0,0,0])
      Transpose_10 = Transpose(Conv_9, perm=[0,2,3,1])
      reserved_11 = Add(Transpose_10, Transpose_7)
      y = Identity(reserved_11)
      output y float32 [batch, height, width, 16]"
    `);
  });
  it('spells the norms out for the CPU', () => {
    expect(show('portable', (g, x) => resnet(g, x, options))).toMatchInlineSnapshot(`
      "graph block
      input x float32 [batch, 8, height, width]
      Reshape_0 = Reshape(x, constant_0)
      InstanceNormalization_1 = InstanceNormalization(Reshape_0, constant_1, constant_2, epsilon={"float":0.00001})
      Reshape_2 = Reshape(InstanceNormalization_1, constant_3)
      Mul_3 = Mul(Reshape_2, weight_0)
      Add_4 = Add(Mul_3, weight_1)
      QuickGelu_5 = com.microsoft.QuickGelu(Add_4, alpha={"float":1})
      Conv_6 = Conv(QuickGelu_5, weight_3, weight_2, kernel_shape=[3,3], strides=[1,1], pads=[1,1,1,1])
      Reshape_7 = Reshape(Conv_6, constant_0)
      InstanceNormalization_8 = InstanceNormalization(Reshape_7, constant_1, constant_2, epsilon={"float":0.00001})
      Reshape_9 = Reshape(InstanceNormalization_8, constant_4)
      Mul_10 = Mul(Reshape_9, weight_4)
      Add_11 = Add(Mul_10, weight_5)
      QuickGelu_12 = com.microsoft.QuickGelu(Add_11, alpha={"float":1})
      Conv_13 = Conv(QuickGelu_12, weight_7, weight_6, kernel_shape=[3,3], strides=[1,1], pads=[1,1,1,1])
      Conv_14 = Conv(x, weight_9, weight_8, kernel_shape=[1,1], strides=[1,1], pads=[0,0,0,0])
      Add_15 = Add(Conv_14, Conv_13)
      y = Identity(Add_15)
      output y float32 [batch, 16, height, width]"
    `);
  });
});

describe('residualSum', () => {
  const nodes = (block: (g: GraphBuilder, x: Value) => Value): string[] =>
    show('webgpu', block)
      .split('\n')
      .filter((line) => /(?:Norm|Add)\(/.test(line));
  const named = { outChannels: 8, groups: 4, epsilon: 1e-5 };

  it('is made by the group norm that reads it first, and read of it by others', () => {
    const lines = nodes((g, x) => resnet(g, resnet(g, x, { ...named, name: 'a' }), { ...named, name: 'b' }));
    expect(lines.map((line) => line.replace(/\(.*/, ''))).toEqual([
      'GroupNorm_0 = com.microsoft.GroupNorm',
      'GroupNorm_4 = com.microsoft.GroupNorm',
      'reserved_9, reserved_8 = com.microsoft.SkipGroupNorm',
      'GroupNorm_13 = com.microsoft.GroupNorm',
      'reserved_17 = Add',
    ]);
    expect(lines.at(-1)).toBe('reserved_17 = Add(reserved_8, Transpose_16)');
  });

  it('is a kernel of its own where another reads it first', () => {
    const lines = nodes((g, x) => {
      const sum = resnet(g, x, { ...named, name: 'a' });
      const doubled = conv3x3(g, sum, 'c', 8);
      return resnet(g, residualSum(g, { x: doubled, skip: sum }), { ...named, name: 'b' });
    });
    expect(lines.filter((line) => line.includes(' Add(') || line.includes('SkipGroupNorm('))).toHaveLength(3);
    expect(lines[2]).toBe('reserved_8 = Add(x, Transpose_7)');
  });
});

describe('spatialTransformer', () => {
  it('makes residual sums in the norms that follow', () => {
    const options = { name: 't', depth: 1, heads: 2, groups: 4, linearProjection: true };
    expect(
      show('webgpu', (g, x) => {
        const context = g.input('context', 'float32', ['batch', 'tokens', 12]);
        const keys = new ContextKeys(g);
        const y = spatialTransformer(g, x, context, { ...options, keys });
        keys.emit();
        return y;
      }),
    ).toMatchInlineSnapshot(`
      "graph block
      input x float32 [batch, height, width, 8]
      input context float32 [batch, tokens, 12]
      GroupNorm_0 = com.microsoft.GroupNorm(x, weight_0, weight_1, activation=0, channels_last=1, epsilon={"float":0.000001}, groups=4)
      Reshape_1 = Reshape(GroupNorm_0, constant_0)
      Gemm_2 = Gemm(Reshape_1, weight_2, weight_3)
      Shape_3 = Shape(GroupNorm_0, start=0, end=4)
      Reshape_4 = Reshape(Gemm_2, Shape_3)
      Reshape_5 = Reshape(Reshape_4, constant_1)
      LayerNormalization_6 = LayerNormalization(Reshape_5, weight_4, weight_5, axis=-1, epsilon={"float":0.00001})
      MatMul_7 = MatMul(LayerNormalization_6, weight_6)
      MatMul_8 = MatMul(LayerNormalization_6, weight_7)
      MatMul_9 = MatMul(LayerNormalization_6, weight_8)
      MultiHeadAttention_10 = com.microsoft.MultiHeadAttention(MatMul_7, MatMul_8, MatMul_9, num_heads=2)
      MatMul_11 = MatMul(MultiHeadAttention_10, weight_9)
      SkipLayerNormalization_12, , , SkipLayerNormalization_12_3 = com.microsoft.SkipLayerNormalization(MatMul_11, Reshape_5, weight_10, weight_11, weight_12, epsilon={"float":0.00001})
      MatMul_25 = MatMul(context, weight_23)
      reserved_13, reserved_14 = Split(MatMul_25, constant_2, axis=-1)
      MatMul_15 = MatMul(SkipLayerNormalization_12, weight_13)
      MultiHeadAttention_16 = com.microsoft.MultiHeadAttention(MatMul_15, reserved_13, reserved_14, num_heads=2)
      MatMul_17 = MatMul(MultiHeadAttention_16, weight_14)
      SkipLayerNormalization_18, , , SkipLayerNormalization_18_3 = com.microsoft.SkipLayerNormalization(MatMul_17, SkipLayerNormalization_12_3, weight_15, weight_16, weight_17, epsilon={"float":0.00001})
      MatMul_19 = MatMul(SkipLayerNormalization_18, weight_18)
      BiasSplitGelu_20 = com.microsoft.BiasSplitGelu(MatMul_19, weight_19)
      MatMul_21 = MatMul(BiasSplitGelu_20, weight_20)
      BiasAdd_22 = com.microsoft.BiasAdd(MatMul_21, weight_21, SkipLayerNormalization_18_3)
      MatMul_23 = MatMul(BiasAdd_22, weight_22)
      Reshape_26 = Reshape(x, constant_1)
      BiasAdd_27 = com.microsoft.BiasAdd(MatMul_23, weight_24, Reshape_26)
      reserved_24 = Reshape(BiasAdd_27, Shape_3)
      y = Identity(reserved_24)
      output y float32 [batch, height, width, 8]"
    `);
  });
});

describe('attention', () => {
  it('is one kernel, causal where asked, in float16 between casts', () => {
    const g = new GraphBuilder('block', half);
    const x = g.input('x', 'float32', ['batch', 77, 8]);
    g.output('y', attention(g, x, x, x, { heads: 2, causal: true }));
    expect(printGraph(g.build())).toMatchInlineSnapshot(`
      "graph block
      input x float32 [batch, 77, 8]
      Cast_0 = Cast(x, to=10)
      MultiHeadAttention_1 = com.microsoft.MultiHeadAttention(Cast_0, Cast_0, Cast_0, num_heads=2, unidirectional=1)
      y = Cast(MultiHeadAttention_1, to=1)
      output y float32 [batch, 77, 8]"
    `);
  });
});

describe('attention with upcast', () => {
  it('is in float32 between casts', () => {
    const g = new GraphBuilder('block', half);
    const x = g.input('x', 'float32', ['batch', 77, 8]);
    g.output('y', attention(g, x, x, x, { heads: 2, upcast: true }));
    expect(printGraph(g.build())).toMatchInlineSnapshot(`
      "graph block
      input x float32 [batch, 77, 8]
      Cast_0 = Cast(x, to=10)
      Cast_1 = Cast(Cast_0, to=1)
      Cast_2 = Cast(Cast_0, to=1)
      Cast_3 = Cast(Cast_0, to=1)
      MultiHeadAttention_4 = com.microsoft.MultiHeadAttention(Cast_1, Cast_2, Cast_3, num_heads=2)
      Cast_5 = Cast(MultiHeadAttention_4, to=10)
      y = Cast(Cast_5, to=1)
      output y float32 [batch, 77, 8]"
    `);
  });
});

describe('upsampling', () => {
  it('repeats pixels, then convolves', () => {
    expect(show('webgpu', (g, x) => conv3x3(g, upsample2x(g, x), 'u', 8))).toMatchInlineSnapshot(`
      "graph block
      input x float32 [batch, height, width, 8]
      Resize_0 = Resize(x, , constant_0, mode="nearest", coordinate_transformation_mode="asymmetric", nearest_mode="floor")
      Transpose_1 = Transpose(Resize_0, perm=[0,3,1,2])
      Conv_2 = Conv(Transpose_1, weight_1, weight_0, kernel_shape=[3,3], strides=[1,1], pads=[1,1,1,1])
      Transpose_3 = Transpose(Conv_2, perm=[0,2,3,1])
      y = Identity(Transpose_3)
      output y float32 [batch, 2*height, 2*width, 8]"
    `);
  });
});

describe('TAESD', () => {
  it('is convolutions and ReLU', () => {
    const config = { imageChannels: 3, latentChannels: 4, channels: 8, encoderBlocks: [1], decoderBlocks: [1] };
    expect(printGraph(buildTinyDecoder(config, 'webgpu'))).toMatchInlineSnapshot(`
      "graph taesd_decoder
      input latent float32 [batch, 4, height, width]
      Transpose_0 = Transpose(latent, perm=[0,2,3,1])
      Mul_1 = Mul(Transpose_0, constant_0)
      Tanh_2 = Tanh(Mul_1)
      Mul_3 = Mul(Tanh_2, constant_1)
      Transpose_4 = Transpose(Mul_3, perm=[0,3,1,2])
      Conv_5 = Conv(Transpose_4, weight_1, weight_0, kernel_shape=[3,3], strides=[1,1], pads=[1,1,1,1])
      Transpose_6 = Transpose(Conv_5, perm=[0,2,3,1])
      Relu_7 = Relu(Transpose_6)
      Transpose_8 = Transpose(Relu_7, perm=[0,3,1,2])
      Conv_9 = Conv(Transpose_8, weight_3, weight_2, kernel_shape=[3,3], strides=[1,1], pads=[1,1,1,1])
      Transpose_10 = Transpose(Conv_9, perm=[0,2,3,1])
      Relu_11 = Relu(Transpose_10)
      Transpose_12 = Transpose(Relu_11, perm=[0,3,1,2])
      Conv_13 = Conv(Transpose_12, weight_5, weight_4, kernel_shape=[3,3], strides=[1,1], pads=[1,1,1,1])
      Transpose_14 = Transpose(Conv_13, perm=[0,2,3,1])
      Relu_15 = Relu(Transpose_14)
      Transpose_16 = Transpose(Relu_15, perm=[0,3,1,2])
      Conv_17 = Conv(Transpose_16, weight_7, weight_6, kernel_shape=[3,3], strides=[1,1], pads=[1,1,1,1])
      Transpose_18 = Transpose(Conv_17, perm=[0,2,3,1])
      Add_19 = Add(Transpose_18, Relu_7)
      Relu_20 = Relu(Add_19)
      Transpose_21 = Transpose(Relu_20, perm=[0,3,1,2])
      Conv_22 = Conv(Transpose_21, weight_9, weight_8, kernel_shape=[3,3], strides=[1,1], pads=[1,1,1,1])
      Transpose_23 = Transpose(Conv_22, perm=[0,2,3,1])
      Slice_24 = Slice(Transpose_23, constant_2, constant_3, constant_3, constant_4)
      Mul_25 = Mul(Slice_24, constant_5)
      Add_26 = Add(Mul_25, constant_6)
      Transpose_27 = Transpose(Add_26, perm=[0,3,1,2])
      image = Identity(Transpose_27)
      output image float32 [batch, 3, height, width]"
    `);
  });
});

describe('buildUnet', () => {
  it('pads nine input channels to twelve on webgpu, halves with stride 2', () => {
    const config = readUnetConfig('config.json', {
      in_channels: 9,
      layers_per_block: 1,
      block_out_channels: [8, 8],
      down_block_types: ['DownBlock2D', 'DownBlock2D'],
      up_block_types: ['UpBlock2D', 'UpBlock2D'],
      norm_num_groups: 4,
      attention_head_dim: 2,
      cross_attention_dim: 8,
    });
    const lines = printGraph(buildUnet(config, 'webgpu')).split('\n');
    expect(lines.filter((line) => /Pad|strides=\[2|^input/.test(line)).join('\n')).toMatchInlineSnapshot(`
      "input sample float32 [batch, 9, height, width]
      input timestep_wave float32 [1, 8]
      input encoder_hidden_states float32 [batch, tokens, 8]
      Pad_1 = Pad(Transpose_0, constant_0)
      Transpose_2 = Transpose(Pad_1, perm=[0,3,1,2])
      Conv_16 = Conv(Transpose_15, weight_10, weight_9, kernel_shape=[3,3], strides=[2,2], pads=[1,1,1,1])"
    `);
  });
});
