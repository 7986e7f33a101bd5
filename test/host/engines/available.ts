/** Engines that the tests run on: TensorFlow where its component is, which scripts/test.mjs sets up, saying loudly where it cannot. */
export const hasTensorflow = process.env['VAE_LAB_COMPONENTS'] !== undefined && process.env['VAE_LAB_NO_TENSORFLOW'] === undefined;

const vulkan = process.env['VAE_LAB_VULKAN'];
/** Whether there is a graphics card made of software, which scripts/test.mjs sets up. */
export const hasVulkan = vulkan !== undefined;
/** What a process must be started with to find it, and no other. */
export const vulkanEnvironment = vulkan === undefined ? {} : { LD_LIBRARY_PATH: vulkan, VK_ICD_FILENAMES: `${vulkan}/driver.json`, VK_DRIVER_FILES: `${vulkan}/driver.json` };
