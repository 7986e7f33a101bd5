import { firstVisible, gpusOfThisProcess } from '../../../components/nvidia';
import { inspectTensorflow } from '../../../components/tensorflow';
import { startBackend } from '../backends';
import { EngineUnavailableError, type Engine } from '../engine';
import { TfjsProgram, type BackendsOwn } from '../tfjsProgram';
import { explainTensorflow } from './failures';

/** The component is not there at all: nobody asked for it. */
export class TensorflowAbsentError extends EngineUnavailableError {
  constructor() { super('The TensorFlow engine is not set up on this machine. Set it up by the command "VAE Lab: Set Up TensorFlow Engine", or by vae-lab setup-engine tensorflow.'); }
}

/** TensorFlow's own library, from the component that was set up on this machine: a training step is one graph. @throws EngineUnavailableError */
export async function startTensorflow(): Promise<Engine> {
  const component = await inspectTensorflow();
  if (component.kind === 'absent') throw new TensorflowAbsentError();
  if (component.kind === 'broken') throw new EngineUnavailableError(component.why);
  const { GraphProgram, makeOptimizer, registerTensorflow, squaredNorm } = await import('./library'); // its kernels are read only where they are used
  const { binding, usesGpu } = registerTensorflow(component.binding);
  await startBackend('tensorflow');
  const own: BackendsOwn = { makeOptimizer, squaredNorm, explain: explainTensorflow };
  const gpus = component.variant === 'gpu' ? await gpusOfThisProcess() : [];
  const card = usesGpu ? firstVisible(gpus) : undefined;
  const device = usesGpu ? `GPU, ${card?.name ?? 'NVIDIA'}, TensorFlow ${binding.TF_Version}` : `CPU, TensorFlow ${binding.TF_Version}`;
  const mayHang = usesGpu || process.env['VAE_LAB_DEVICE_MS'] !== undefined;
  const eager: Engine = { name: 'tensorflow', device, mayHang, build: (model, seed, imageShape, data) => TfjsProgram.build('tensorflow', model, seed, imageShape, data, own) };
  const engine: Engine = { name: 'tensorflow', device, mayHang, eager, build: (model, seed, imageShape, data) => GraphProgram.build(binding, `${device}, ${card?.driver ?? ''}`, model, seed, imageShape, data) };
  if (usesGpu) return { ...engine, slowStart: 'Building the model; on a card that TensorFlow does not know yet its kernels are compiled first, which takes minutes once' };
  if (component.variant === 'gpu') return { ...engine, notice: `TensorFlow was set up for a GPU and found none that it can use (${gpus[0] ? `${gpus[0].name} with driver ${gpus[0].driver}` : 'nvidia-smi finds none'}). Training runs on the CPU.` };
  return engine;
}
