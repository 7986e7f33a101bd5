/** Classes counted from 0, [count], as rows of zeros with a one: [count, classes]. @throws RangeError */
export function oneHot(labels: Int32Array, classes: number): Float32Array {
  const rows = new Float32Array(labels.length * classes);
  labels.forEach((label, i) => {
    if (label < 0 || label >= classes) throw new RangeError(`There is no class ${label}: the data have ${classes}, counted from 0.`);
    rows[i * classes + label] = 1;
  });
  return rows;
}
