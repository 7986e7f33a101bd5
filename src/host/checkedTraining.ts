import type { Gate } from '../protocol/run';
import type { GateVerdict } from './engines/gate';
import { EngineLostError, UnsupportedModelError } from './engines/index';
import { WrongGradientsError } from './gradientCheck';
import { DivergedError, type Trainer, type TrainerListener } from './training/index';

/** A comparison of gradients that goes on while training does. */
export interface Check {
  /** Never rejects. */
  readonly gate: Promise<Gate>;
  readonly engine: string;
  /** Ends the comparison; `gate` then settles soon. */
  end(): void;
  /** Must not reject. */
  onGate(gate: Gate): Promise<void>;
}

/** Trains; where the gradients turn out wrong, it ends at once, and where training ends first, as it should, with a loss that is not finite or without its engine, the verdict is waited for. @throws WrongGradientsError, or as the trainer */
export async function runChecked(trainer: Trainer, listener: TrainerListener, check: Check | undefined): Promise<'completed' | 'stopped'> {
  let wrong: GateVerdict | undefined;
  const checked = check?.gate.then(async (gate) => {
    await check.onGate(gate);
    if (!('passed' in gate) || gate.passed) return;
    wrong = gate;
    trainer.stop();
  });
  const [ran] = await Promise.allSettled([trainer.run(listener)]);
  const isWaitedFor = ran.status === 'fulfilled' ? ran.value === 'completed' : [DivergedError, UnsupportedModelError, EngineLostError].some((kind) => ran.reason instanceof kind);
  if (!wrong && !isWaitedFor) check?.end();
  await checked;
  if (check && wrong) throw new WrongGradientsError(check.engine, wrong);
  if (ran.status === 'rejected') throw ran.reason;
  return ran.value;
}
