/** Engines that the tests run on: TensorFlow where its component is, which scripts/test.mjs sets up, saying loudly where it cannot. */
export const hasTensorflow = process.env['VAE_LAB_COMPONENTS'] !== undefined && process.env['VAE_LAB_NO_TENSORFLOW'] === undefined;
