/** Whether a place lies in a polygon [x0, y0, x1, y1, ...], by how often a ray to the right crosses its edges. */
function inside(polygon: ArrayLike<number>, x: number, y: number): boolean {
  let within = false;
  const corners = polygon.length / 2;
  for (let i = 0, j = corners - 1; i < corners; j = i++) {
    const [xi, yi, xj, yj] = [polygon[2 * i] ?? 0, polygon[2 * i + 1] ?? 0, polygon[2 * j] ?? 0, polygon[2 * j + 1] ?? 0];
    if ((yi > y) !== (yj > y) && x < (xj - xi) * (y - yi) / (yj - yi) + xi) within = !within;
  }
  return within;
}

/** Indices of the points [n, 2] that lie in a polygon. */
export function pointsInside(points: Float32Array, polygon: ArrayLike<number>): number[] {
  const found: number[] = [];
  for (let i = 0; i < points.length / 2; i++) if (inside(polygon, points[2 * i] ?? 0, points[2 * i + 1] ?? 0)) found.push(i);
  return found;
}
