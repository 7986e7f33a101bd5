/** How many values a tensor of this shape has; 1 for a scalar's []. */
export const sizeOf = (shape: readonly number[]): number => shape.reduce((a, b) => a * b, 1);
