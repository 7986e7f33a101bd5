import type { Duplex } from 'node:stream';
import { AbstractMessageReader, AbstractMessageWriter, createMessageConnection, Disposable, ErrorCodes, type DataCallback, type Message, type MessageConnection, type MessageReader, type MessageWriter } from 'vscode-jsonrpc/node';
import { encodeFrame, FrameError, FrameReader, MAX_FRAME_BYTES } from './frames';

export interface ConnectionOptions {
  /** How large a frame may be that comes in, in bytes. */
  readonly limit?: () => number;
  /** What came in cannot be taken: the connection is then closed. */
  readonly onFault?: (error: Error) => void;
}

class SocketReader extends AbstractMessageReader implements MessageReader {
  constructor(private readonly socket: Duplex, private readonly limit: () => number) { super(); }
  listen(callback: DataCallback): Disposable {
    const frames = new FrameReader(this.limit);
    this.socket.on('data', (chunk: Buffer) => {
      try {
        for (const message of frames.push(chunk)) callback(messageOf(message));
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
      this.socket.write(frameOf(message), (error) => { if (error) reject(error); else resolve(); });
    });
  }
  end(): void { this.socket.end(); }
}

/** An answer that is too large is an error to who asked, who would wait for ever else. @throws FrameError where nobody waits */
function frameOf(message: Message): Buffer {
  try {
    return encodeFrame(message);
  } catch (error) {
    if (!(error instanceof FrameError) || !('id' in message) || !('result' in message)) throw error;
    return encodeFrame({ jsonrpc: message.jsonrpc, id: message.id, error: { code: ErrorCodes.InternalError, message: error.message } });
  }
}

/** A JSON-RPC message has an object's shape; each one's params are validated where they are used. @throws FrameError */
function messageOf(value: unknown): Message {
  if (typeof value === 'object' && value !== null && 'jsonrpc' in value && value.jsonrpc === '2.0') return value as Message;
  throw new FrameError('A frame holds no message.');
}

/** JSON-RPC over a socket; call `listen()` when the handlers are set. Pending requests are rejected when it closes. */
export function createSocketConnection(socket: Duplex, { limit = () => MAX_FRAME_BYTES, onFault }: ConnectionOptions = {}): MessageConnection {
  const connection = createMessageConnection(new SocketReader(socket, limit), new SocketWriter(socket));
  connection.onClose(() => { connection.dispose(); }); // else pending requests never settle
  connection.onError(([error]) => { onFault?.(error); }); // for others the close that follows says it
  return connection;
}
