import type { Duplex } from 'node:stream';
import { AbstractMessageReader, AbstractMessageWriter, createMessageConnection, Disposable, type DataCallback, type Message, type MessageConnection, type MessageReader, type MessageWriter } from 'vscode-jsonrpc/node';
import { encodeFrame, FrameReader } from './frames';

class SocketReader extends AbstractMessageReader implements MessageReader {
  constructor(private readonly socket: Duplex) { super(); }
  listen(callback: DataCallback): Disposable {
    const frames = new FrameReader();
    this.socket.on('data', (chunk: Buffer) => {
      try {
        for (const message of frames.push(chunk)) callback(message as Message); // each message's params are validated where they are used
      } catch (error) {
        this.fireError(error);
        this.socket.destroy();
      }
    });
    this.socket.on('error', (error) => { this.fireError(error); });
    this.socket.on('close', () => { this.fireClose(); });
    return Disposable.create(() => { this.socket.removeAllListeners('data'); });
  }
}

class SocketWriter extends AbstractMessageWriter implements MessageWriter {
  constructor(private readonly socket: Duplex) { super(); }
  write(message: Message): Promise<void> {
    return new Promise((resolve, reject) => {
      if (this.socket.destroyed) { reject(new Error('The connection is closed.')); return; }
      this.socket.write(encodeFrame(message), (error) => { if (error) reject(error); else resolve(); });
    });
  }
  end(): void { this.socket.end(); }
}

/** JSON-RPC over a socket; call `listen()` when the handlers are set. Pending requests are rejected when it closes. */
export function createSocketConnection(socket: Duplex): MessageConnection {
  const connection = createMessageConnection(new SocketReader(socket), new SocketWriter(socket));
  connection.onClose(() => { connection.dispose(); }); // else pending requests never settle
  connection.onError(() => { /* the close that follows says it */ });
  return connection;
}
