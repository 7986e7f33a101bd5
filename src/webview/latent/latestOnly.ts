/**
 * Runs one request at a time; of those asked for meanwhile only the newest is made. So a drag never queues up, and its end is always shown.
 */
export function latestOnly<T>(work: (value: T) => Promise<void>): (value: T) => void {
  let busy = false;
  let waiting: { readonly value: T } | undefined;
  const run = async (value: T): Promise<void> => {
    busy = true;
    try {
      await work(value);
    } finally {
      busy = false;
      const next = waiting;
      waiting = undefined;
      if (next) void run(next.value);
    }
  };
  return (value) => {
    if (busy) waiting = { value };
    else void run(value);
  };
}
