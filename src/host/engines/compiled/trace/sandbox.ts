import * as tf from '@tensorflow/tfjs';
import { NotCompilableError } from '../graph';
import { TRACE_BACKEND, traceBackend } from './backend';
import { personsLineNow, STACK_FRAMES } from './madeAt';
import type { Held, Recording } from './recording';

/** Apart by more than any step takes, so that a step that reads the clock is seen to differ from the next. */
const TRACE_APART_MS = 86_400_000;

/**
 * Runs `work` on the trace backend, every variable standing for what `variableHeld` gives; whatever happens, TensorFlow.js and
 * JavaScript are afterwards as they were: backend, variables, counts of tensors, tape, Math.random, Date.now. Only a tensor from outside that
 * `work` disposes is gone.
 */
export function inSandbox<T>(recording: Recording, variableHeld: (variable: tf.Variable) => Held, work: () => T): T {
  const engine = tf.engine();
  const { state } = engine;
  const previous = engine.backendName ?? (tf.backend(), engine.backendName);
  const { numTensors, numBytes, numDataBuffers, numStringTensors, activeTape, gradientDepth, kernelDepth, activeScope } = state;
  const scopeStack = [...state.scopeStack];
  const registeredVariables = { ...state.registeredVariables };
  const variables = Object.values(registeredVariables).map((variable) => ({ variable, dataId: variable.dataId }));
  const [random, now, stackTraceLimit] = [Math.random, Date.now, Error.stackTraceLimit];
  const debug = tf.env().getBool('DEBUG');
  const backend = traceBackend();
  backend.recording = recording;
  const traced: object[] = [];
  const disposed: tf.Tensor[] = [];
  const dispose = engine.disposeTensor;
  try {
    void engine.setBackend(TRACE_BACKEND); // synchronous, since the backend's factory is
    if (debug) tf.env().set('DEBUG', false); // its checks read each result
    Error.stackTraceLimit = STACK_FRAMES;
    Math.random = () => recording.noise.seed();
    Date.now = () => now() + recording.noise.round * TRACE_APART_MS;
    engine.makeVariable = () => recording.refuse(new NotCompilableError('A variable or a layer is made inside the training step: make it in the builder, once.', personsLineNow()));
    engine.disposeTensor = (tensor) => {
      if (recording.references(tensor.dataId) > 0) dispose.call(engine, tensor);
      else disposed.push(tensor); // from outside: not while it is counted as it was before
    };
    for (const { variable } of variables) {
      const dataId = recording.hold(variableHeld(variable));
      traced.push(dataId);
      // Known to TensorFlow.js, so that assign() may free it.
      state.tensorInfo.set(dataId, { backend, dtype: variable.dtype, shape: variable.shape, bytes: 0 });
      variable.dataId = dataId;
    }
    engine.startScope('trace');
    const result = work();
    engine.endScope();
    return result;
  } finally {
    Reflect.deleteProperty(engine, 'makeVariable');
    Reflect.deleteProperty(engine, 'disposeTensor');
    if (debug) tf.env().set('DEBUG', true);
    Error.stackTraceLimit = stackTraceLimit;
    [Math.random, Date.now] = [random, now];
    for (const { variable, dataId } of variables) variable.dataId = dataId;
    for (const dataId of [...recording.left(), ...traced]) state.tensorInfo.delete(dataId); // a tensor that the person kept is dead, and no longer counted
    Object.assign(state, { numTensors, numBytes, numDataBuffers, numStringTensors, activeTape, gradientDepth, kernelDepth, activeScope, scopeStack, registeredVariables });
    backend.recording = undefined;
    void engine.setBackend(previous);
    for (const tensor of disposed) engine.disposeTensor(tensor);
  }
}
