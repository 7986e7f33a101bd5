// What the binding of the TensorFlow component is compiled from on the user's machine: the C++ files of @tensorflow/tfjs-node-gpu, mended.
import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';

const failed = '    NAPI_THROW_ERROR(env, "Exception creating TFE_Context");\n';
/**
 * While a product of oneDNN's runs its thread's stack pointer points into the heap, and a signal that comes then writes its frame there (https://github.com/uxlfoundation/oneDNN/issues/4845): a child
 * process that ends, or a profiler, took the training process down, or its numbers. Threads that TensorFlow starts meanwhile have no signals either.
 */
const noSignals = `
#ifndef _WIN32
#include <pthread.h>
#include <signal.h>
#endif

namespace {
/** On this thread no signal is taken while one of these lives, but for those that tell of its own faults. */
class NoSignals {
#ifndef _WIN32
 public:
  NoSignals() {
    sigset_t all;
    sigfillset(&all);
    for (int fault : {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGTRAP, SIGABRT}) sigdelset(&all, fault);
    pthread_sigmask(SIG_BLOCK, &all, &before_);
  }
  ~NoSignals() { pthread_sigmask(SIG_SETMASK, &before_, nullptr); }
  NoSignals(const NoSignals &) = delete;

 private:
  sigset_t before_;
#endif
};
}  // namespace
`;
const options = '  TFE_ContextOptions *tfe_options = TFE_NewContextOptions();\n';
/** ConfigProto's intra_op_parallelism_threads, field 2, for operations that are called one by one. */
const ownThreads = `  if (const char *threads = getenv("VAE_LAB_EAGER_THREADS")) {
    const char config[] = {0x10, static_cast<char>(std::max(1, std::min(127, atoi(threads))))};
    TFE_ContextOptionsSetConfig(tfe_options, config, sizeof(config), tf_status.status);
    if (TF_GetCode(tf_status.status) != TF_OK) {
      NAPI_THROW_ERROR(env, "%s", TF_Message(tf_status.status));
      return;
    }
  }
`;
const calls = ['  tfe_context_ = TFE_NewContext(', '  TFE_Execute(', '  TF_Session *session = TF_LoadSessionFromSavedModel(', '  TF_SessionRun('];

/** What stands there, what is to stand there instead, and how often. `BINDING_VERSION` tells components that were compiled before a change from those after. */
const mends = [
  // A card whose memory is taken, or that another program has for itself, gives no context: its constructor went on without one and took the process down. It says why, too.
  [failed, '    NAPI_THROW_ERROR(env, "%s", TF_Message(tf_status.status));\n    return;\n', 2],
  // Of several cards the first computes, as in a graph; the last did.
  ['strcmp(device_type, "GPU") == 0)', 'strcmp(device_type, "GPU") == 0 && device_name.empty())', 1],
  ['#include "utils.h"\n', `#include "utils.h"\n#include <cstdlib>\n${noSignals}`, 1],
  [options, `${options}${ownThreads}`, 1],
  ...calls.map((call) => [call, `  const NoSignals no_signals;\n${call}`, 1]),
];

/** Copies them. @throws Error where the package is not as it was mended for */
export function copyBindingSources(from, to) {
  cpSync(from, to, { recursive: true });
  const file = path.join(to, 'tfjs_backend.cc');
  let text = readFileSync(file, 'utf8');
  for (const [is, mended, times] of mends) {
    const parts = text.split(is);
    if (parts.length !== times + 1) throw new Error(`${file} holds "${is.trim()}" ${parts.length - 1} times, not ${times}: the package has changed.`);
    text = parts.join(mended);
  }
  writeFileSync(file, text);
}
