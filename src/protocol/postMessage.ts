import { AbstractMessageReader, AbstractMessageWriter, createMessageConnection, Disposable, type DataCallback, type Message, type MessageConnection, type MessageReader, type MessageWriter } from 'vscode-jsonrpc';

/** A pair of functions that carry messages as structured clones, typed arrays included. */
export interface Port {
  post(message: Message): void;
  /** Returns a disposer. */
  listen(listener: (message: unknown) => void): () => void;
}

const isMessage = (value: unknown): value is Message => typeof value === 'object' && value !== null && 'jsonrpc' in value && value.jsonrpc === '2.0';

class PortReader extends AbstractMessageReader implements MessageReader {
  constructor(private readonly port: Port) { super(); }
  listen(callback: DataCallback): Disposable {
    return Disposable.create(this.port.listen((message) => { if (isMessage(message)) callback(message); }));
  }
}
class PortWriter extends AbstractMessageWriter implements MessageWriter {
  constructor(private readonly port: Port) { super(); }
  write(message: Message): Promise<void> {
    this.port.post(message);
    return Promise.resolve();
  }
  end(): void { /* whoever made the port ends it */ }
}

/** JSON-RPC over postMessage; call `listen()` when the handlers are set. Foreign messages are passed over. */
export function createPortConnection(port: Port): MessageConnection {
  return createMessageConnection(new PortReader(port), new PortWriter(port));
}
