import type { Edge } from '../builder';
import type { Ops } from '../ops';
import type { Shape } from '../shapes';
import type { Windows } from '../windows';

/** Convolutions by ONNX's own operators, which want channels first: for portable files, and where patches would take too much memory. Edges are channels last. */
export function convolvedByConv(g: Ops, x: Edge, filter: Edge, windows: Windows, shape: Shape): Edge {
  const [batch = 1, height = 1, width = 1, out = 1] = shape;
  const made = g.node('Conv', [g.transpose(x, [0, 3, 1, 2]), g.transpose(filter, [3, 2, 0, 1])], 'float32', [batch, out, height, width], attributesOf(windows));
  return g.transpose(made, [0, 2, 3, 1]);
}

/** Channels stand as the batch, dy as a filter spread by the steps; of what comes out the filter's size is kept. */
export function filterGradientByConv(g: Ops, x: Edge, dy: Edge, { rows, columns }: Windows, shape: Shape): Edge {
  const [kh = 1, kw = 1, channels = 1, out = 1] = shape;
  const count = (axis: typeof rows): number => Math.floor((axis.in + axis.before + axis.after - ((axis.out - 1) * axis.step + 1)) / axis.dilation) + 1;
  const attributes = {
    kernel_shape: { ints: [rows.out, columns.out] }, strides: { ints: [rows.dilation, columns.dilation] }, dilations: { ints: [rows.step, columns.step] },
    pads: { ints: [rows.before, columns.before, rows.after, columns.after] },
  };
  const made = g.node('Conv', [g.transpose(x, [3, 0, 1, 2]), g.transpose(dy, [3, 0, 1, 2])], 'float32', [channels, out, count(rows), count(columns)], attributes);
  return g.transpose(g.slice(made, [2, 3], [0, 0], [kh, kw]), [2, 3, 0, 1]);
}

/** Nothing where the windows end beyond the padding. */
export function inputGradientByConv(g: Ops, dy: Edge, filter: Edge, windows: Windows, shape: Shape): Edge | undefined {
  const [batch = 1, height = 1, width = 1, channels = 1] = shape;
  const rest = [windows.rows, windows.columns].map((axis) => axis.in + axis.before + axis.after - ((axis.out - 1) * axis.step + (axis.size - 1) * axis.dilation + 1));
  if (rest.some((count) => count < 0)) return undefined;
  const made = g.node('ConvTranspose', [g.transpose(dy, [0, 3, 1, 2]), g.transpose(filter, [3, 2, 0, 1])], 'float32', [batch, channels, height, width], { ...attributesOf(windows), output_padding: { ints: rest } });
  return g.transpose(made, [0, 2, 3, 1]);
}

const attributesOf = ({ rows, columns }: Windows) => ({
  kernel_shape: { ints: [rows.size, columns.size] }, strides: { ints: [rows.step, columns.step] }, dilations: { ints: [rows.dilation, columns.dilation] },
  pads: { ints: [rows.before, columns.before, rows.after, columns.after] },
});
